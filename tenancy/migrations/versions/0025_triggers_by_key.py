"""Triggers find the rows that they need by their keys.

Row-level security lets PostgreSQL use an index only for conditions that cannot tell what a row holds, and COALESCE does not count as
such: each participant that was added read all tickets. So which row it is, is said before it is looked for.

Revision 0025, after 0017.
"""

from alembic import op

revision: str = "0025"
down_revision: str | None = "0017"
branch_labels: str | None = None
depends_on: str | None = None

PARTICIPANT_TOLD = """
    CREATE OR REPLACE FUNCTION participant_told() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        concerned uuid := coalesce(NEW.ticket_id, OLD.ticket_id);
    BEGIN
        PERFORM tell_ticket(t.id, t.tenant_id, t.desk_id, false) FROM ticket AS t WHERE t.id = concerned;
        IF TG_OP <> 'INSERT' AND OLD.user_id IS NOT NULL THEN
            PERFORM tell_access(OLD.user_id);
        END IF;
        RETURN NULL;
    END $$
"""
OPTION_POLICY_CHANGED = """
    CREATE OR REPLACE FUNCTION option_policy_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        caller text := current_setting('bailiwick.scope', true);
        partner uuid := coalesce(NEW.tenant_id, OLD.tenant_id);
        customer uuid := coalesce(NEW.customer_tenant_id, OLD.customer_tenant_id);
    BEGIN
        PERFORM set_config('bailiwick.scope', 'worker', true);
        IF customer IS NULL THEN
            PERFORM derive_customer(r.customer_tenant_id) FROM management_relationship AS r WHERE r.tenant_id = partner;
        ELSE
            PERFORM derive_customer(r.customer_tenant_id) FROM management_relationship AS r
            WHERE r.tenant_id = partner AND r.customer_tenant_id = customer;
        END IF;
        PERFORM set_config('bailiwick.scope', coalesce(caller, ''), true);
        RETURN NULL;
    END $$
"""


def upgrade() -> None:
    """Up."""
    op.execute(PARTICIPANT_TOLD)
    op.execute(OPTION_POLICY_CHANGED)


def downgrade() -> None:
    """Down: what these functions were before did the same, slowly."""
