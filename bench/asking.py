"""Putting questions to contenders, and finding out whether they answer right."""

import re
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from bench.contender import Variables, body
from bench.load import UNIQUE
from bench.targets import Target

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


@dataclass(frozen=True, slots=True)
class Message:
    """A request, and the answer: the `expected` body, or, unless `exact`, a part of it."""

    path: str
    headers: dict[str, str]
    body: str
    expected: str
    exact: bool = True


def message(target: Target, token: str, question: str, variables: Variables) -> Message | None:
    """How a contender is asked, and what it answers; None where it does not."""
    asked = target.contender.asks(question, variables)
    if asked is None:
        return None
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Accept-Encoding": "identity"}
    content = body(asked)
    sent = content.replace(UNIQUE.decode(), uuid.uuid4().hex).encode()
    answer = httpx.post(f"{target.url}{asked[0]}", content=sent, headers=headers, timeout=60)
    if answer.status_code != 200 or "errors" in answer.json():
        raise SystemExit(f"{target.name}, {question}: {answer.status_code} {answer.text[:3000]}")
    return Message(asked[0], headers, content, answer.text)


def normal(target: Target, question: str, data: Any) -> Any:
    """The `data` of an answer, in a form in which those of all contenders are equal."""
    return plain(target.contender.normal(question, data))


def plain(value: Any) -> Any:
    """Times as times, however they are written; without cursors, which are everybody's own."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items() if name != "endCursor"}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, str) and TIME.match(value):
        return datetime.fromisoformat(value)
    return value


def difference(found: Any, wanted: Any, path: str = "data") -> str | None:
    """The first place where two answers differ; None where they do not."""
    if isinstance(found, dict) and isinstance(wanted, dict) and found.keys() == wanted.keys():
        pairs = [(found[name], wanted[name], f"{path}.{name}") for name in wanted]
    elif isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        pairs = [(*pair, f"{path}[{place}]") for place, pair in enumerate(zip(found, wanted, strict=True))]
    else:
        return None if found == wanted else f"{path}: {str(found)[:500]} instead of {str(wanted)[:500]}"
    return next((told for pair in pairs if (told := difference(*pair))), None)
