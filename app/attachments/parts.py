"""Puts the ways of files together."""

import hmac
from functools import partial

from starlette.routing import Route

from app.attachments.bearers import Bearers
from app.attachments.downloads import DownloadRoute, Finder
from app.attachments.uploads import UploadRoute
from app.clock import Clock
from app.sign_in.callers import Authentication
from domain.exports.downloads import export_file_for
from domain.support.objects import ObjectStore
from domain.support.permits import Purpose
from domain.support.scanning import Scanner
from domain.support.uploads import Uploads
from domain.tickets.downloads import file_for
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
    attached = partial(file_for, scanned=uploads.scanner is not None)
    finders: dict[Purpose, Finder] = {Purpose.DOWNLOAD: attached, Purpose.EXPORT: export_file_for}
    receiving = UploadRoute(database, uploads, bearers, clock)
    handing_out = [DownloadRoute(database, uploads, bearers, *each) for each in finders.items()]
    return [*receiving.routes(), *(route for each in handing_out for route in each.routes())]
