"""Exports: who wants what as a file, which the worker makes as who asked for it.

Revision 0042, after 0041.
"""

from alembic import op

revision: str = "0042"
down_revision: str | None = "0041"
branch_labels: str | None = None
depends_on: str | None = None

APPLICATION = "bailiwick_app"
WORKER = "bailiwick_worker"
TENANT = "(SELECT nullif(current_setting('bailiwick.tenant_id', true), '')::uuid)"
SCOPE = "(SELECT nullif(current_setting('bailiwick.scope', true), ''))"
REACHED = f"(tenant_id = {TENANT}) OR ({SCOPE} IN ('platform', 'worker'))"

TABLE = """
    CREATE TABLE export_job (
        kind VARCHAR(40) NOT NULL,
        format VARCHAR(40) NOT NULL,
        status VARCHAR(40) NOT NULL,
        wanted JSONB NOT NULL,
        file_name TEXT NOT NULL,
        attempts BIGINT NOT NULL,
        row_count BIGINT,
        size BIGINT,
        sha256 TEXT,
        object_key TEXT,
        ticket_ids UUID[],
        failure_code TEXT,
        failure_message TEXT,
        started_at TIMESTAMP WITH TIME ZONE,
        ended_at TIMESTAMP WITH TIME ZONE,
        expires_at TIMESTAMP WITH TIME ZONE,
        actor_kind VARCHAR(40) NOT NULL,
        user_id UUID NOT NULL,
        actor_name TEXT NOT NULL,
        credential_id UUID,
        session_id UUID,
        ip_address TEXT,
        request_id TEXT,
        id UUID NOT NULL,
        tenant_id UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_export_job PRIMARY KEY (id),
        CONSTRAINT fk_export_job_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id),
        CONSTRAINT ck_export_job_exportkind CHECK (kind IN ('TICKETS')),
        CONSTRAINT ck_export_job_exportformat CHECK (format IN ('CSV', 'XLSX', 'JSON')),
        CONSTRAINT ck_export_job_exportstatus CHECK (status IN ('QUEUED', 'RUNNING', 'READY', 'FAILED', 'EXPIRED')),
        CONSTRAINT ck_export_job_principalkind
            CHECK (actor_kind IN ('USER', 'SERVICE_PRINCIPAL', 'TEMPORARY_SUPPORT', 'VISITOR')),
        CONSTRAINT ck_export_job_expiry_is_derived CHECK (status <> 'EXPIRED'),
        CONSTRAINT ck_export_job_ended CHECK ((status IN ('QUEUED', 'RUNNING')) = (ended_at IS NULL)),
        CONSTRAINT ck_export_job_expires_when_ready CHECK ((status = 'READY') = (expires_at IS NOT NULL)),
        CONSTRAINT ck_export_job_failed_for_a_reason CHECK ((status = 'FAILED') = (failure_code IS NOT NULL))
    )
"""
INDEXES = (
    "CREATE INDEX ix_export_job_tenant_id_created_at ON export_job (tenant_id, created_at, id)",
    "CREATE INDEX ix_export_job_user_id_created_at ON export_job (user_id, created_at, id)",
    "CREATE INDEX ix_export_job_unfinished ON export_job (tenant_id) WHERE status IN ('QUEUED', 'RUNNING')",
    "CREATE INDEX ix_export_job_stored ON export_job (expires_at) WHERE object_key IS NOT NULL",
)
RIGHTS = (
    (APPLICATION, "SELECT, INSERT, UPDATE", "export_job"),
    (WORKER, "SELECT, UPDATE", "export_job"),
    (WORKER, "SELECT", "service"),
)


def upgrade() -> None:
    """Up."""
    for statement in (TABLE, *INDEXES):
        op.execute(statement)
    op.execute("ALTER TABLE export_job ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE export_job FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY scope ON export_job USING ({REACHED}) WITH CHECK ({REACHED})")
    for role, rights, table in RIGHTS:
        op.execute(f"GRANT {rights} ON {table} TO {role}")


def downgrade() -> None:
    """Down."""
    op.execute(f"REVOKE SELECT ON service FROM {WORKER}")
    op.execute("DROP TABLE export_job")
