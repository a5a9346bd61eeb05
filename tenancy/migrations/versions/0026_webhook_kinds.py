"""Webhooks tell of merges, of who is copied in and out, and of the vendor's temporary access.

Revision 0026, after 0025.
"""

from alembic import op

revision: str = "0026"
down_revision: str | None = "0025"
branch_labels: str | None = None
depends_on: str | None = None

BEFORE = (
    "TICKET_CREATED",
    "TICKET_REPLIED",
    "TICKET_ASSIGNED",
    "TICKET_SEVERITY_SET",
    "TICKET_RESOLVED",
    "TICKET_REOPENED",
    "TICKET_CLOSED",
)
NEW = (
    "TICKET_MERGED",
    "TICKET_CC_ADDED",
    "TICKET_CC_REMOVED",
    "TICKET_TEMPORARY_ACCESS_GRANTED",
    "TICKET_TEMPORARY_ACCESS_REVOKED",
)


def allow(kinds: tuple[str, ...]) -> None:
    """Let deliveries be of these kinds; it is checked without keeping others from the table meanwhile."""
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    name = "ck_webhook_delivery_webhookeventtype"
    op.execute(f"ALTER TABLE webhook_delivery DROP CONSTRAINT {name}")
    op.execute(f"ALTER TABLE webhook_delivery ADD CONSTRAINT {name} CHECK (event_type IN ({listed})) NOT VALID")
    op.execute(f"ALTER TABLE webhook_delivery VALIDATE CONSTRAINT {name}")


def upgrade() -> None:
    """Up. What happened before anybody could ask for it is told to none."""
    allow((*BEFORE, *NEW))
    topics = ", ".join(f"'{kind.lower().replace('_', '.', 1)}'" for kind in NEW)
    op.execute("SELECT set_config('bailiwick.scope', 'worker', true)")
    op.execute(f"UPDATE outbox_event SET delivered_at = now() WHERE topic IN ({topics}) AND delivered_at IS NULL")


def downgrade() -> None:
    """Down."""
    listed = ", ".join(f"'{kind}'" for kind in NEW)
    kept = f"ARRAY(SELECT e FROM unnest(event_types) AS e WHERE e NOT IN ({listed}))"
    op.execute("SELECT set_config('bailiwick.scope', 'worker', true)")
    op.execute(f"DELETE FROM webhook_delivery WHERE event_type IN ({listed})")
    op.execute(f"UPDATE webhook_endpoint SET event_types = {kept}")
    allow(BEFORE)
