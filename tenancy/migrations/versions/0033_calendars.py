"""Holidays that an operator has removed are remembered as such: no later migration publishes them again.

Revision 0033, after 0032.
"""

from alembic import op

revision: str = "0033"
down_revision: str | None = "0032"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Up."""
    op.execute("ALTER TABLE calendar_exception ADD removed BOOLEAN DEFAULT 'false' NOT NULL")


def downgrade() -> None:
    """Down."""
    op.execute("SELECT set_config('bailiwick.scope', 'worker', true)")
    op.execute("DELETE FROM calendar_exception WHERE removed")
    op.execute("SELECT set_config('bailiwick.scope', '', true)")
    op.execute("ALTER TABLE calendar_exception DROP removed")
