"""What is kept cannot be deleted by the server's role, whoever talks it into that (spec 4.5).

It had the right on nearly every table, and uses it on few. What is only old is forgotten by the worker's role (0030). Relationships,
memberships and what hangs on them keep theirs: these do end.

Revision 0039, after 0038.
"""

from alembic import op

revision: str = "0039"
down_revision: str | None = "0038"
branch_labels: str | None = None
depends_on: str | None = None

KEPT = (
    "agreement",
    "attempt_counter",
    "calendar_exception",
    "entitlement",
    "idempotency_record",
    "notification",
    "notification_preferences",
    "outbox_event",
    "service",
    "service_setup",
    "service_subscription",
    "sla_policy",
    "sla_target",
    "subscription_pool",
    "support_channel",
    "support_contract",
    "support_contract_eligibility",
    "support_contract_link",
    "support_region",
    "temporary_support_account",
    "tenant",
    "tenant_security_settings",
    "ticket",
    "ticket_message",
    "user_account",
)


def upgrade() -> None:
    """Up."""
    op.execute(f"REVOKE DELETE ON {', '.join(KEPT)} FROM bailiwick_app")


def downgrade() -> None:
    """Down."""
    op.execute(f"GRANT DELETE ON {', '.join(KEPT)} TO bailiwick_app")
