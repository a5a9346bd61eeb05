"""Devices for push.

A device belongs to a session, and goes with it; a token that is registered anew leaves whoever had it before. Whoever is told of something
and has devices gets word for them in the outbox, written with what it tells of.

Revision 0027, after 0026.
"""

from alembic import op

revision: str = "0027"
down_revision: str | None = "0026"
branch_labels: str | None = None
depends_on: str | None = None

APPLICATION = "bailiwick_app"
WORKER = "bailiwick_worker"
USER = "(SELECT nullif(current_setting('bailiwick.user_id', true), '')::uuid)"
SCOPE = "(SELECT nullif(current_setting('bailiwick.scope', true), ''))"
REACHED = f"(user_id = {USER}) OR ({SCOPE} IN ('platform', 'worker'))"

TABLES = (
    """
    CREATE TABLE device (
        id UUID NOT NULL,
        user_id UUID NOT NULL,
        session_id UUID NOT NULL,
        platform VARCHAR(40) NOT NULL,
        app_id TEXT NOT NULL,
        name TEXT,
        token_hash TEXT NOT NULL,
        token_encrypted TEXT NOT NULL,
        registered_at TIMESTAMP WITH TIME ZONE NOT NULL,
        expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_device PRIMARY KEY (id),
        CONSTRAINT uq_device_token_hash UNIQUE (token_hash),
        CONSTRAINT fk_device_user_id FOREIGN KEY(user_id) REFERENCES user_account (id),
        CONSTRAINT fk_device_session_id FOREIGN KEY(session_id) REFERENCES sign_in_session (id) ON DELETE CASCADE,
        CONSTRAINT ck_device_deviceplatform CHECK (platform IN ('IOS', 'ANDROID', 'WEB'))
    )
    """,
    "CREATE INDEX ix_device_user_id ON device (user_id)",
    "CREATE INDEX ix_device_session_id ON device (session_id)",
)

IN_APP = """
        INSERT INTO notification (id, tenant_id, user_id, ticket_id, message_id, kind, created_at)
        SELECT gen_random_uuid(), t.tenant_id, u.id, t.id, said, what, happened
        FROM user_account AS u JOIN ticket AS t ON t.id = concerned
        WHERE u.id = ANY (people) AND u.id IS DISTINCT FROM author AND NOT EXISTS (
            SELECT FROM notification_preferences AS p WHERE p.user_id = u.id AND what || '\\:IN_APP' = ANY (p.switched_off)
        );"""
ON_DEVICES = """
        INSERT INTO outbox_event (id, tenant_id, topic, payload)
        SELECT gen_random_uuid(), t.tenant_id, 'push', jsonb_build_object(
            'user_id', u.id, 'ticket_id', t.id, 'message_id', said, 'number', t.number, 'kind', what)
        FROM user_account AS u JOIN ticket AS t ON t.id = concerned
        WHERE u.id = ANY (people) AND u.id IS DISTINCT FROM author AND EXISTS (SELECT FROM device WHERE user_id = u.id);"""


def tell_people(*ways: str) -> str:
    """The function of 0022, which tells people of a ticket in each of these ways."""
    return f"""
    CREATE OR REPLACE FUNCTION
        tell_people(what text, concerned uuid, said uuid, happened timestamptz, author uuid, people uuid[])
    RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
        caller text := current_setting('bailiwick.scope', true);
    BEGIN
        PERFORM set_config('bailiwick.scope', 'worker', true);{"".join(ways)}
        PERFORM set_config('bailiwick.scope', coalesce(caller, ''), true);
    END $$
    """


def trigger_function(name: str, body: str) -> str:
    """The text of a trigger's function, whose body works in the worker's scope: the caller has its own back."""
    return f"""
    CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        caller text := current_setting('bailiwick.scope', true);
    BEGIN
        PERFORM set_config('bailiwick.scope', 'worker', true);
        {body}
        PERFORM set_config('bailiwick.scope', coalesce(caller, ''), true);
        RETURN NEW;
    END $$
    """


# Whoever has a token is who is signed in where it was made: two at once wait for one another.
MOVES = """PERFORM pg_advisory_xact_lock(hashtextextended(NEW.token_hash, 0));
        DELETE FROM device WHERE token_hash = NEW.token_hash AND user_id <> NEW.user_id;"""
FUNCTIONS = (
    tell_people(IN_APP, ON_DEVICES),
    trigger_function("device_moves", MOVES),
    trigger_function("devices_leave", "DELETE FROM device WHERE session_id = NEW.id;"),
)
REVOKED = "WHEN (NEW.revoked_at IS NOT NULL)"
TRIGGERS = {
    "device_moves": ("device", "BEFORE INSERT", ""),
    "devices_leave": ("sign_in_session", "AFTER UPDATE OF revoked_at", REVOKED),
}
# By which the worker knows what a partner's staff sees.
GROUPS = "customer_group_member, membership_customer_group"
RIGHTS = (
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON device TO {APPLICATION}",
    f"GRANT SELECT (id, user_id, platform, app_id, token_encrypted, registered_at, expires_at) ON device TO {WORKER}",
    f"GRANT DELETE ON device TO {WORKER}",
    f"GRANT SELECT ON {GROUPS} TO {WORKER}",
)


def upgrade() -> None:
    """Up."""
    for statement in (*TABLES, *FUNCTIONS, *RIGHTS):
        op.execute(statement)
    op.execute("ALTER TABLE device ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE device FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY scope ON device USING ({REACHED}) WITH CHECK ({REACHED})")
    for name, (table, when, condition) in TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW {condition} EXECUTE FUNCTION {name}()")


def downgrade() -> None:
    """Down."""
    op.execute(tell_people(IN_APP))
    for name, (table, *_rest) in TRIGGERS.items():
        op.execute(f"DROP TRIGGER {name} ON {table}")
        op.execute(f"DROP FUNCTION {name}()")
    op.execute(f"REVOKE SELECT ON {GROUPS} FROM {WORKER}")
    op.execute("DROP TABLE device")
