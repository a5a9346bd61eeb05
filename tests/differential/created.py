"""Names for what an operation has created: ids, cursors and instants are others each time that it runs."""

import base64
import binascii
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson

UUIDS: Final = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?7[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}")
INSTANTS: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00")
TOKEN: Final = re.compile(r"(?<=token=)[^&]+")
SECRET: Final = re.compile(r"whsec_[\w+/=]+")


@dataclass(slots=True)
class Names:
    """Calls what was created at `since` (by the server's clock) or later by the order in which it appears."""

    since: datetime
    _known: dict[str, str] = field(default_factory=dict)

    def of(self, value: Any) -> Any:
        """The same value, with names in the place of ids."""
        if isinstance(value, dict):
            return {key: self.of(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.of(each) for each in value]
        return self._text(value) if isinstance(value, str) else value

    def _text(self, text: str) -> str:
        cursor = _cursor(text)
        if cursor is not None:
            return f"cursor {self.of(cursor)}"
        text = SECRET.sub("secret", TOKEN.sub("signed", UUIDS.sub(self._name, text)))
        return INSTANTS.sub(self._instant, text)

    def _instant(self, found: re.Match[str]) -> str:
        return "later" if datetime.fromisoformat(found[0]) >= self.since else found[0]

    def _name(self, found: re.Match[str]) -> str:
        key = UUID(found[0]).hex
        if int(key[:12], 16) < int(self.since.timestamp() * 1000):
            return found[0]
        return self._known.setdefault(key, f"created{len(self._known)}")


def _cursor(text: str) -> Any:
    try:
        values = orjson.loads(base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True))
    except (binascii.Error, ValueError):
        return None
    return values if isinstance(values, list) else None
