"""Schedules of exports: who wants what as a file, and how often; the worker writes their exports when they are due.

Revision 0044, after 0043.
"""

from alembic import op

revision: str = "0044"
down_revision: str | None = "0043"
branch_labels: str | None = None
depends_on: str | None = None

APPLICATION = "bailiwick_app"
WORKER = "bailiwick_worker"
TENANT = "(SELECT nullif(current_setting('bailiwick.tenant_id', true), '')::uuid)"
SCOPE = "(SELECT nullif(current_setting('bailiwick.scope', true), ''))"
REACHED = f"(tenant_id = {TENANT}) OR ({SCOPE} IN ('platform', 'worker'))"

TABLE = """
    CREATE TABLE export_schedule (
        kind VARCHAR(40) NOT NULL,
        format VARCHAR(40) NOT NULL,
        wanted JSONB NOT NULL,
        file_name TEXT,
        frequency VARCHAR(40) NOT NULL,
        minute BIGINT NOT NULL,
        time_zone TEXT NOT NULL,
        weekday BIGINT,
        day_of_month BIGINT,
        next_run_at TIMESTAMP WITH TIME ZONE,
        last_job_id UUID,
        stopped_at TIMESTAMP WITH TIME ZONE,
        stop_code TEXT,
        stop_message TEXT,
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
        version BIGINT DEFAULT '1' NOT NULL,
        CONSTRAINT pk_export_schedule PRIMARY KEY (id),
        CONSTRAINT fk_export_schedule_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id),
        CONSTRAINT fk_export_schedule_last_job_id FOREIGN KEY(last_job_id) REFERENCES export_job (id),
        CONSTRAINT ck_export_schedule_exportkind CHECK (kind IN ('TICKETS')),
        CONSTRAINT ck_export_schedule_exportformat CHECK (format IN ('CSV', 'XLSX', 'JSON')),
        CONSTRAINT ck_export_schedule_exportfrequency CHECK (frequency IN ('DAILY', 'WEEKLY', 'MONTHLY')),
        CONSTRAINT ck_export_schedule_principalkind
            CHECK (actor_kind IN ('USER', 'SERVICE_PRINCIPAL', 'TEMPORARY_SUPPORT', 'VISITOR')),
        CONSTRAINT ck_export_schedule_minute_of_a_day CHECK (minute BETWEEN 0 AND 1439),
        CONSTRAINT ck_export_schedule_weekday_of_weeks
            CHECK ((frequency = 'WEEKLY') = (weekday IS NOT NULL) AND weekday BETWEEN 0 AND 6),
        CONSTRAINT ck_export_schedule_day_of_months
            CHECK ((frequency = 'MONTHLY') = (day_of_month IS NOT NULL) AND day_of_month BETWEEN 1 AND 31),
        CONSTRAINT ck_export_schedule_next_unless_stopped CHECK ((stopped_at IS NULL) = (next_run_at IS NOT NULL)),
        CONSTRAINT ck_export_schedule_stopped_for_a_reason
            CHECK ((stopped_at IS NULL) = (stop_code IS NULL) AND (stop_code IS NULL) = (stop_message IS NULL))
    )
"""
INDEXES = (
    "CREATE INDEX ix_export_schedule_tenant_id_created_at ON export_schedule (tenant_id, created_at, id)",
    "CREATE INDEX ix_export_schedule_user_id_created_at ON export_schedule (user_id, created_at, id)",
    "CREATE INDEX ix_export_schedule_next_run_at ON export_schedule (next_run_at) WHERE next_run_at IS NOT NULL",
)
RIGHTS = (
    (APPLICATION, "SELECT, INSERT, UPDATE, DELETE", "export_schedule"),
    (WORKER, "SELECT, UPDATE", "export_schedule"),
    (WORKER, "INSERT", "export_job"),
)


def upgrade() -> None:
    """Up."""
    for statement in (TABLE, *INDEXES):
        op.execute(statement)
    op.execute("ALTER TABLE export_schedule ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE export_schedule FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY scope ON export_schedule USING ({REACHED}) WITH CHECK ({REACHED})")
    for role, rights, table in RIGHTS:
        op.execute(f"GRANT {rights} ON {table} TO {role}")


def downgrade() -> None:
    """Down."""
    op.execute(f"REVOKE INSERT ON export_job FROM {WORKER}")
    op.execute("DROP TABLE export_schedule")
