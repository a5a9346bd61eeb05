"""Audit log, outbox, idempotency records and counters of attempts.

Revision 0007, after 0006.
"""

from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | None = None
depends_on: str | None = None

UP = (
    """
    CREATE TABLE audit_event (
        occurred_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        actor_kind TEXT NOT NULL,
        actor_user_id UUID,
        actor_name TEXT NOT NULL,
        acting_tenant_id UUID NOT NULL,
        acting_tenant_name TEXT NOT NULL,
        session_id UUID,
        action TEXT NOT NULL,
        object_type TEXT NOT NULL,
        object_id UUID,
        before JSONB,
        after JSONB,
        ip_address TEXT,
        request_id TEXT,
        id UUID NOT NULL,
        tenant_id UUID NOT NULL,
        CONSTRAINT pk_audit_event PRIMARY KEY (id),
        CONSTRAINT fk_audit_event_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id)
    )
    """,
    """
    CREATE INDEX ix_audit_event_object ON audit_event (tenant_id, object_type, object_id)
    """,
    """
    CREATE INDEX ix_audit_event_tenant_id_occurred_at ON audit_event (tenant_id, occurred_at, id)
    """,
    """
    CREATE TABLE outbox_event (
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        topic TEXT NOT NULL,
        payload JSONB NOT NULL,
        delivered_at TIMESTAMP WITH TIME ZONE,
        id UUID NOT NULL,
        tenant_id UUID NOT NULL,
        CONSTRAINT pk_outbox_event PRIMARY KEY (id),
        CONSTRAINT fk_outbox_event_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id)
    )
    """,
    """
    CREATE INDEX ix_outbox_event_pending ON outbox_event (created_at) WHERE delivered_at IS NULL
    """,
    """
    CREATE TABLE idempotency_record (
        principal_id UUID NOT NULL,
        key TEXT NOT NULL,
        operation TEXT NOT NULL,
        body_hash TEXT NOT NULL,
        result JSONB,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        id UUID NOT NULL,
        tenant_id UUID NOT NULL,
        CONSTRAINT pk_idempotency_record PRIMARY KEY (id),
        CONSTRAINT uq_idempotency_record_tenant_id_principal_id_key UNIQUE (tenant_id, principal_id, key),
        CONSTRAINT fk_idempotency_record_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id)
    )
    """,
    """
    CREATE TABLE attempt_counter (
        subject TEXT NOT NULL,
        attempts BIGINT NOT NULL,
        began_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_attempt_counter PRIMARY KEY (subject)
    )
    """,
)

DOWN = (
    "DROP TABLE attempt_counter",
    "DROP TABLE idempotency_record",
    "DROP TABLE outbox_event",
    "DROP TABLE audit_event",
)


def upgrade() -> None:
    """Up."""
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    """Down."""
    for statement in DOWN:
        op.execute(statement)
