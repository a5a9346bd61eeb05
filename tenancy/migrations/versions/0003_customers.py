"""Management relationships and what partners keep about customers.

Revision 0003, after 0002.
"""

from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None

UP = (
    """
    CREATE TABLE management_relationship (
        customer_tenant_id UUID NOT NULL,
        mode VARCHAR(40) NOT NULL,
        status VARCHAR(40) NOT NULL,
        mode_changed_at TIMESTAMP WITH TIME ZONE,
        mode_changed_by UUID,
        registered_account TEXT NOT NULL,
        organization_name TEXT NOT NULL,
        search_name TEXT NOT NULL,
        country TEXT,
        id UUID NOT NULL,
        tenant_id UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        version BIGINT DEFAULT '1' NOT NULL,
        CONSTRAINT pk_management_relationship PRIMARY KEY (id),
        CONSTRAINT ck_management_relationship_two_tenants CHECK (tenant_id <> customer_tenant_id),
        CONSTRAINT uq_management_relationship_customer_tenant_id UNIQUE (customer_tenant_id),
        CONSTRAINT fk_management_relationship_customer_tenant_id FOREIGN KEY(customer_tenant_id) REFERENCES tenant (id),
        CONSTRAINT ck_management_relationship_managementmode CHECK (mode IN ('PARTNER', 'CUSTOMER')),
        CONSTRAINT ck_management_relationship_relationshipstatus CHECK (status IN ('PENDING', 'ACTIVE')),
        CONSTRAINT fk_management_relationship_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id)
    )
    """,
    """
    CREATE INDEX ix_management_relationship_name ON management_relationship (tenant_id, search_name, id)
    """,
    """
    CREATE TABLE customer_profile (
        relationship_id UUID NOT NULL,
        customer_tenant_id UUID NOT NULL,
        display_name TEXT,
        notes TEXT,
        tags TEXT[] DEFAULT '{}' NOT NULL,
        billing_reports_enabled BOOLEAN NOT NULL,
        billing_recipients TEXT[] DEFAULT '{}' NOT NULL,
        service_reports_enabled BOOLEAN NOT NULL,
        service_recipients TEXT[] DEFAULT '{}' NOT NULL,
        tenant_id UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_customer_profile PRIMARY KEY (relationship_id),
        CONSTRAINT fk_customer_profile_relationship_id FOREIGN KEY(relationship_id) REFERENCES management_relationship (id) ON DELETE CASCADE,
        CONSTRAINT fk_customer_profile_customer_tenant_id FOREIGN KEY(customer_tenant_id) REFERENCES tenant (id),
        CONSTRAINT fk_customer_profile_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id)
    )
    """,
    """
    CREATE INDEX ix_customer_profile_tags ON customer_profile USING gin (tags)
    """,
    """
    CREATE TABLE customer_pin (
        user_id UUID NOT NULL,
        relationship_id UUID NOT NULL,
        pinned_at TIMESTAMP WITH TIME ZONE NOT NULL,
        tenant_id UUID NOT NULL,
        CONSTRAINT pk_customer_pin PRIMARY KEY (user_id, relationship_id),
        CONSTRAINT fk_customer_pin_user_id FOREIGN KEY(user_id) REFERENCES user_account (id),
        CONSTRAINT fk_customer_pin_relationship_id FOREIGN KEY(relationship_id) REFERENCES management_relationship (id) ON DELETE CASCADE,
        CONSTRAINT fk_customer_pin_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id)
    )
    """,
    """
    CREATE TABLE provider_option_policy (
        customer_tenant_id UUID,
        option VARCHAR(40) NOT NULL,
        hidden BOOLEAN NOT NULL,
        id UUID NOT NULL,
        tenant_id UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_provider_option_policy PRIMARY KEY (id),
        CONSTRAINT uq_provider_option_policy_tenant_id_customer_tenant_id_option UNIQUE NULLS NOT DISTINCT (tenant_id, customer_tenant_id, option),
        CONSTRAINT fk_provider_option_policy_customer_tenant_id FOREIGN KEY(customer_tenant_id) REFERENCES tenant (id),
        CONSTRAINT ck_provider_option_policy_provideroption CHECK (option IN ('SUPPORT_TEMPORARY_ACCOUNT', 'EXPIRED_SERVICES')),
        CONSTRAINT fk_provider_option_policy_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id)
    )
    """,
)

DOWN = (
    "DROP TABLE provider_option_policy",
    "DROP TABLE customer_pin",
    "DROP TABLE customer_profile",
    "DROP TABLE management_relationship",
)


def upgrade() -> None:
    """Up."""
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    """Down."""
    for statement in DOWN:
        op.execute(statement)
