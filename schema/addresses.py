"""Signed addresses of files, made for who asks."""

from typing import Any
from uuid import UUID

from domain.support.permits import Purpose
from resolvers.context import Info


def address_of(purpose: Purpose, file_id: UUID, info: Info) -> dict[str, Any]:
    """Where a file goes to or comes from, and until when that is good."""
    url, expires_at = info.context.facilities.uploads.address(purpose, file_id, info.context.actor)
    return {"url": url, "expires_at": expires_at}
