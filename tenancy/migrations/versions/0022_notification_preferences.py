"""What people want to be told, and how: preferences by kind and channel, and quiet hours.

The database notes what happened, whoever did it: a public message, a ticket that is resolved or closed, an assignment, a copy. Each
person concerned gets a notification, as far as they have not switched it off.

Revision 0022, after 0021.
"""

from alembic import op

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: str | None = None
depends_on: str | None = None

APPLICATION = "bailiwick_app"
WORKER = "bailiwick_worker"
USER = "(SELECT nullif(current_setting('bailiwick.user_id', true), '')::uuid)"
SCOPE = "(SELECT nullif(current_setting('bailiwick.scope', true), ''))"
REACHED = f"(user_id = {USER}) OR ({SCOPE} IN ('platform', 'worker'))"
KINDS = "('RAISED', 'REPLY', 'STATUS', 'ASSIGNMENT', 'CC_ADDED', 'SLA_WARNING')"

TABLES = (
    """
    CREATE TABLE notification_preferences (
        user_id UUID NOT NULL,
        switched_off TEXT[] DEFAULT '{}' NOT NULL,
        time_zone TEXT DEFAULT 'UTC' NOT NULL,
        quiet_from_minute BIGINT,
        quiet_until_minute BIGINT,
        version BIGINT DEFAULT '1' NOT NULL,
        CONSTRAINT pk_notification_preferences PRIMARY KEY (user_id),
        CONSTRAINT fk_notification_preferences_user_id FOREIGN KEY(user_id) REFERENCES user_account (id),
        CONSTRAINT ck_notification_preferences_quiet_hours CHECK (
            (quiet_from_minute IS NULL) = (quiet_until_minute IS NULL)
            AND quiet_from_minute BETWEEN 0 AND 1439 AND quiet_until_minute BETWEEN 0 AND 1439
            AND quiet_from_minute <> quiet_until_minute
        )
    )
    """,
    f"""
    ALTER TABLE notification
        ADD kind VARCHAR(40) DEFAULT 'REPLY' NOT NULL,
        ALTER message_id DROP NOT NULL,
        ADD CONSTRAINT ck_notification_notificationkind CHECK (kind IN {KINDS}),
        ADD CONSTRAINT ck_notification_message CHECK ((kind = 'REPLY') = (message_id IS NOT NULL))
    """,
    "ALTER TABLE notification ALTER kind DROP DEFAULT",
    "CREATE INDEX ix_notification_user_id_created_at ON notification (user_id, created_at, id)",
)

# As that of 0017: whom it concerns is seen in the worker's scope, and the caller has its own back.
TELL_PEOPLE = """
    CREATE FUNCTION tell_people(what text, concerned uuid, said uuid, happened timestamptz, author uuid, people uuid[])
    RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
        caller text := current_setting('bailiwick.scope', true);
    BEGIN
        PERFORM set_config('bailiwick.scope', 'worker', true);
        INSERT INTO notification (id, tenant_id, user_id, ticket_id, message_id, kind, created_at)
        SELECT gen_random_uuid(), t.tenant_id, u.id, t.id, said, what, happened
        FROM user_account AS u JOIN ticket AS t ON t.id = concerned
        WHERE u.id = ANY (people) AND u.id IS DISTINCT FROM author AND NOT EXISTS (
            SELECT FROM notification_preferences AS p WHERE p.user_id = u.id AND what || '\\:IN_APP' = ANY (p.switched_off)
        );
        PERFORM set_config('bailiwick.scope', coalesce(caller, ''), true);
    END $$
"""
DOER = "nullif(current_setting('bailiwick.user_id', true), '')::uuid"
EVERYBODY = """ARRAY(
    SELECT p.user_id FROM ticket_participant AS p WHERE p.ticket_id = {ticket} AND p.user_id IS NOT NULL
    UNION SELECT t.assignee_id FROM ticket AS t WHERE t.id = {ticket} AND t.assignee_id IS NOT NULL)"""


