"""Operations that schemathesis makes from the schema, valid ones and invalid ones, sent as one person."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.support.platform import Platform
from tests.support.tools import tool

CHECKS = ("answers_or_refuses", "content_type_conformance", "negative_data_rejection", "response_schema_conformance")
SEED = "20260901"
OBJECTS = (
    "{ customers(first: 2) { nodes { id tenant { id } services(first: 1) { nodes { id } } } } }",
    "{ tickets(first: 2) { nodes { id tenant { id } conversation(first: 1) { nodes { id } } } } }",
    "{ entitlements(first: 1) { nodes { id contract { id } } } }",
    "{ services(first: 1) { nodes { id } } }",
)


def ids(value: Any) -> Iterator[str]:
    """Every id in an answer."""
    if isinstance(value, dict):
        yield from ([value["id"]] if isinstance(value.get("id"), str) else [])
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from ids(each)


def known(platform: Platform, *emails: str) -> list[str]:
    """Ids of what these people see, so that others are tried with them, too."""
    tokens = [platform.token(email) for email in emails]
    answers = [platform.answer(token, query).get("data") for token in tokens for query in OBJECTS]
    return sorted(set(ids(answers)))


def faults(platform: Platform, email: str, objects: list[str], seconds: int) -> str:
    """What schemathesis tells of faults; nothing where it found none."""
    run = tool(
        "schemathesis",
        "run",
        f"{platform.url}/graphql",
        f"--header=Authorization: Bearer {platform.token(email)}",
        f"--checks={','.join(CHECKS)}",
        f"--max-time={seconds}",
        f"--seed={SEED}",
        "--generation-database=none",
        "--suppress-health-check=all",
        "--continue-on-failure",
        "--warnings=off",
        "--no-color",
        BAILIWICK_IDS=" ".join(objects),
        SCHEMATHESIS_HOOKS=str(Path(__file__).with_name("hooks.py")),
    )
    return "" if run.returncode == 0 else run.stdout + run.stderr
