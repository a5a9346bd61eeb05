"""What clairvoyance learns of the schema by guessing names, where introspection and suggestions are off."""

import json
from pathlib import Path
from typing import Any

from graphql import GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType, build_schema

from tests.support.platform import Platform
from tests.support.processes import ROOT
from tests.support.tools import ENVIRONMENT, tool

ROOTS = {"Query", "Mutation"}


def learned(platform: Platform, email: str, folder: Path) -> str:
    """Names that it learned, although it was told every name that there is; nothing where it learned none."""
    words, output = folder / "words", folder / "learned.json"
    words.write_text("\n".join(sorted(own_names() | packaged_names())))
    header = f"Authorization: Bearer {platform.token(email)}"
    run = tool("clairvoyance", f"{platform.url}/graphql", "-w", words, "-o", output, "-H", header, "-p", "fast")
    if not output.exists():
        return "" if "Unable to get TypeRef" in run.stderr else f"clairvoyance did not run: {run.stderr}"
    return ", ".join(fields(json.loads(output.read_text())))


def own_names() -> set[str]:
    """Every field, argument and input field of the schema."""
    names: set[str] = set()
    for kind in build_schema((ROOT / "schema" / "schema.graphql").read_text()).type_map.values():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            names |= {name for field in kind.fields.values() for name in field.args}
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            names |= set(kind.fields)
    return {name for name in names if not name.startswith("__")}


def packaged_names() -> set[str]:
    """The words that clairvoyance brings along."""
    (path,) = ENVIRONMENT.glob("lib/*/site-packages/clairvoyance/wordlist.txt")
    return set(path.read_text().split())


def fields(schema: dict[str, Any]) -> list[str]:
    """The fields of a schema in introspection's form."""
    types = schema["data"]["__schema"]["types"]
    return [f"{kind['name']}.{field['name']}" for kind in types for field in kind.get("fields") or []]
