"""Puts the ways of files together."""

import hmac

from starlette.routing import Route

from app.attachments.bearers import Bearers
from app.attachments.downloads import DownloadRoute
from app.attachments.uploads import UploadRoute
from app.clock import Clock
from app.sign_in.callers import Authentication
from domain.support.objects import ObjectStore
from domain.support.scanning import Scanner
from domain.support.uploads import Uploads
from tenancy.database import Database


def uploads_of(objects_url: str, secret: str, scanner_url: str | None = None) -> Uploads:
    """The place for files of this installation; addresses are signed with a key of their own."""
    return Uploads(
        ObjectStore.from_url(objects_url),
        hmac.digest(secret.encode(), b"uploads", "sha256"),
        Scanner.from_url(scanner_url) if scanner_url else None,
    )


def file_routes(database: Database, uploads: Uploads, authentication: Authentication, clock: Clock) -> list[Route]:
    """The routes for the application."""
    bearers = Bearers(database, uploads, authentication, clock)
    receiving, handing_out = UploadRoute(database, uploads, bearers, clock), DownloadRoute(database, uploads, bearers)
    return [*receiving.routes(), *handing_out.routes()]
