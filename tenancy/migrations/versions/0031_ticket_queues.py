"""Queues: since when a ticket's promises are at risk, and an index of what is due next.

What runs round the clock is filled in here. What runs in working time is as `bailiwick sla recompute` finds it, or the
next time that something is promised: until then such a ticket is in no list of those at risk.

Revision 0031, after 0030.
"""

from alembic import op

revision: str = "0031"
down_revision: str | None = "0030"
branch_labels: str | None = None
depends_on: str | None = None

INDEX = "ix_ticket_next_due_at"
# A function, that lists and the index have the same words for it.
NEXT_DUE_AT = """
    CREATE OR REPLACE FUNCTION next_due_at(status varchar, answered timestamptz, answer_due timestamptz, stopped timestamptz,
        solution_due timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT coalesce(CASE WHEN status IN ('OPEN', 'AWAITING_REPLY') THEN
            LEAST(CASE WHEN answered IS NULL THEN answer_due END, CASE WHEN stopped IS NULL THEN solution_due END)
        END, '9999-12-31 00:00:00+00'::timestamptz)
    $$
"""
DUE = "next_due_at(status, first_responded_at, response_due_at, resolution_stopped_at, resolution_due_at)"
FILL = """
    UPDATE ticket SET
        response_at_risk_at = response_due_at - response_minutes * interval '15 seconds',
        resolution_at_risk_at = CASE WHEN coalesce(resolution_clock, response_clock) = 'CALENDAR'
            THEN resolution_due_at - resolution_minutes * interval '15 seconds' END
    WHERE status IN ('OPEN', 'AWAITING_REPLY') AND response_clock = 'CALENDAR'
"""


def upgrade() -> None:
    """Up."""
    op.execute(
        "ALTER TABLE ticket ADD COLUMN IF NOT EXISTS response_at_risk_at TIMESTAMP WITH TIME ZONE, "
        "ADD COLUMN IF NOT EXISTS resolution_at_risk_at TIMESTAMP WITH TIME ZONE"
    )
    op.execute(NEXT_DUE_AT)
    op.execute("SELECT set_config('bailiwick.scope', 'worker', false)")
    op.execute(FILL)
    op.execute("SELECT set_config('bailiwick.scope', '', false)")
    with op.get_context().autocommit_block():
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {INDEX}")
        op.execute(f"CREATE INDEX CONCURRENTLY {INDEX} ON ticket ({DUE}, id)")


def downgrade() -> None:
    """Down."""
    op.execute(f"DROP INDEX {INDEX}")
    op.execute("DROP FUNCTION next_due_at")
    op.execute("ALTER TABLE ticket DROP COLUMN response_at_risk_at, DROP COLUMN resolution_at_risk_at")
