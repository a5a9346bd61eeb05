"""Organisations, people, roles, customer groups and credentials.

Revision 0002, after 0001.
"""

from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None

UP = (
    """
    CREATE TABLE tenant (
        kind VARCHAR(40) NOT NULL,
        name TEXT NOT NULL,
        slug TEXT NOT NULL,
        environment VARCHAR(40) NOT NULL,
        country TEXT,
        support_region_id UUID,
        status VARCHAR(40) NOT NULL,
        partner_type VARCHAR(40),
        features JSONB DEFAULT '{}' NOT NULL,
        managing_partner_id UUID,
        hidden_options TEXT[] DEFAULT '{}' NOT NULL,
        id UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        version BIGINT DEFAULT '1' NOT NULL,
        CONSTRAINT pk_tenant PRIMARY KEY (id),
        CONSTRAINT ck_tenant_partner_type_of_partners CHECK ((kind = 'PARTNER') = (partner_type IS NOT NULL)),
        CONSTRAINT ck_tenant_tenantkind CHECK (kind IN ('PLATFORM', 'PARTNER', 'CUSTOMER')),
        CONSTRAINT uq_tenant_slug UNIQUE (slug),
        CONSTRAINT ck_tenant_environment CHECK (environment IN ('COMMERCIAL', 'US_GOVERNMENT')),
        CONSTRAINT fk_tenant_support_region_id FOREIGN KEY(support_region_id) REFERENCES support_region (id),
        CONSTRAINT ck_tenant_tenantstatus CHECK (status IN ('ACTIVE', 'SUSPENDED')),
        CONSTRAINT ck_tenant_partnertype CHECK (partner_type IN ('DIRECT', 'INDIRECT_PROVIDER', 'INDIRECT_RESELLER'))
    )
    """,
    """
    CREATE INDEX ix_tenant_managing_partner_id ON tenant (managing_partner_id)
    """,
    """
    CREATE TABLE tenant_security_settings (
        tenant_id UUID NOT NULL,
        temporary_support_accounts_allowed BOOLEAN NOT NULL,
        organization_ticket_access VARCHAR(40) NOT NULL,
        session_timeout_minutes BIGINT NOT NULL,
        trusted_ips TEXT[] NOT NULL,
        managing_partner_id UUID,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        version BIGINT DEFAULT '1' NOT NULL,
        CONSTRAINT pk_tenant_security_settings PRIMARY KEY (tenant_id),
        CONSTRAINT fk_tenant_security_settings_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id),
        CONSTRAINT ck_tenant_security_settings_organizationticketaccess CHECK (organization_ticket_access IN ('NONE', 'VIEW', 'VIEW_AND_REPLY'))
    )
    """,
    """
    CREATE TABLE user_account (
        email TEXT NOT NULL,
        identity_provider TEXT NOT NULL,
        first_name TEXT NOT NULL,
        last_name TEXT NOT NULL,
        sign_in_kind VARCHAR(40) NOT NULL,
        password_hash TEXT,
        email_verified_at TIMESTAMP WITH TIME ZONE,
        status VARCHAR(40) NOT NULL,
        id UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_user_account PRIMARY KEY (id),
        CONSTRAINT uq_user_account_email_identity_provider UNIQUE (email, identity_provider),
        CONSTRAINT ck_user_account_email_in_lower_case CHECK (email = lower(email)),
        CONSTRAINT ck_user_account_signinkind CHECK (sign_in_kind IN ('LOCAL', 'MICROSOFT', 'MPN', 'OFFICE_PORTAL', 'AZURE_SUBSCRIPTION', 'GOOGLE', 'SALESFORCE')),
        CONSTRAINT ck_user_account_userstatus CHECK (status IN ('PRE_PROVISIONED', 'PENDING_PASSWORD', 'ACTIVE', 'DISABLED', 'DELETED'))
    )
    """,
    """
    CREATE TABLE custom_role (
        name TEXT NOT NULL,
        permissions TEXT[] NOT NULL,
        denied_permissions TEXT[] DEFAULT '{}' NOT NULL,
        id UUID NOT NULL,
        tenant_id UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        version BIGINT DEFAULT '1' NOT NULL,
        CONSTRAINT pk_custom_role PRIMARY KEY (id),
        CONSTRAINT uq_custom_role_tenant_id_name UNIQUE (tenant_id, name),
        CONSTRAINT fk_custom_role_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id)
    )
    """,
    """
    CREATE TABLE membership (
        user_id UUID NOT NULL,
        role VARCHAR(40) NOT NULL,
        custom_role_id UUID,
        status VARCHAR(40) NOT NULL,
        id UUID NOT NULL,
        managing_partner_id UUID,
        tenant_id UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_membership PRIMARY KEY (id),
        CONSTRAINT uq_membership_tenant_id_user_id UNIQUE (tenant_id, user_id),
        CONSTRAINT fk_membership_user_id FOREIGN KEY(user_id) REFERENCES user_account (id),
        CONSTRAINT ck_membership_role CHECK (role IN ('TENANT_OWNER', 'SERVICE_ADMINISTRATOR', 'CUSTOMIZED_ADMINISTRATOR', 'APPLICATION_ADMINISTRATOR', 'STANDARD_USER', 'PARTNER_ADMIN', 'PARTNER_USER', 'AGENT', 'AGENT_LEAD', 'OPERATOR', 'TEMPORARY_SUPPORT')),
        CONSTRAINT fk_membership_custom_role_id FOREIGN KEY(custom_role_id) REFERENCES custom_role (id),
        CONSTRAINT ck_membership_membershipstatus CHECK (status IN ('ACTIVE', 'DISABLED')),
        CONSTRAINT fk_membership_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id)
    )
    """,
    """
    CREATE INDEX ix_membership_user_id ON membership (user_id)
    """,
    """
    CREATE UNIQUE INDEX uq_membership_tenant_owner ON membership (tenant_id) WHERE role = 'TENANT_OWNER'
    """,
    """
    CREATE TABLE membership_service_scope (
        membership_id UUID NOT NULL,
        service_id UUID NOT NULL,
        tenant_id UUID NOT NULL,
        CONSTRAINT pk_membership_service_scope PRIMARY KEY (membership_id, service_id),
        CONSTRAINT fk_membership_service_scope_membership_id FOREIGN KEY(membership_id) REFERENCES membership (id) ON DELETE CASCADE,
        CONSTRAINT fk_membership_service_scope_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id)
    )
    """,
    """
    CREATE TABLE customer_group (
        name TEXT NOT NULL,
        id UUID NOT NULL,
        tenant_id UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_customer_group PRIMARY KEY (id),
        CONSTRAINT uq_customer_group_tenant_id_name UNIQUE (tenant_id, name),
        CONSTRAINT fk_customer_group_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id)
    )
    """,
    """
    CREATE TABLE customer_group_member (
        group_id UUID NOT NULL,
        customer_tenant_id UUID NOT NULL,
        tenant_id UUID NOT NULL,
        CONSTRAINT pk_customer_group_member PRIMARY KEY (group_id, customer_tenant_id),
        CONSTRAINT fk_customer_group_member_group_id FOREIGN KEY(group_id) REFERENCES customer_group (id) ON DELETE CASCADE,
        CONSTRAINT fk_customer_group_member_customer_tenant_id FOREIGN KEY(customer_tenant_id) REFERENCES tenant (id),
        CONSTRAINT fk_customer_group_member_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id)
    )
    """,
    """
    CREATE TABLE membership_customer_group (
        membership_id UUID NOT NULL,
        group_id UUID NOT NULL,
        excluded BOOLEAN NOT NULL,
        tenant_id UUID NOT NULL,
        CONSTRAINT pk_membership_customer_group PRIMARY KEY (membership_id, group_id),
        CONSTRAINT fk_membership_customer_group_membership_id FOREIGN KEY(membership_id) REFERENCES membership (id) ON DELETE CASCADE,
        CONSTRAINT fk_membership_customer_group_group_id FOREIGN KEY(group_id) REFERENCES customer_group (id) ON DELETE CASCADE,
        CONSTRAINT fk_membership_customer_group_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id)
    )
    """,
    """
    CREATE TABLE sign_in_session (
        user_id UUID NOT NULL,
        refresh_hash TEXT,
        expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
        revoked_at TIMESTAMP WITH TIME ZONE,
        user_agent TEXT,
        id UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_sign_in_session PRIMARY KEY (id),
        CONSTRAINT fk_sign_in_session_user_id FOREIGN KEY(user_id) REFERENCES user_account (id),
        CONSTRAINT uq_sign_in_session_refresh_hash UNIQUE (refresh_hash)
    )
    """,
    """
    CREATE INDEX ix_sign_in_session_user_id ON sign_in_session (user_id)
    """,
    """
    CREATE TABLE signing_key (
        public_key TEXT NOT NULL,
        private_key_encrypted TEXT NOT NULL,
        signs_until TIMESTAMP WITH TIME ZONE NOT NULL,
        verifies_until TIMESTAMP WITH TIME ZONE NOT NULL,
        id UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_signing_key PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE sign_in_attempt (
        subject TEXT NOT NULL,
        failures BIGINT NOT NULL,
        last_failed_at TIMESTAMP WITH TIME ZONE NOT NULL,
        id UUID NOT NULL,
        CONSTRAINT pk_sign_in_attempt PRIMARY KEY (id),
        CONSTRAINT uq_sign_in_attempt_subject UNIQUE (subject)
    )
    """,
    """
    CREATE TABLE service_principal (
        name TEXT NOT NULL,
        role VARCHAR(40) NOT NULL,
        disabled_at TIMESTAMP WITH TIME ZONE,
        id UUID NOT NULL,
        tenant_id UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_service_principal PRIMARY KEY (id),
        CONSTRAINT ck_service_principal_role CHECK (role IN ('TENANT_OWNER', 'SERVICE_ADMINISTRATOR', 'CUSTOMIZED_ADMINISTRATOR', 'APPLICATION_ADMINISTRATOR', 'STANDARD_USER', 'PARTNER_ADMIN', 'PARTNER_USER', 'AGENT', 'AGENT_LEAD', 'OPERATOR', 'TEMPORARY_SUPPORT')),
        CONSTRAINT fk_service_principal_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id)
    )
    """,
    """
    CREATE TABLE api_token (
        service_principal_id UUID NOT NULL,
        name TEXT NOT NULL,
        token_hash TEXT NOT NULL,
        scopes TEXT[] NOT NULL,
        expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
        revoked_at TIMESTAMP WITH TIME ZONE,
        last_used_at TIMESTAMP WITH TIME ZONE,
        id UUID NOT NULL,
        tenant_id UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_api_token PRIMARY KEY (id),
        CONSTRAINT fk_api_token_service_principal_id FOREIGN KEY(service_principal_id) REFERENCES service_principal (id),
        CONSTRAINT uq_api_token_token_hash UNIQUE (token_hash),
        CONSTRAINT fk_api_token_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id)
    )
    """,
)

DOWN = (
    "DROP TABLE api_token",
    "DROP TABLE service_principal",
    "DROP TABLE sign_in_attempt",
    "DROP TABLE signing_key",
    "DROP TABLE sign_in_session",
    "DROP TABLE membership_customer_group",
    "DROP TABLE customer_group_member",
    "DROP TABLE customer_group",
    "DROP TABLE membership_service_scope",
    "DROP TABLE membership",
    "DROP TABLE custom_role",
    "DROP TABLE user_account",
    "DROP TABLE tenant_security_settings",
    "DROP TABLE tenant",
)


def upgrade() -> None:
    """Up."""
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    """Down."""
    for statement in DOWN:
        op.execute(statement)
