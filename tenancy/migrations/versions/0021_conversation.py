"""What happened in tickets: their timeline, merges and follow-ups, ratings, and who of those copied in only reads.

The timeline is append-only: the application's role may add to it, and keep its managing partner true, which follows the ticket's.
What is INTERNAL in it is read by the platform's staff alone, here as in `visible_to`.

Revision 0021, after 0020.
"""

from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | None = None
depends_on: str | None = None

TENANT = "(SELECT nullif(current_setting('bailiwick.tenant_id', true), '')::uuid)"
SCOPE = "(SELECT nullif(current_setting('bailiwick.scope', true), ''))"
SPANNING = f"({SCOPE} IN ('platform', 'worker'))"
REACHED = f"""(
    (tenant_id = {TENANT}) OR (managing_partner_id = {TENANT}) OR {SPANNING}
    OR EXISTS (SELECT FROM ticket AS t WHERE t.id = ticket_id)
)"""
READABLE = f"(visibility = 'PUBLIC' OR {SPANNING})"

KINDS = (
    "CREATED",
    "STATUS_CHANGED",
    "ASSIGNED",
    "SEVERITY_CHANGED",
    "REPLIED",
    "NOTED",
    "FIRST_RESPONDED",
    "INCIDENT_DEBITED",
    "INCIDENT_CREDITED",
    "TEMPORARY_ACCESS_GRANTED",
    "TEMPORARY_ACCESS_REVOKED",
    "CC_ADDED",
    "CC_REMOVED",
    "MERGED_INTO",
    "MERGED_FROM",
    "FOLLOW_UP_RAISED",
    "RATED",
)

COLUMNS = (
    "ALTER TABLE ticket_participant ADD COLUMN can_reply BOOLEAN NOT NULL DEFAULT true",
    "ALTER TABLE ticket ADD COLUMN merged_into_id UUID, ADD COLUMN follow_up_of_id UUID",
    "ALTER TABLE ticket ADD CONSTRAINT fk_ticket_merged_into_id FOREIGN KEY(merged_into_id) REFERENCES ticket (id) NOT VALID",
    "ALTER TABLE ticket ADD CONSTRAINT fk_ticket_follow_up_of_id FOREIGN KEY(follow_up_of_id) REFERENCES ticket (id) NOT VALID",
    """
    ALTER TABLE ticket ADD CONSTRAINT ck_ticket_merged_when_closed
    CHECK (merged_into_id IS NULL OR (closure_code = 'MERGED' AND merged_into_id <> id)) NOT VALID
    """,
    "ALTER TABLE ticket VALIDATE CONSTRAINT fk_ticket_merged_into_id",
    "ALTER TABLE ticket VALIDATE CONSTRAINT fk_ticket_follow_up_of_id",
    "ALTER TABLE ticket VALIDATE CONSTRAINT ck_ticket_merged_when_closed",
    "CREATE INDEX ix_ticket_merged_into_id ON ticket (merged_into_id, created_at, id) WHERE merged_into_id IS NOT NULL",
    "CREATE INDEX ix_ticket_follow_up_of_id ON ticket (follow_up_of_id, created_at, id) WHERE follow_up_of_id IS NOT NULL",
)

EVENT = f"""
    CREATE TABLE ticket_event (
        id UUID NOT NULL,
        tenant_id UUID NOT NULL,
        managing_partner_id UUID,
        ticket_id UUID NOT NULL,
        occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
        kind VARCHAR(40) NOT NULL,
        visibility VARCHAR(40) NOT NULL,
        actor_name TEXT NOT NULL,
        actor_side VARCHAR(40) NOT NULL,
        before TEXT,
        after TEXT,
        related_ticket_id UUID,
        message_id UUID,
        CONSTRAINT pk_ticket_event PRIMARY KEY (id),
        CONSTRAINT fk_ticket_event_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id),
        CONSTRAINT fk_ticket_event_ticket_id FOREIGN KEY(ticket_id) REFERENCES ticket (id),
        CONSTRAINT fk_ticket_event_related_ticket_id FOREIGN KEY(related_ticket_id) REFERENCES ticket (id),
        CONSTRAINT fk_ticket_event_message_id FOREIGN KEY(message_id) REFERENCES ticket_message (id),
        CONSTRAINT ck_ticket_event_ticketeventkind CHECK (kind IN ({", ".join(f"'{kind}'" for kind in KINDS)})),
        CONSTRAINT ck_ticket_event_messagevisibility CHECK (visibility IN ('PUBLIC', 'INTERNAL')),
        CONSTRAINT ck_ticket_event_side CHECK (actor_side IN ('CUSTOMER', 'PARTNER', 'VENDOR'))
    )
"""
RATING = """
    CREATE TABLE ticket_rating (
        id UUID NOT NULL,
        tenant_id UUID NOT NULL,
        managing_partner_id UUID,
        ticket_id UUID NOT NULL,
        score BIGINT NOT NULL,
        comment TEXT NOT NULL,
        rated_by_user_id UUID NOT NULL,
        rated_at TIMESTAMP WITH TIME ZONE NOT NULL,
        changed_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_ticket_rating PRIMARY KEY (id),
        CONSTRAINT uq_ticket_rating_ticket_id UNIQUE (ticket_id),
        CONSTRAINT fk_ticket_rating_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id),
        CONSTRAINT fk_ticket_rating_ticket_id FOREIGN KEY(ticket_id) REFERENCES ticket (id),
        CONSTRAINT ck_ticket_rating_score CHECK (score BETWEEN 1 AND 5)
    )
"""
TIMELINE = "CREATE INDEX ix_ticket_event_ticket_id ON ticket_event (ticket_id, occurred_at, id)"

