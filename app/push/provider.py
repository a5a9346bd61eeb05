"""What a push provider is, and the one that there is by default: none."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Protocol
from uuid import UUID

from domain.notifications.model import DevicePlatform
from domain.tickets.notifications import NotificationKind


@dataclass(frozen=True, slots=True)
class Push:
    """Word for one device: where something happened and of what kind, and nothing of what was said.

    `event_id` is the same at every attempt, so that what arrives twice is shown once. `ticket_id` is the global id.
    """

    event_id: UUID
    kind: NotificationKind
    ticket_id: str
    number: str
    platform: DevicePlatform
    app_id: str
    token: str
    registered_at: datetime


class Verdict(Enum):
    """What became of an attempt."""

    TAKEN = auto()
    FAILED = auto()
    """Another attempt may succeed."""
    DEAD = auto()
    """The token leads to no device any more."""


class PushProvider(Protocol):
    """Knows the platforms' push services. Adding one is writing these two methods."""

    async def send(self, push: Push) -> Verdict:
        """Hand it over; whatever goes wrong is told, not raised."""
        ...

    async def close(self) -> None:
        """Give up what it holds."""
        ...


class NoProvider:
    """Takes everything and sends nothing: devices can be registered before anybody decides how to reach them."""

    async def send(self, _push: Push) -> Verdict:
        """Nothing."""
        return Verdict.TAKEN

    async def close(self) -> None:
        """Nothing."""
