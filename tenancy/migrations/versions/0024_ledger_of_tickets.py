"""What a ticket drew and got back is found by the ticket, whichever kind of line is looked for.

Revision 0024, after 0023.
"""

from alembic import op

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Up."""
    op.execute("CREATE INDEX ix_entitlement_transaction_ticket_id ON entitlement_transaction (ticket_id)")


def downgrade() -> None:
    """Down."""
    op.execute("DROP INDEX ix_entitlement_transaction_ticket_id")
