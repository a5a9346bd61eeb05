"""Files as tests announce, send and get them."""

import hmac
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit
from uuid import UUID

import httpx
from sqlalchemy import func, select

from authz.actor import Actor
from domain.support.permits import Bearer, Permit, Purpose, sign
from domain.tickets.model import Attachment
from execution.ids import decode
from tests.schema.asking import UPLOAD, done
from tests.support.app import SECRET, Client, Running

TUS: Final = {"tus-resumable": "1.0.0"}
PIECE: Final = {**TUS, "content-type": "application/offset+octet-stream"}
DOWNLOAD: Final = """query Download($id: ID!) { node(id: $id) { ... on Attachment {
  fileName mediaType size sha256 state scanState
  upload { url expiresAt received } download { url expiresAt }
} } }"""


async def announced(who: Client, size: int, kind: str = "text/plain", name: str = "night.log") -> dict[str, Any]:
    """A file that is about to be sent: its id and its address."""
    given = {"fileName": name, "mediaType": kind, "size": size}
    payload = await done(who, UPLOAD, input=given)
    assert payload["userErrors"] == []
    return {"id": payload["attachment"]["id"], "url": payload["attachment"]["upload"]["url"]}


async def sent(who: Client, content: bytes, kind: str = "text/plain", name: str = "night.log") -> str:
    """The id of a file that has been sent."""
    file = await announced(who, len(content), kind, name)
    response = await who.http.put(file["url"], content=content)
    assert response.status_code == 204, response.text
    return str(file["id"])


async def piece(who: Client, url: str, offset: int, content: bytes, **headers: str) -> httpx.Response:
    """Send what begins at `offset`."""
    return await who.http.patch(url, content=content, headers={**PIECE, "upload-offset": str(offset), **headers})


async def standing(who: Client, url: str) -> int:
    """How many bytes have come, as HEAD tells."""
    response = await who.http.head(url, headers=TUS)
    assert response.status_code == 200
    return int(response.headers["upload-offset"])


async def seen(who: Client, file_id: str) -> dict[str, Any]:
    """The file as its uploader, or a reader of its ticket, sees it."""
    return dict((await who.query(DOWNLOAD, id=file_id)).data["node"])


async def address(who: Client, file_id: str) -> str:
    """Where its bytes come from."""
    return str((await seen(who, file_id))["download"]["url"])


def forged(purpose: Purpose, file_id: str, actor: Actor) -> str:
    """An address as the server would sign it, for whom it would give none."""
    secret = hmac.digest(SECRET.encode(), b"uploads", "sha256")
    expires_at = actor.now.replace(microsecond=0)
    token = sign(purpose, Permit(decode(file_id)[1], Bearer.of(actor)), expires_at.replace(year=2099), secret)
    return f"/{'uploads' if purpose is Purpose.UPLOAD else 'downloads'}?token={token}"


async def actor(client: Running, who: Client) -> Actor:
    """Who stands behind a token."""
    assert who.token is not None
    return await client.sign_in.authentication.actor(who.token)


async def cut(client: Running, method: str, url: str, headers: dict[str, str], *pieces: bytes) -> None:
    """A request whose sender leaves after these bytes, before the rest that it has announced."""
    parts, waiting = urlsplit(url), [*pieces]

    async def receive() -> dict[str, Any]:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(0), "more_body": True}
        return {"type": "http.disconnect"}

    async def send(_message: Any) -> None:
        return None

    scope = {
        "type": "http",
        "method": method,
        "path": unquote(parts.path),
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("bailiwick.example", 80),
        "scheme": "http",
        "root_path": "",
        "http_version": "1.1",
    }
    await client.app(scope, receive, send)


def objects(client: Running) -> list[str]:
    """The keys of everything in the store."""
    folder = Path(client.objects)
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


async def rows(client: Running) -> int:
    """How many files there are, whosever."""
    async with client.session() as session:
        return (await session.execute(select(func.count()).select_from(Attachment))).scalar_one()


def key(file_id: str) -> UUID:
    """The key of a global id."""
    return decode(file_id)[1]
