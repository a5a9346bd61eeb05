"""Files that arrive in pieces, and what the scanner says of them.

A file that was there before has no `object_key`: it is under the key that its id gives. The previous release goes on
writing such ones until it has gone.

Revision 0015, after 0014.
"""

from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | None = None
depends_on: str | None = None

COLUMNS = {
    "object_key": "TEXT",
    "received": "BIGINT DEFAULT '0' NOT NULL",
    "parts": "TEXT[] DEFAULT '{}' NOT NULL",
    "scan_state": "VARCHAR(40) DEFAULT 'UNSCANNED' NOT NULL",
    "scanned_at": "TIMESTAMP WITH TIME ZONE",
    "threat": "TEXT",
}
STATES = "CONSTRAINT ck_attachment_attachmentscanstate CHECK (scan_state IN ('UNSCANNED', 'CLEAN', 'INFECTED'))"


def upgrade() -> None:
    """Up."""
    added = ", ".join(f"ADD COLUMN {name} {kind}" for name, kind in COLUMNS.items())
    op.execute(f"ALTER TABLE attachment {added}, ADD {STATES}")
    op.execute("CREATE INDEX ix_attachment_unscanned ON attachment (scanned_at) WHERE scan_state = 'UNSCANNED'")


def downgrade() -> None:
    """Down."""
    op.execute("DROP INDEX ix_attachment_unscanned")
    op.execute(f"ALTER TABLE attachment {', '.join(f'DROP COLUMN {name}' for name in COLUMNS)}")
