"""How often an item of a bulk operation was tried in vain.

Revision 0034, after 0033.
"""

from alembic import op

revision: str = "0034"
down_revision: str | None = "0033"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Up."""
    op.execute("ALTER TABLE bulk_operation_item ADD attempts BIGINT DEFAULT 0 NOT NULL")


def downgrade() -> None:
    """Down."""
    op.execute("ALTER TABLE bulk_operation_item DROP attempts")