def everybody(ticket: str) -> str:
    """Who takes part in a ticket, and who looks after it, read in the worker's scope."""
    people = EVERYBODY.format(ticket=ticket)
    return f"""
        PERFORM set_config('bailiwick.scope', 'worker', true);
        people := {people};
        PERFORM set_config('bailiwick.scope', coalesce(caller, ''), true);"""


def trigger_function(name: str, body: str, create: str = "CREATE") -> str:
    """The text of a trigger's function, with room for the people concerned."""
    return f"""
    {create} FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        caller text := current_setting('bailiwick.scope', true);
        people uuid[];
    BEGIN {body}
        RETURN NULL;
    END $$
    """


FUNCTIONS = (
    TELL_PEOPLE,
    trigger_function(
        "notify_participants",
        everybody("NEW.ticket_id")
        + "PERFORM tell_people('REPLY', NEW.ticket_id, NEW.id, NEW.created_at, NEW.author_user_id, people);",
        "CREATE OR REPLACE",
    ),
    trigger_function(
        "notify_of_status",
        everybody("NEW.id") + f"PERFORM tell_people('STATUS', NEW.id, NULL, now(), {DOER}, people);",
    ),
    trigger_function(
        "notify_of_assignment",
        f"PERFORM tell_people('ASSIGNMENT', NEW.id, NULL, now(), {DOER}, ARRAY[NEW.assignee_id]);",
    ),
    trigger_function(
        "notify_of_copy",
        f"PERFORM tell_people('CC_ADDED', NEW.ticket_id, NULL, now(), {DOER}, ARRAY[NEW.user_id]);",
    ),
)
STATUS = "NEW.status IS DISTINCT FROM OLD.status AND NEW.status IN ('RESOLVED', 'CLOSED')"
ASSIGNED = "NEW.assignee_id IS NOT NULL AND NEW.assignee_id IS DISTINCT FROM OLD.assignee_id"
TRIGGERS = {
    "notify_of_status": ("ticket", "AFTER UPDATE OF status", f"WHEN ({STATUS})"),
    "notify_of_assignment": ("ticket", "AFTER UPDATE OF assignee_id", f"WHEN ({ASSIGNED})"),
    "notify_of_copy": ("ticket_participant", "AFTER INSERT", "WHEN (NEW.kind = 'CC' AND NEW.user_id IS NOT NULL)"),
}
RIGHTS = (
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON notification_preferences TO {APPLICATION}",
    f"GRANT SELECT ON notification_preferences TO {WORKER}",
    f"GRANT INSERT ON notification TO {WORKER}",
)
# As 0017 has it.
BEFORE = """
    CREATE OR REPLACE FUNCTION notify_participants() RETURNS trigger LANGUAGE plpgsql AS $$
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


def upgrade() -> None:
    """Up."""
    for statement in (*TABLES, *FUNCTIONS):
        op.execute(statement)
    op.execute("ALTER TABLE notification_preferences ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE notification_preferences FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY scope ON notification_preferences USING ({REACHED}) WITH CHECK ({REACHED})")
    for name, (table, when, condition) in TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW {condition} EXECUTE FUNCTION {name}()")
    for right in RIGHTS:
        op.execute(right)


def downgrade() -> None:
    """Down."""
    for name, (table, *_rest) in TRIGGERS.items():
        op.execute(f"DROP TRIGGER {name} ON {table}")
        op.execute(f"DROP FUNCTION {name}()")
    op.execute(BEFORE)
    op.execute("DROP FUNCTION tell_people(text, uuid, uuid, timestamptz, uuid, uuid[])")
    op.execute("DROP INDEX ix_notification_user_id_created_at")
    op.execute(f"REVOKE INSERT ON notification FROM {WORKER}")
    op.execute("SELECT set_config('bailiwick.scope', 'worker', true)")
    op.execute("DELETE FROM notification WHERE kind <> 'REPLY'")
    op.execute("SELECT set_config('bailiwick.scope', '', true)")
    op.execute("ALTER TABLE notification DROP kind, ALTER message_id SET NOT NULL")
    op.execute("DROP TABLE notification_preferences")
