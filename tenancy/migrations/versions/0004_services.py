"""The catalogue and subscriptions.

Revision 0004, after 0003.
"""

from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | None = None
depends_on: str | None = None

UP = (
    """
    CREATE TABLE service (
        key TEXT NOT NULL,
        name TEXT NOT NULL,
        family VARCHAR(40) NOT NULL,
        startable BOOLEAN NOT NULL,
        batch_editable BOOLEAN NOT NULL,
        asks_audience BOOLEAN NOT NULL,
        premium BOOLEAN NOT NULL,
        channel_id UUID NOT NULL,
        addon_of TEXT[] DEFAULT '{}' NOT NULL,
        id UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_service PRIMARY KEY (id),
        CONSTRAINT uq_service_key UNIQUE (key),
        CONSTRAINT ck_service_servicefamily CHECK (family IN ('CLOUD', 'ON_PREMISES')),
        CONSTRAINT fk_service_channel_id FOREIGN KEY(channel_id) REFERENCES support_channel (id)
    )
    """,
    """
    CREATE TABLE subscription_pool (
        service_id UUID NOT NULL,
        seats_total BIGINT NOT NULL,
        seats_assigned BIGINT NOT NULL,
        valid_until TIMESTAMP WITH TIME ZONE NOT NULL,
        id UUID NOT NULL,
        tenant_id UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        version BIGINT DEFAULT '1' NOT NULL,
        CONSTRAINT pk_subscription_pool PRIMARY KEY (id),
        CONSTRAINT ck_subscription_pool_seats_within_total CHECK (0 <= seats_assigned AND seats_assigned <= seats_total),
        CONSTRAINT fk_subscription_pool_service_id FOREIGN KEY(service_id) REFERENCES service (id),
        CONSTRAINT fk_subscription_pool_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id)
    )
    """,
    """
    CREATE TABLE service_subscription (
        service_id UUID NOT NULL,
        kind VARCHAR(40) NOT NULL,
        pool_id UUID,
        seats BIGINT NOT NULL,
        valid_from TIMESTAMP WITH TIME ZONE NOT NULL,
        valid_until TIMESTAMP WITH TIME ZONE NOT NULL,
        contract_ends_at TIMESTAMP WITH TIME ZONE,
        status VARCHAR(40) NOT NULL,
        hidden_when_expired BOOLEAN DEFAULT 'false' NOT NULL,
        id UUID NOT NULL,
        managing_partner_id UUID,
        tenant_id UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        version BIGINT DEFAULT '1' NOT NULL,
        CONSTRAINT pk_service_subscription PRIMARY KEY (id),
        CONSTRAINT ck_service_subscription_seats_not_negative CHECK (seats >= 0),
        CONSTRAINT ck_service_subscription_validity CHECK (valid_from < valid_until),
        CONSTRAINT ck_service_subscription_expiry_is_derived CHECK (status <> 'EXPIRED'),
        CONSTRAINT ck_service_subscription_pool_of_pooled CHECK ((kind = 'POOLED') = (pool_id IS NOT NULL)),
        CONSTRAINT fk_service_subscription_service_id FOREIGN KEY(service_id) REFERENCES service (id),
        CONSTRAINT ck_service_subscription_subscriptionkind CHECK (kind IN ('TRIAL', 'PAID', 'POOLED')),
        CONSTRAINT fk_service_subscription_pool_id FOREIGN KEY(pool_id) REFERENCES subscription_pool (id),
        CONSTRAINT ck_service_subscription_subscriptionstatus CHECK (status IN ('PENDING', 'ACTIVE', 'SUSPENDED', 'EXPIRED', 'ENDED')),
        CONSTRAINT fk_service_subscription_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id)
    )
    """,
    """
    CREATE INDEX ix_service_subscription_managing_partner_id ON service_subscription (managing_partner_id, service_id, tenant_id)
    """,
    """
    CREATE INDEX ix_service_subscription_tenant_id ON service_subscription (tenant_id, service_id)
    """,
    """
    CREATE TABLE service_setup (
        subscription_id UUID NOT NULL,
        service_id UUID NOT NULL,
        status VARCHAR(40) NOT NULL,
        started_at TIMESTAMP WITH TIME ZONE,
        started_by UUID,
        id UUID NOT NULL,
        managing_partner_id UUID,
        tenant_id UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_service_setup PRIMARY KEY (id),
        CONSTRAINT uq_service_setup_subscription_id UNIQUE (subscription_id),
        CONSTRAINT fk_service_setup_subscription_id FOREIGN KEY(subscription_id) REFERENCES service_subscription (id),
        CONSTRAINT fk_service_setup_service_id FOREIGN KEY(service_id) REFERENCES service (id),
        CONSTRAINT ck_service_setup_setupstatus CHECK (status IN ('NOT_STARTED', 'IN_PROGRESS', 'PARTIALLY_STARTED', 'STARTED')),
        CONSTRAINT fk_service_setup_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id)
    )
    """,
)

DOWN = (
    "DROP TABLE service_setup",
    "DROP TABLE service_subscription",
    "DROP TABLE subscription_pool",
    "DROP TABLE service",
)


def upgrade() -> None:
    """Up."""
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    """Down."""
    for statement in DOWN:
        op.execute(statement)
