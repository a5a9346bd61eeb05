"""What is old is forgotten: found by its age, by a worker that may delete it, and reads no secrets for it.

Revision 0030, after 0029.
"""

from alembic import op

revision: str = "0030"
down_revision: str | None = "0029"
branch_labels: str | None = None
depends_on: str | None = None

WORKER = "bailiwick_worker"
INDEXES = {
    "ix_outbox_event_delivered_at": "outbox_event (delivered_at) WHERE delivered_at IS NOT NULL",
    "ix_mail_delivery_ended_at": "mail_delivery (ended_at) WHERE ended_at IS NOT NULL",
    "ix_webhook_delivery_event_id": "webhook_delivery (event_id)",
    "ix_notification_created_at": "notification (created_at)",
    "ix_sign_in_session_expires_at": "sign_in_session (expires_at)",
    "ix_account_token_expires_at": "account_token (expires_at)",
    "ix_idempotency_record_created_at": "idempotency_record (created_at)",
}
RIGHTS = (
    ("DELETE", "outbox_event, mail_delivery, inbound_mail, notification"),
    ("SELECT (id, received_at)", "inbound_mail"),
    ("SELECT (id, created_at)", "notification"),
)

# With its owner's rights: nobody who forgets reads sessions, links or answers that are kept for retries.
SECRETS = ("sign_in_session WHERE expires_at", "account_token WHERE expires_at", "idempotency_record WHERE created_at")
SIGNATURE = "forget_secrets(timestamptz, integer)"


def forgetting(what: str) -> str:
    """Delete so many at most of what is older, and count them."""
    table = what.partition(" ")[0]
    return f"""
        DELETE FROM {table} WHERE id = ANY (ARRAY(SELECT id FROM {what} < before LIMIT most));
        GET DIAGNOSTICS deleted = ROW_COUNT;
        forgotten := greatest(forgotten, deleted);"""


FORGET = f"""
    CREATE FUNCTION forget_secrets(before timestamptz, most integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        caller text := coalesce(current_setting('bailiwick.scope', true), '');
        deleted integer;
        forgotten integer := 0;
    BEGIN
        PERFORM set_config('bailiwick.scope', 'worker', true);{"".join(map(forgetting, SECRETS))}
        PERFORM set_config('bailiwick.scope', caller, true);
        RETURN forgotten;
    END $$
"""


def upgrade() -> None:
    """Up, without keeping anybody from the tables."""
    op.execute(FORGET)
    op.execute(f"REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {SIGNATURE} TO {WORKER}")
    for right, tables in RIGHTS:
        op.execute(f"GRANT {right} ON {tables} TO {WORKER}")
    with op.get_context().autocommit_block():
        for name, what in INDEXES.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.execute(f"CREATE INDEX CONCURRENTLY {name} ON {what}")


def downgrade() -> None:
    """Down."""
    for name in INDEXES:
        op.execute(f"DROP INDEX {name}")
    for right, tables in RIGHTS:
        op.execute(f"REVOKE {right} ON {tables} FROM {WORKER}")
    op.execute(f"DROP FUNCTION {SIGNATURE}")
