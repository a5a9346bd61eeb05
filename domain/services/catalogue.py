"""The services that the platform offers, as data, and with them everything that every installation begins with."""

from typing import Any

from domain.base import Base
from domain.services.model import Service, ServiceFamily
from domain.support import reference
from domain.support.reference import Rows, reference_id

# Key, name, channel, and what differs from a plain cloud service.
SERVICES: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("cloud-backup-m365", "Cloud Backup for Microsoft 365", "portal", {"startable": True, "batch_editable": True}),
    ("cloud-backup-google", "Cloud Backup for Google Workspace", "portal", {"startable": True}),
    ("cloud-backup-salesforce", "Cloud Backup for Salesforce", "portal", {}),
    ("cloud-governance", "Cloud Governance", "portal", {"premium": True}),
    ("policy-insights", "Policies and Insights", "portal", {"addon_of": ["cloud-backup-m365"]}),
    ("migration", "Migration Workbench", "professional", {"asks_audience": True}),
    ("identity", "Identity Directory", "professional", {}),
    ("office-online", "Office Online", "office", {}),
    ("compute", "Compute Cloud", "azure", {"asks_audience": True}),
    ("mail-server", "Mail Server", "professional", {"family": ServiceFamily.ON_PREMISES, "asks_audience": True}),
    ("file-server", "File Server", "professional", {"family": ServiceFamily.ON_PREMISES, "asks_audience": True}),
    ("records", "Records Archive", "mpn", {"family": ServiceFamily.ON_PREMISES}),
)
PLAIN: dict[str, Any] = {
    "family": ServiceFamily.CLOUD,
    "startable": False,
    "batch_editable": False,
    "asks_audience": False,
    "premium": False,
    "addon_of": [],
}


def rows() -> tuple[type[Base], Rows]:
    """The table and its rows."""
    return Service, [
        PLAIN
        | {"id": reference_id("service", key), "key": key, "name": name, "channel_id": reference_id("channel", channel)}
        | given
        for key, name, channel, given in SERVICES
    ]


def published() -> tuple[tuple[type[Base], Rows], ...]:
    """What every installation begins with, for `domain.support.reference.insert_missing` and the demo's loader."""
    return (*reference.rows(), rows())
