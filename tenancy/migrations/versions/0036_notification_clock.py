"""What people are told bears the instant at which it happened, by the clock of whoever did it, as reading it does.

The application writes its own instant into the row that tells of a change; the database's clock may go before or after it, so that
something was read before it was told, or stood at the wrong place among replies.

Revision 0036, after 0035.
"""

from alembic import op

revision: str = "0036"
down_revision: str | None = "0035"
branch_labels: str | None = None
depends_on: str | None = None

DOER = "nullif(current_setting('bailiwick.user_id', true), '')::uuid"
# As 0022 has it.
EVERYBODY = """
        PERFORM set_config('bailiwick.scope', 'worker', true);
        people := ARRAY(
            SELECT p.user_id FROM ticket_participant AS p WHERE p.ticket_id = NEW.id AND p.user_id IS NOT NULL
            UNION SELECT t.assignee_id FROM ticket AS t WHERE t.id = NEW.id AND t.assignee_id IS NOT NULL);
        PERFORM set_config('bailiwick.scope', coalesce(caller, ''), true);"""


def told(name: str, what: str, ticket: str, happened: str, people: str, before: str = "") -> str:
    """The text of a function of 0022 that tells people what became of a ticket."""
    return f"""
    CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        caller text := current_setting('bailiwick.scope', true);
        people uuid[];
    BEGIN {before}
        PERFORM tell_people('{what}', {ticket}, NULL, {happened}, {DOER}, {people});
        RETURN NULL;
    END $$
    """


def tell(changed: str, copied: str) -> None:
    """Let each tell of the instant at which a ticket was `changed`, or somebody was `copied` in."""
    op.execute(told("notify_of_status", "STATUS", "NEW.id", changed, "people", EVERYBODY))
    op.execute(told("notify_of_assignment", "ASSIGNMENT", "NEW.id", changed, "ARRAY[NEW.assignee_id]"))
    op.execute(told("notify_of_copy", "CC_ADDED", "NEW.ticket_id", copied, "ARRAY[NEW.user_id]"))


def upgrade() -> None:
    """Up: every verb that changes a status or gives a ticket to somebody notes when."""
    tell("NEW.last_public_activity_at", "NEW.added_at")


def downgrade() -> None:
    """Down."""
    tell("now()", "now()")
