"""Every SELECT of what the platform publishes for everybody; calendars are in `domain.support.calendars`."""

from typing import Any

from sqlalchemy import Select

from authz import binds
from authz.grant import Grant
from domain.support.model import Agreement, AgreementKind


def current_agreement(grant: Grant, kind: AgreementKind) -> Select[Any]:
    """The newest published version of a text that must be accepted (A12, D22)."""
    return (
        grant.rows_of(Agreement)
        .where(Agreement.kind == kind, Agreement.published_at <= binds.NOW)
        .order_by(Agreement.published_at.desc(), Agreement.version.desc())
        .limit(1)
    )
