"""Regions, working hours, targets, channels and agreements.

Revision 0001, after nothing.
"""

from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None

UP = (
    """
    CREATE TABLE support_region (
        key TEXT NOT NULL,
        name TEXT NOT NULL,
        timezone TEXT NOT NULL,
        countries TEXT[] NOT NULL,
        is_default BOOLEAN NOT NULL,
        id UUID NOT NULL,
        CONSTRAINT pk_support_region PRIMARY KEY (id),
        CONSTRAINT uq_support_region_key UNIQUE (key)
    )
    """,
    """
    CREATE TABLE calendar_interval (
        region_id UUID NOT NULL,
        weekday BIGINT NOT NULL,
        start_minute BIGINT NOT NULL,
        end_minute BIGINT NOT NULL,
        id UUID NOT NULL,
        CONSTRAINT pk_calendar_interval PRIMARY KEY (id),
        CONSTRAINT ck_calendar_interval_weekday CHECK (weekday BETWEEN 0 AND 6),
        CONSTRAINT ck_calendar_interval_minutes CHECK (0 <= start_minute AND start_minute < end_minute AND end_minute <= 1440),
        CONSTRAINT fk_calendar_interval_region_id FOREIGN KEY(region_id) REFERENCES support_region (id)
    )
    """,
    """
    CREATE INDEX ix_calendar_interval_region_id ON calendar_interval (region_id)
    """,
    """
    CREATE TABLE calendar_exception (
        region_id UUID NOT NULL,
        on_date DATE NOT NULL,
        intervals JSONB NOT NULL,
        name TEXT NOT NULL,
        id UUID NOT NULL,
        CONSTRAINT pk_calendar_exception PRIMARY KEY (id),
        CONSTRAINT uq_calendar_exception_region_id_on_date UNIQUE (region_id, on_date),
        CONSTRAINT fk_calendar_exception_region_id FOREIGN KEY(region_id) REFERENCES support_region (id)
    )
    """,
    """
    CREATE TABLE sla_target (
        severity BIGINT NOT NULL,
        response_minutes BIGINT NOT NULL,
        resolution_minutes BIGINT NOT NULL,
        clock VARCHAR(40) NOT NULL,
        id UUID NOT NULL,
        CONSTRAINT pk_sla_target PRIMARY KEY (id),
        CONSTRAINT ck_sla_target_severity CHECK (severity BETWEEN 1 AND 5),
        CONSTRAINT uq_sla_target_severity UNIQUE (severity),
        CONSTRAINT ck_sla_target_slaclock CHECK (clock IN ('CALENDAR', 'BUSINESS'))
    )
    """,
    """
    CREATE TABLE support_channel (
        key TEXT NOT NULL,
        name TEXT NOT NULL,
        requires_support_contract BOOLEAN NOT NULL,
        required_partner_privilege VARCHAR(40) NOT NULL,
        sign_in_kind VARCHAR(40) NOT NULL,
        id UUID NOT NULL,
        CONSTRAINT pk_support_channel PRIMARY KEY (id),
        CONSTRAINT uq_support_channel_key UNIQUE (key),
        CONSTRAINT ck_support_channel_partnerprivilege CHECK (required_partner_privilege IN ('NONE', 'DELEGATED_ADMIN', 'SUBSCRIPTION_WRITE')),
        CONSTRAINT ck_support_channel_signinkind CHECK (sign_in_kind IN ('LOCAL', 'MICROSOFT', 'MPN', 'OFFICE_PORTAL', 'AZURE_SUBSCRIPTION', 'GOOGLE', 'SALESFORCE'))
    )
    """,
    """
    CREATE TABLE agreement (
        kind VARCHAR(40) NOT NULL,
        version TEXT NOT NULL,
        url TEXT NOT NULL,
        published_at TIMESTAMP WITH TIME ZONE NOT NULL,
        id UUID NOT NULL,
        CONSTRAINT pk_agreement PRIMARY KEY (id),
        CONSTRAINT uq_agreement_kind_version UNIQUE (kind, version),
        CONSTRAINT ck_agreement_agreementkind CHECK (kind IN ('PRIVACY', 'SERVICES'))
    )
    """,
)

DOWN = (
    "DROP TABLE agreement",
    "DROP TABLE support_channel",
    "DROP TABLE sla_target",
    "DROP TABLE calendar_exception",
    "DROP TABLE calendar_interval",
    "DROP TABLE support_region",
)


def upgrade() -> None:
    """Up."""
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    """Down."""
    for statement in DOWN:
        op.execute(statement)
