"""Service levels: policies by plan, the clock of each target, and how long the solution's clock has stood still.

Tickets that there are already have neither a clock of their own for the solution, which is then that of the response, nor a policy;
their pauses stay in their due times, and are not counted anew.

Revision 0016, after 0015.
"""

from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | None = None
depends_on: str | None = None

SCOPE = "(SELECT nullif(current_setting('bailiwick.scope', true), ''))"
# The published policy for everybody: `domain.support.reference.reference_id("policy", "standard")`.
STANDARD = "32fddc04-daa1-5c33-b95b-5ef7ee1b9f14"

UP = (
    """
    CREATE TABLE sla_policy (
        key TEXT NOT NULL,
        name TEXT NOT NULL,
        plan_name TEXT,
        version BIGINT DEFAULT 1 NOT NULL,
        id UUID NOT NULL,
        CONSTRAINT pk_sla_policy PRIMARY KEY (id),
        CONSTRAINT uq_sla_policy_key UNIQUE (key),
        CONSTRAINT uq_sla_policy_plan_name UNIQUE NULLS NOT DISTINCT (plan_name)
    )
    """,
    "ALTER TABLE sla_policy ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE sla_policy FORCE ROW LEVEL SECURITY",
    f"""
    CREATE POLICY scope ON sla_policy USING ({SCOPE} IS NOT NULL) WITH CHECK ({SCOPE} IN ('platform', 'worker'))
    """,
    "GRANT SELECT, INSERT, UPDATE, DELETE ON sla_policy TO bailiwick_app",
    "SELECT set_config('bailiwick.scope', 'worker', false)",
    f"""
    INSERT INTO sla_policy (id, key, name)
    SELECT '{STANDARD}', 'standard', 'Standard' WHERE EXISTS (SELECT FROM sla_target)
    """,
    "SELECT set_config('bailiwick.scope', '', false)",
    f"ALTER TABLE sla_target ADD policy_id UUID NOT NULL DEFAULT '{STANDARD}'",
    """
    ALTER TABLE sla_target
        ALTER policy_id DROP DEFAULT,
        DROP CONSTRAINT uq_sla_target_severity,
        ADD CONSTRAINT uq_sla_target_policy_id_severity UNIQUE (policy_id, severity),
        ADD CONSTRAINT fk_sla_target_policy_id FOREIGN KEY(policy_id) REFERENCES sla_policy (id),
        ADD CONSTRAINT ck_sla_target_minutes CHECK (response_minutes BETWEEN 1 AND 527040
            AND resolution_minutes BETWEEN response_minutes AND 527040)
    """,
    """
    CREATE FUNCTION sla_policy_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE sla_policy SET version = version + 1 WHERE id = OLD.policy_id;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER sla_policy_changed AFTER UPDATE OR DELETE ON sla_target
        FOR EACH ROW EXECUTE FUNCTION sla_policy_changed()
    """,
    """
    ALTER TABLE ticket
        ADD sla_policy_id UUID,
        ADD sla_policy_version BIGINT,
        ADD resolution_clock VARCHAR(40),
        ADD paused_for INTERVAL DEFAULT '0' NOT NULL,
        ADD paused_open_for INTERVAL DEFAULT '0' NOT NULL,
        ADD CONSTRAINT fk_ticket_sla_policy_id FOREIGN KEY(sla_policy_id) REFERENCES sla_policy (id),
        ADD CONSTRAINT ck_ticket_resolution_clock CHECK (resolution_clock IN ('CALENDAR', 'BUSINESS'))
    """,
)

DOWN = (
    """
    ALTER TABLE ticket
        DROP sla_policy_id,
        DROP sla_policy_version,
        DROP resolution_clock,
        DROP paused_for,
        DROP paused_open_for
    """,
    "DROP TRIGGER sla_policy_changed ON sla_target",
    "DROP FUNCTION sla_policy_changed()",
    "SELECT set_config('bailiwick.scope', 'worker', false)",
    "DELETE FROM sla_target WHERE policy_id <> (SELECT id FROM sla_policy WHERE plan_name IS NULL)",
    "SELECT set_config('bailiwick.scope', '', false)",
    """
    ALTER TABLE sla_target
        DROP CONSTRAINT ck_sla_target_minutes,
        DROP CONSTRAINT uq_sla_target_policy_id_severity,
        DROP policy_id,
        ADD CONSTRAINT uq_sla_target_severity UNIQUE (severity)
    """,
    "DROP TABLE sla_policy",
)


def upgrade() -> None:
    """Up."""
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    """Down."""
    for statement in DOWN:
        op.execute(statement)
