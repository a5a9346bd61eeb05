"""Files that come by mail: taken in as uploads are, or refused by name (A11, A12, C14; docs/adr/0018)."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from authz.gate import Gate, requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.base import new_id
from domain.errors import ErrorCode, Problem, Problems, RefusedError, refuse
from domain.support.media_types import ANYTHING, HEAD, WrongTypeError, verified
from domain.support.scanning import ScanError, Scanner
from domain.support.uploads import Uploads
from domain.tickets.attachments import MOST_FILES, Files, RefusedFile, check_agreement
from domain.tickets.files import Sent, add_file, new_key


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that came with a mail: what it was called and said to be, both harmless, and its bytes."""

    name: str
    media_type: str
    content: bytes


class Intake:
    """The files of one mail on their way into a message; `ids` are those that were taken in."""

    def __init__(self, uploads: Uploads, enclosed: Sequence[Enclosure]) -> None:
        self.enclosed = enclosed
        self.ids: list[UUID] = []
        self.refused: list[RefusedFile] = []
        self._uploads = uploads
        self._keys: list[str] = []

    async def take(self, gate: Gate, agreement_version: str | None) -> Files:
        """Make uploads of the gate's actor of them; what is refused is noted, with the first reason."""
        if not self.enclosed:
            return Files()
        problems = await _problems(gate, agreement_version)
        for file in self.enclosed:
            try:
                problems.refuse_if_any()
                self.ids.append(await self._take(gate, file))
            except RefusedError as error:
                self.refused.append(_refused(file, error.problems[0]))
        return Files(tuple(self.ids), agreement_version)

    async def discard(self) -> None:
        """Throw away what was stored: no message has come of it."""
        await asyncio.shield(self._uploads.store.delete(*self._keys))

    async def _take(self, gate: Gate, file: Enclosure) -> UUID:
        if len(self.ids) >= MOST_FILES:
            message = f"The mail has {len(self.enclosed)} files; at most {MOST_FILES} are taken in."
            refuse(ErrorCode.LIMIT_EXCEEDED, message)
        if self._uploads.scanner is not None and await _is_infected(self._uploads.scanner, file):
            refuse(ErrorCode.FILE_QUARANTINED, "The scanner has found malware in this file.")
        file_id = new_id()
        key = new_key(file_id)
        self._keys.append(key)
        sent = Sent(file.name, _announced(file), len(file.content), _chunks(file))
        return await add_file(gate, self._uploads.store, file_id, key, sent)


@requires(Permission.TICKET_REPLY)
async def _problems(grant: Grant, agreement_version: str | None) -> Problems:
    problems = Problems()
    await check_agreement(grant, agreement_version, problems)
    return problems


def _announced(file: Enclosure) -> str:
    """What the mail program said, if the content bears it out: its sender did not choose it, and gets what is found."""
    try:
        return verified(file.media_type, file.content[:HEAD])
    except WrongTypeError:
        return ANYTHING


async def _is_infected(scanner: Scanner, file: Enclosure) -> bool:
    """Whether it is; where the scanner does not say, it is asked again once the file is stored."""
    try:
        return await scanner.scan(_chunks(file)) is not None
    except ScanError:
        return False


async def _chunks(file: Enclosure) -> AsyncIterator[bytes]:
    yield file.content


def _refused(file: Enclosure, problem: Problem) -> RefusedFile:
    return RefusedFile(file.name, problem.code, problem.message)
