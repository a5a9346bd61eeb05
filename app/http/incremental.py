"""How an answer in parts is written, in each of the formats that clients read; JSON values, no framing.

- v0.2 (Apollo Client 4): what comes is announced with an id, delivered by the id, and completed.
- 2022-08-24 (Apollo, urql, Relay): each increment carries its path and label.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from app.http.negotiation import IncrementalFormat
from execution.parts.incremental import DeferredPart, Part, Pending, StreamedPart

Present: TypeAlias = Callable[[Sequence[Exception]], list[dict[str, Any]]]
"""Errors as the response has them (app/http/masking.py)."""

Payload: TypeAlias = dict[str, Any]


class Writer(Protocol):
    """Makes payloads, without `hasNext`, which is the same in all formats."""

    def __init__(self, present: Present) -> None: ...

    def announced(self, pending: Iterable[Pending], /) -> Payload:
        """What the first payload has beside its data and errors."""

    def increments(self, parts: Sequence[Part]) -> Payload:
        """The payload of parts that are ready together."""

    def broken(self, error: Exception, pending: Iterable[Pending], /) -> Payload:
        """The last payload, when `pending` will not come."""


class WriterV02:
    """`pending`, `incremental` and `completed`, which refer to each other by id."""

    def __init__(self, present: Present) -> None:
        self._present = present

    def announced(self, pending: Iterable[Pending]) -> Payload:
        """The ids, paths and labels of what comes."""
        shown = [{"id": each.id, "path": each.path} | _label(each) for each in pending]
        return {"pending": shown} if shown else {}

    def increments(self, parts: Sequence[Part]) -> Payload:
        """What begins, what came, what has ended; a part that failed has only ended."""
        payload = self.announced(each for part in parts for each in part.announced)
        incremental = [self._increment(part) for part in parts if _has_content(part) and not _failed(part)]
        completed = [self._completion(part) for part in parts if _completes(part)]
        return payload | _unless_empty("incremental", incremental) | _unless_empty("completed", completed)

    def broken(self, error: Exception, pending: Iterable[Pending]) -> Payload:
        """Everything ends with the error."""
        errors = self._present([error])
        return {"completed": [{"id": each.id, "errors": errors} for each in pending]}

    def _increment(self, part: Part) -> Payload:
        return {"id": part.pending.id} | _content(part) | self._errors(part)

    def _completion(self, part: Part) -> Payload:
        return {"id": part.pending.id} | (self._errors(part) if _failed(part) else {})

    def _errors(self, part: Part) -> Payload:
        return {"errors": self._present(part.errors)} if part.errors else {}


class Writer2022:
    """`incremental` alone: a fragment has its object's path, items have the position of the first of them."""

    def __init__(self, present: Present) -> None:
        self._present = present

    def announced(self, _pending: Iterable[Pending]) -> Payload:
        """Nothing: this format does not tell what comes."""
        return {}

    def increments(self, parts: Sequence[Part]) -> Payload:
        """What came, with null in the place of what failed."""
        return _unless_empty("incremental", [self._increment(part) for part in parts if _has_content(part)])

    def broken(self, error: Exception, _pending: Iterable[Pending]) -> Payload:
        """An error of the whole answer: what was streamed so far stays as it is."""
        return {"errors": self._present([error])}

    def _increment(self, part: Part) -> Payload:
        path = part.pending.path
        shown = {**_content(part), "path": (*path, part.index) if isinstance(part, StreamedPart) else path}
        errors = {"errors": self._present(part.errors)} if part.errors else {}
        return shown | _label(part.pending) | errors


WRITERS: Mapping[IncrementalFormat, type[Writer]] = {
    IncrementalFormat.V0_2: WriterV02,
    IncrementalFormat.V2022_08_24: Writer2022,
}


def ended(parts: Iterable[Part]) -> set[str]:
    """The ids of the pendings that these parts complete."""
    return {part.pending.id for part in parts if _completes(part)}


def _completes(part: Part) -> bool:
    return isinstance(part, DeferredPart) or part.completed or _failed(part)


def _failed(part: Part) -> bool:
    return (part.data if isinstance(part, DeferredPart) else part.items) is None


def _has_content(part: Part) -> bool:
    """Whether the part is more than the end of a list."""
    return isinstance(part, DeferredPart) or part.items != [] or bool(part.errors)


def _content(part: Part) -> Payload:
    return {"data": part.data} if isinstance(part, DeferredPart) else {"items": part.items}


def _label(pending: Pending) -> Payload:
    return {} if pending.label is None else {"label": pending.label}


def _unless_empty(name: str, values: list[Payload]) -> Payload:
    return {name: values} if values else {}
