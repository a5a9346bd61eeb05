"""What is about to be missed is found by when it is due, and not among all open tickets.

Revision 0029, after 0028.
"""

from alembic import op

revision: str = "0029"
down_revision: str | None = "0028"
branch_labels: str | None = None
depends_on: str | None = None

INDEXES = {
    "ix_ticket_response_due_at": "ticket (response_due_at) WHERE first_responded_at IS NULL",
    "ix_ticket_resolution_due_at": "ticket (resolution_due_at) WHERE resolution_stopped_at IS NULL",
}


def upgrade() -> None:
    """Up, without keeping anybody from the tickets."""
    with op.get_context().autocommit_block():
        for name, what in INDEXES.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.execute(f"CREATE INDEX CONCURRENTLY {name} ON {what}")


def downgrade() -> None:
    """Down."""
    for name in INDEXES:
        op.execute(f"DROP INDEX {name}")