# As the ticket's own; where that is not there yet, being written in the same statement, as the database stamps it (0009).
STAMP = """
    CREATE FUNCTION stamp_of_ticket() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        caller text := current_setting('bailiwick.scope', true);
    BEGIN
        PERFORM set_config('bailiwick.scope', 'worker', true);
        SELECT t.managing_partner_id INTO NEW.managing_partner_id FROM ticket AS t WHERE t.id = NEW.ticket_id;
        IF NOT FOUND THEN
            SELECT CASE WHEN r.mode = 'PARTNER' THEN r.tenant_id END INTO NEW.managing_partner_id
            FROM management_relationship AS r
            WHERE r.customer_tenant_id = NEW.tenant_id AND r.status = 'ACTIVE' FOR SHARE;
        END IF;
        PERFORM set_config('bailiwick.scope', coalesce(caller, ''), true);
        RETURN NEW;
    END $$
"""
# Whoever changes tickets' managing partner does so in the worker's scope (0009).
FOLLOW_TICKET = """
    CREATE FUNCTION follow_ticket() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE ticket_event SET managing_partner_id = NEW.managing_partner_id WHERE ticket_id = NEW.id;
        UPDATE ticket_rating SET managing_partner_id = NEW.managing_partner_id WHERE ticket_id = NEW.id;
        RETURN NULL;
    END $$
"""
# Told as internal: of a rating only the vendor hears, besides who gave it.
RATING_TOLD = """
    CREATE FUNCTION rating_told() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM tell_ticket(NEW.ticket_id, NEW.tenant_id, NULL, true);
        RETURN NULL;
    END $$
"""
TRIGGERS = (
    """
    CREATE TRIGGER follow_ticket AFTER UPDATE OF managing_partner_id ON ticket FOR EACH ROW
    WHEN (OLD.managing_partner_id IS DISTINCT FROM NEW.managing_partner_id) EXECUTE FUNCTION follow_ticket()
    """,
    "CREATE TRIGGER told_rating AFTER INSERT OR UPDATE OF score ON ticket_rating FOR EACH ROW EXECUTE FUNCTION rating_told()",
    *(
        f"""
        CREATE TRIGGER stamp_of_ticket BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION stamp_of_ticket()
        """
        for table in ("ticket_event", "ticket_rating")
    ),
)
# A rating is given by its requester, who may write of it what only the vendor reads.
POLICIES = {"ticket_event": f"{REACHED} AND {READABLE}", "ticket_rating": REACHED}


def upgrade() -> None:
    """Up."""
    for statement in (*COLUMNS, EVENT, TIMELINE, RATING, STAMP, FOLLOW_TICKET, RATING_TOLD, *TRIGGERS):
        op.execute(statement)
    for table, readable in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY scope ON {table} USING ({readable}) WITH CHECK ({REACHED})")
    op.execute("GRANT SELECT, INSERT, UPDATE (managing_partner_id) ON ticket_event TO bailiwick_app")
    op.execute("GRANT SELECT, INSERT, UPDATE ON ticket_rating TO bailiwick_app")
    op.execute("GRANT INSERT ON ticket_event TO bailiwick_worker")


def downgrade() -> None:
    """Down."""
    op.execute("DROP TRIGGER follow_ticket ON ticket")
    op.execute("DROP TABLE ticket_rating, ticket_event")
    op.execute("DROP FUNCTION follow_ticket()")
    op.execute("DROP FUNCTION rating_told()")
    op.execute("DROP FUNCTION stamp_of_ticket()")
    op.execute("ALTER TABLE ticket DROP COLUMN follow_up_of_id, DROP COLUMN merged_into_id")
    op.execute("ALTER TABLE ticket_participant DROP COLUMN can_reply")
