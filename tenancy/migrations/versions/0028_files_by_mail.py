"""Files that come by mail: the agreement that a mail stated, and those of a message's files that were refused.

Revision 0028, after 0027.
"""

from alembic import op

revision: str = "0028"
down_revision: str | None = "0027"
branch_labels: str | None = None
depends_on: str | None = None

WORKER = "bailiwick_worker"


def upgrade() -> None:
    """Up."""
    op.execute("ALTER TABLE mail_delivery ADD COLUMN agreement_version TEXT")
    op.execute("ALTER TABLE ticket_message ADD COLUMN refused_files JSONB NOT NULL DEFAULT '[]'")
    op.execute(f"GRANT SELECT ON agreement TO {WORKER}")


def downgrade() -> None:
    """Down."""
    op.execute(f"REVOKE SELECT ON agreement FROM {WORKER}")
    op.execute("ALTER TABLE ticket_message DROP COLUMN refused_files")
    op.execute("ALTER TABLE mail_delivery DROP COLUMN agreement_version")
