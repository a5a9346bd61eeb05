"""What somebody has not read yet: one row for each person who takes part in a ticket and each message of somebody else.

The database makes them of public messages alone, whoever writes these, and tells of them as they come and as they are read
(migration 0013). Internal notes make none, so that no count knows of them.

Revision 0017, after 0016.
"""

from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | None = None
depends_on: str | None = None

TABLE = """
    CREATE TABLE notification (
        id UUID NOT NULL,
        tenant_id UUID NOT NULL,
        user_id UUID NOT NULL,
        ticket_id UUID NOT NULL,
        message_id UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        read_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_notification PRIMARY KEY (id),
        CONSTRAINT fk_notification_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id),
        CONSTRAINT fk_notification_user_id FOREIGN KEY(user_id) REFERENCES user_account (id),
        CONSTRAINT fk_notification_ticket_id FOREIGN KEY(ticket_id) REFERENCES ticket (id),
        CONSTRAINT fk_notification_message_id FOREIGN KEY(message_id) REFERENCES ticket_message (id)
    )
"""
UNREAD = "CREATE INDEX ix_notification_unread ON notification (user_id, ticket_id) WHERE read_at IS NULL"

USER = "(SELECT nullif(current_setting('bailiwick.user_id', true), '')::uuid)"
SCOPE = "(SELECT nullif(current_setting('bailiwick.scope', true), ''))"
REACHED = f"(user_id = {USER}) OR ({SCOPE} IN ('platform', 'worker'))"

# As those of 0009: whom it concerns is seen in the worker's scope, and the caller has its own back.
NOTIFY = """
    CREATE FUNCTION notify_participants() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        caller text := current_setting('bailiwick.scope', true);
    BEGIN
        PERFORM set_config('bailiwick.scope', 'worker', true);
        INSERT INTO notification (id, tenant_id, user_id, ticket_id, message_id, created_at)
        SELECT gen_random_uuid(), NEW.tenant_id, person, NEW.ticket_id, NEW.id, NEW.created_at
        FROM (
            SELECT user_id FROM ticket_participant WHERE ticket_id = NEW.ticket_id
            UNION SELECT assignee_id FROM ticket WHERE id = NEW.ticket_id
        ) AS concerned (person)
        JOIN user_account AS u ON u.id = person
        WHERE person IS DISTINCT FROM NEW.author_user_id;
        PERFORM set_config('bailiwick.scope', coalesce(caller, ''), true);
        RETURN NULL;
    END $$
"""
TOLD = """
    CREATE FUNCTION notification_told() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_notify('bailiwick_live', jsonb_build_object(
            'kind', 'notification', 'topics', jsonb_build_array('notifications:' || NEW.user_id)
        )::text);
        RETURN NULL;
    END $$
"""


def upgrade() -> None:
    """Up."""
    for statement in (TABLE, UNREAD, NOTIFY, TOLD):
        op.execute(statement)
    op.execute("ALTER TABLE notification ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE notification FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY scope ON notification USING ({REACHED}) WITH CHECK ({REACHED})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON notification TO bailiwick_app")
    op.execute("""
        CREATE TRIGGER notify_participants AFTER INSERT ON ticket_message
        FOR EACH ROW WHEN (NEW.visibility = 'PUBLIC') EXECUTE FUNCTION notify_participants()
    """)
    op.execute("""
        CREATE TRIGGER told AFTER INSERT OR UPDATE OF read_at ON notification
        FOR EACH ROW EXECUTE FUNCTION notification_told()
    """)


def downgrade() -> None:
    """Down."""
    op.execute("DROP TRIGGER notify_participants ON ticket_message")
    op.execute("DROP TABLE notification")
    op.execute("DROP FUNCTION notify_participants()")
    op.execute("DROP FUNCTION notification_told()")
