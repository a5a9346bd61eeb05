"""Webhooks: endpoints of organisations, and what was sent to them.

An endpoint's rows are its organisation's alone. Whatever is told leaves through the worker, which reads the secrets, writes what became of
each delivery, and forgets old ones.

Revision 0023, after 0022.
"""

from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: str | None = None
depends_on: str | None = None

TENANT = "(SELECT nullif(current_setting('bailiwick.tenant_id', true), '')::uuid)"
SCOPE = "(SELECT nullif(current_setting('bailiwick.scope', true), ''))"
REACHED = f"(tenant_id = {TENANT}) OR ({SCOPE} IN ('platform', 'worker'))"

ENDPOINT = """
    CREATE TABLE webhook_endpoint (
        url TEXT NOT NULL,
        description TEXT,
        event_types TEXT[] NOT NULL,
        status VARCHAR(40) NOT NULL,
        disabled_at TIMESTAMP WITH TIME ZONE,
        disabled_reason VARCHAR(40),
        failing_since TIMESTAMP WITH TIME ZONE,
        secret_encrypted TEXT NOT NULL,
        previous_secret_encrypted TEXT,
        previous_secret_until TIMESTAMP WITH TIME ZONE,
        created_by_user_id UUID NOT NULL,
        created_by_name TEXT NOT NULL,
        id UUID NOT NULL,
        tenant_id UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        version BIGINT DEFAULT '1' NOT NULL,
        CONSTRAINT pk_webhook_endpoint PRIMARY KEY (id),
        CONSTRAINT fk_webhook_endpoint_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id),
        CONSTRAINT ck_webhook_endpoint_webhookstatus CHECK (status IN ('ENABLED', 'DISABLED')),
        CONSTRAINT ck_webhook_endpoint_webhookdisabledreason CHECK (disabled_reason IN ('REQUESTED', 'FAILING', 'GONE')),
        CONSTRAINT ck_webhook_endpoint_reason_when_disabled CHECK ((status = 'DISABLED') = (disabled_reason IS NOT NULL))
    )
"""
DELIVERY = """
    CREATE TABLE webhook_delivery (
        endpoint_id UUID NOT NULL,
        event_id UUID NOT NULL,
        ticket_id UUID NOT NULL,
        event_type VARCHAR(40) NOT NULL,
        is_replay BOOLEAN DEFAULT 'false' NOT NULL,
        status VARCHAR(40) NOT NULL,
        attempts BIGINT DEFAULT '0' NOT NULL,
        status_code BIGINT,
        failure VARCHAR(40),
        duration_ms BIGINT,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        due_at TIMESTAMP WITH TIME ZONE NOT NULL,
        enqueued_at TIMESTAMP WITH TIME ZONE,
        leased_until TIMESTAMP WITH TIME ZONE,
        attempted_at TIMESTAMP WITH TIME ZONE,
        ended_at TIMESTAMP WITH TIME ZONE,
        id UUID NOT NULL,
        tenant_id UUID NOT NULL,
        CONSTRAINT pk_webhook_delivery PRIMARY KEY (id),
        CONSTRAINT fk_webhook_delivery_endpoint_id FOREIGN KEY(endpoint_id) REFERENCES webhook_endpoint (id) ON DELETE CASCADE,
        CONSTRAINT fk_webhook_delivery_event_id FOREIGN KEY(event_id) REFERENCES outbox_event (id),
        CONSTRAINT fk_webhook_delivery_ticket_id FOREIGN KEY(ticket_id) REFERENCES ticket (id),
        CONSTRAINT fk_webhook_delivery_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id),
        CONSTRAINT ck_webhook_delivery_webhookeventtype CHECK (event_type IN (
            'TICKET_CREATED', 'TICKET_REPLIED', 'TICKET_ASSIGNED', 'TICKET_SEVERITY_SET', 'TICKET_RESOLVED', 'TICKET_REOPENED',
            'TICKET_CLOSED')),
        CONSTRAINT ck_webhook_delivery_webhookdeliverystatus CHECK (status IN ('QUEUED', 'DELIVERED', 'SUPPRESSED', 'DEAD')),
        CONSTRAINT ck_webhook_delivery_webhookfailure CHECK (failure IN (
            'STATUS', 'REDIRECT', 'TIMEOUT', 'CONNECTION', 'TLS', 'ADDRESS', 'ENDPOINT_DISABLED', 'NOT_VISIBLE')),
        CONSTRAINT ck_webhook_delivery_ended CHECK ((status = 'QUEUED') = (ended_at IS NULL))
    )
"""
INDEXES = (
    "CREATE INDEX ix_webhook_endpoint_tenant_id ON webhook_endpoint (tenant_id, created_at, id)",
    "CREATE INDEX ix_webhook_delivery_endpoint_id ON webhook_delivery (endpoint_id, created_at, id)",
    "CREATE INDEX ix_webhook_delivery_ended_at ON webhook_delivery (ended_at) WHERE ended_at IS NOT NULL",
    "CREATE INDEX ix_webhook_delivery_due_at ON webhook_delivery (due_at) WHERE status = 'QUEUED'",
    "CREATE UNIQUE INDEX uq_webhook_delivery_waiting ON webhook_delivery (endpoint_id, event_id) WHERE status = 'QUEUED'",
)
RIGHTS = (
    ("SELECT, INSERT, UPDATE, DELETE", "webhook_endpoint", "bailiwick_app"),
    ("SELECT, INSERT", "webhook_delivery", "bailiwick_app"),
    ("SELECT, UPDATE", "webhook_endpoint", "bailiwick_worker"),
    ("SELECT, INSERT, UPDATE, DELETE", "webhook_delivery", "bailiwick_worker"),
)


def upgrade() -> None:
    """Up."""
    for statement in (ENDPOINT, DELIVERY, *INDEXES):
        op.execute(statement)
    for table in ("webhook_endpoint", "webhook_delivery"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY scope ON {table} USING ({REACHED}) WITH CHECK ({REACHED})")
    for rights, table, role in RIGHTS:
        op.execute(f"GRANT {rights} ON {table} TO {role}")
    # What happened before there were endpoints is told to none.
    op.execute("SELECT set_config('bailiwick.scope', 'worker', true)")
    op.execute("UPDATE outbox_event SET delivered_at = now() WHERE topic LIKE 'ticket.%' AND delivered_at IS NULL")


def downgrade() -> None:
    """Down."""
    op.execute("DROP TABLE webhook_delivery")
    op.execute("DROP TABLE webhook_endpoint")
