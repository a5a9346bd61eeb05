"""Files as somebody sends them to the platform, and gets them from it, by HTTP alone."""

from dataclasses import dataclass
from typing import Any, Final

import httpx

from tests.support.platform import Platform

SECONDS: Final = 90.0
ANNOUNCE: Final = """mutation($input: AttachmentUploadCreateInput!) { attachmentUploadCreate(input: $input) {
  attachment { id upload { url } } userErrors { code } } }"""
SEEN: Final = "query($id: ID!) { node(id: $id) { ... on Attachment { state scanState download { url } } } }"
WITHHELD: Final = {"state": "UPLOADED", "scanState": "UNSCANNED", "download": None}
QUARANTINED: Final = {"state": "UPLOADED", "scanState": "INFECTED", "download": None}


@dataclass(frozen=True, slots=True)
class Sender:
    """Somebody who is signed in."""

    platform: Platform
    token: str

    @classmethod
    def of(cls, platform: Platform, email: str = "owner@alder.example") -> "Sender":
        """A demo account."""
        return cls(platform, platform.token(email))

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """The data of an answer."""
        return self.platform.ask(self.token, query, **variables)

    def announced(self, size: int, kind: str = "text/plain") -> tuple[str, str]:
        """The id and the address of a file that is about to be sent."""
        given = {"fileName": "night.log", "mediaType": kind, "size": size}
        payload = self.ask(ANNOUNCE, input=given)["attachmentUploadCreate"]
        assert payload["userErrors"] == []
        return payload["attachment"]["id"], self.platform.url + payload["attachment"]["upload"]["url"]

    def sent(self, content: bytes) -> str:
        """The id of a file that was sent."""
        file, url = self.announced(len(content), "application/octet-stream")
        answer = httpx.put(url, content=content, timeout=SECONDS)
        assert answer.status_code == 204, answer.text
        return file

    def seen(self, file: str) -> dict[str, Any]:
        """What its uploader sees of it."""
        return dict(self.ask(SEEN, id=file)["node"])

    def got(self, file: str) -> bytes:
        """Its bytes."""
        return self.fetched(self.seen(file)["download"]["url"])

    def fetched(self, url: str, **headers: str) -> bytes:
        """The bytes at a signed address, or some of them."""
        answer = httpx.get(self.platform.url + url, headers=headers, timeout=SECONDS)
        assert answer.status_code == (206 if "range" in headers else 200), answer.text
        return answer.content
