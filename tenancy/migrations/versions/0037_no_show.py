"""Meetings to which nobody came.

Revision 0037, after 0036.
"""

from alembic import op

revision: str = "0037"
down_revision: str | None = "0036"
branch_labels: str | None = None
depends_on: str | None = None

BEFORE = ("BOOKED", "CANCELLED", "COMPLETED")
NO_SHOW = "NO_SHOW"


def allow(*states: str) -> None:
    """Let meetings be in these states; it is checked without keeping others from the table meanwhile."""
    listed = ", ".join(f"'{state}'" for state in states)
    name = "ck_ticket_appointment_appointmentstatus"
    op.execute(f"ALTER TABLE ticket_appointment DROP CONSTRAINT {name}")
    op.execute(f"ALTER TABLE ticket_appointment ADD CONSTRAINT {name} CHECK (status IN ({listed})) NOT VALID")
    op.execute(f"ALTER TABLE ticket_appointment VALIDATE CONSTRAINT {name}")


def upgrade() -> None:
    """Up."""
    allow(*BEFORE, NO_SHOW)


def downgrade() -> None:
    """Down. What was missed is off: its advocate may have been booked for that time again."""
    op.execute("SELECT set_config('bailiwick.scope', 'worker', true)")
    op.execute(f"UPDATE ticket_appointment SET status = 'CANCELLED' WHERE status = '{NO_SHOW}'")
    op.execute("SELECT set_config('bailiwick.scope', '', true)")
    allow(*BEFORE)
