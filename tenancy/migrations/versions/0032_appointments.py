"""Meetings with the advocate who looks after a ticket (E15).

An advocate meets one at a time, of whichever organisation: who looks for a free time learns when others are not free, and nothing else
of them.

Revision 0032, after 0031.
"""

from alembic import op

revision: str = "0032"
down_revision: str | None = "0031"
branch_labels: str | None = None
depends_on: str | None = None

TENANT = "(SELECT nullif(current_setting('bailiwick.tenant_id', true), '')::uuid)"
SCOPE = "(SELECT nullif(current_setting('bailiwick.scope', true), ''))"
REACHED = f"""(
    (tenant_id = {TENANT}) OR (managing_partner_id = {TENANT}) OR {SCOPE} IN ('platform', 'worker')
    OR EXISTS (SELECT FROM ticket AS t WHERE t.id = ticket_id)
)"""

TABLE = """
    CREATE TABLE ticket_appointment (
        id UUID NOT NULL,
        tenant_id UUID NOT NULL,
        managing_partner_id UUID,
        ticket_id UUID NOT NULL,
        advocate_user_id UUID NOT NULL,
        advocate_name TEXT NOT NULL,
        starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
        ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
        status VARCHAR(40) NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        version BIGINT DEFAULT '1' NOT NULL,
        CONSTRAINT pk_ticket_appointment PRIMARY KEY (id),
        CONSTRAINT fk_ticket_appointment_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id),
        CONSTRAINT fk_ticket_appointment_ticket_id FOREIGN KEY(ticket_id) REFERENCES ticket (id),
        CONSTRAINT ck_ticket_appointment_appointmentstatus CHECK (status IN ('BOOKED', 'CANCELLED', 'COMPLETED')),
        CONSTRAINT ck_ticket_appointment_completion_is_derived CHECK (status <> 'COMPLETED'),
        CONSTRAINT ck_ticket_appointment_ends_after_start CHECK (starts_at < ends_at)
    )
"""
INDEXES = (
    "CREATE INDEX ix_ticket_appointment_ticket_id ON ticket_appointment (ticket_id, starts_at, id)",
    "CREATE UNIQUE INDEX uq_ticket_appointment_advocate ON ticket_appointment (advocate_user_id, starts_at) WHERE status = 'BOOKED'",
)
STAMP = """
    CREATE TRIGGER stamp_of_ticket BEFORE INSERT ON ticket_appointment FOR EACH ROW EXECUTE FUNCTION stamp_of_ticket()
"""


def in_scope_of_worker(declared: str, statement: str) -> str:
    """A body that reads what the caller may not, and answers with no more than it is made for."""
    return f"""
    DECLARE
        caller text := current_setting('bailiwick.scope', true);
        found {declared};
    BEGIN
        PERFORM set_config('bailiwick.scope', 'worker', true);
        {statement};
        PERFORM set_config('bailiwick.scope', coalesce(caller, ''), true);
        RETURN found;
    END
    """


BUSY = f"""
    CREATE FUNCTION advocate_busy(advocate uuid, since timestamptz) RETURNS text LANGUAGE plpgsql AS $$
    {
    in_scope_of_worker(
        "text",
        '''
        SELECT coalesce(jsonb_agg(jsonb_build_array(a.starts_at, a.ends_at)), '[]')::text INTO found
        FROM ticket_appointment AS a
        WHERE a.advocate_user_id = advocate AND a.status = 'BOOKED' AND a.ends_at > since
    ''',
    )
}
    $$
"""
ADDRESS = f"""
    CREATE FUNCTION advocate_address(advocate uuid) RETURNS text LANGUAGE plpgsql AS $$
    {in_scope_of_worker("text", "SELECT u.email INTO found FROM user_account AS u WHERE u.id = advocate AND u.status = 'ACTIVE'")}
    $$
"""


def follow_ticket(*tables: str) -> str:
    """What belongs to a ticket has its managing partner."""
    followers = (
        f"UPDATE {table} SET managing_partner_id = NEW.managing_partner_id WHERE ticket_id = NEW.id;"
        for table in tables
    )
    return f"""
    CREATE OR REPLACE FUNCTION follow_ticket() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        {" ".join(followers)}
        RETURN NULL;
    END $$
    """


def upgrade() -> None:
    """Up."""
    for statement in (TABLE, *INDEXES, STAMP, BUSY, ADDRESS):
        op.execute(statement)
    op.execute(follow_ticket("ticket_event", "ticket_rating", "ticket_appointment"))
    op.execute("ALTER TABLE ticket_appointment ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE ticket_appointment FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY scope ON ticket_appointment USING ({REACHED}) WITH CHECK ({REACHED})")
    op.execute("GRANT SELECT, INSERT, UPDATE ON ticket_appointment TO bailiwick_app")
    op.execute("GRANT SELECT, UPDATE ON ticket_appointment TO bailiwick_worker")


def downgrade() -> None:
    """Down."""
    op.execute(follow_ticket("ticket_event", "ticket_rating"))
    op.execute("DROP FUNCTION advocate_address(uuid)")
    op.execute("DROP FUNCTION advocate_busy(uuid, timestamptz)")
    op.execute("DROP TABLE ticket_appointment")
