"""Support contracts, balances and their ledger.

Revision 0005, after 0004.
"""

from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | None = None
depends_on: str | None = None

UP = (
    """
    CREATE TABLE support_contract (
        access_id TEXT NOT NULL,
        contract_id_hash TEXT NOT NULL,
        contract_id_encrypted TEXT NOT NULL,
        plan_name TEXT NOT NULL,
        program VARCHAR(40) NOT NULL,
        partner_number TEXT,
        country TEXT,
        region_id UUID,
        valid_from TIMESTAMP WITH TIME ZONE NOT NULL,
        valid_until TIMESTAMP WITH TIME ZONE NOT NULL,
        activation_policy VARCHAR(40) NOT NULL,
        status VARCHAR(40) NOT NULL,
        sharing VARCHAR(40) NOT NULL,
        id UUID NOT NULL,
        linked_tenant_ids UUID[] DEFAULT '{}' NOT NULL,
        tenant_id UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_support_contract PRIMARY KEY (id),
        CONSTRAINT uq_support_contract_access_id_contract_id_hash UNIQUE (access_id, contract_id_hash),
        CONSTRAINT ck_support_contract_access_id_is_digits CHECK (access_id ~ '^[0-9]+$'),
        CONSTRAINT ck_support_contract_validity CHECK (valid_from < valid_until),
        CONSTRAINT ck_support_contract_stored_status CHECK (status NOT IN ('EXPIRED', 'EXHAUSTED')),
        CONSTRAINT ck_support_contract_program CHECK (program IN ('CORE', 'SCS', 'SCS_AZURE', 'ASFP')),
        CONSTRAINT fk_support_contract_region_id FOREIGN KEY(region_id) REFERENCES support_region (id),
        CONSTRAINT ck_support_contract_activationpolicy CHECK (activation_policy IN ('PROACTIVE_ON_RENEWAL', 'ON_REQUEST')),
        CONSTRAINT ck_support_contract_contractstatus CHECK (status IN ('PENDING_ACTIVATION', 'ACTIVE', 'EXHAUSTED', 'EXPIRED', 'REVOKED')),
        CONSTRAINT ck_support_contract_contractsharing CHECK (sharing IN ('ANY_WITH_IDS', 'OWN_TENANT')),
        CONSTRAINT fk_support_contract_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id)
    )
    """,
    """
    CREATE INDEX ix_support_contract_tenant_id ON support_contract (tenant_id, id)
    """,
    """
    CREATE TABLE support_contract_eligibility (
        contract_id UUID NOT NULL,
        service_id UUID,
        family VARCHAR(40),
        id UUID NOT NULL,
        linked_tenant_ids UUID[] DEFAULT '{}' NOT NULL,
        tenant_id UUID NOT NULL,
        CONSTRAINT pk_support_contract_eligibility PRIMARY KEY (id),
        CONSTRAINT ck_support_contract_eligibility_service_or_family CHECK (num_nonnulls(service_id, family) = 1),
        CONSTRAINT fk_support_contract_eligibility_contract_id FOREIGN KEY(contract_id) REFERENCES support_contract (id),
        CONSTRAINT fk_support_contract_eligibility_service_id FOREIGN KEY(service_id) REFERENCES service (id),
        CONSTRAINT ck_support_contract_eligibility_servicefamily CHECK (family IN ('CLOUD', 'ON_PREMISES')),
        CONSTRAINT fk_support_contract_eligibility_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id)
    )
    """,
    """
    CREATE INDEX ix_support_contract_eligibility_contract_id ON support_contract_eligibility (contract_id)
    """,
    """
    CREATE TABLE support_contract_link (
        user_id UUID NOT NULL,
        contract_id UUID NOT NULL,
        channel_id UUID NOT NULL,
        linked_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        revoked_at TIMESTAMP WITH TIME ZONE,
        id UUID NOT NULL,
        tenant_id UUID NOT NULL,
        CONSTRAINT pk_support_contract_link PRIMARY KEY (id),
        CONSTRAINT fk_support_contract_link_user_id FOREIGN KEY(user_id) REFERENCES user_account (id),
        CONSTRAINT fk_support_contract_link_contract_id FOREIGN KEY(contract_id) REFERENCES support_contract (id),
        CONSTRAINT fk_support_contract_link_channel_id FOREIGN KEY(channel_id) REFERENCES support_channel (id),
        CONSTRAINT fk_support_contract_link_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id)
    )
    """,
    """
    CREATE INDEX ix_support_contract_link_contract_id ON support_contract_link (contract_id)
    """,
    """
    CREATE INDEX ix_support_contract_link_tenant_id ON support_contract_link (tenant_id, user_id)
    """,
    """
    CREATE UNIQUE INDEX uq_support_contract_link_live ON support_contract_link (user_id, tenant_id, contract_id, channel_id) WHERE revoked_at IS NULL
    """,
    """
    CREATE TABLE entitlement (
        contract_id UUID NOT NULL,
        unit VARCHAR(40) NOT NULL,
        total NUMERIC(12, 2) NOT NULL,
        available NUMERIC(12, 2) NOT NULL,
        id UUID NOT NULL,
        linked_tenant_ids UUID[] DEFAULT '{}' NOT NULL,
        tenant_id UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_entitlement PRIMARY KEY (id),
        CONSTRAINT ck_entitlement_balance CHECK (0 <= available AND available <= total),
        CONSTRAINT fk_entitlement_contract_id FOREIGN KEY(contract_id) REFERENCES support_contract (id),
        CONSTRAINT ck_entitlement_entitlementunit CHECK (unit IN ('INCIDENT', 'HOUR')),
        CONSTRAINT fk_entitlement_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id)
    )
    """,
    """
    CREATE INDEX ix_entitlement_contract_id ON entitlement (contract_id, id)
    """,
    """
    CREATE INDEX ix_entitlement_tenant_id ON entitlement (tenant_id, id)
    """,
    """
    CREATE TABLE entitlement_transaction (
        entitlement_id UUID NOT NULL,
        ticket_id UUID,
        debit_id UUID,
        kind VARCHAR(40) NOT NULL,
        quantity NUMERIC(12, 2) NOT NULL,
        actor_user_id UUID,
        reason TEXT,
        occurred_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        id UUID NOT NULL,
        tenant_id UUID NOT NULL,
        CONSTRAINT pk_entitlement_transaction PRIMARY KEY (id),
        CONSTRAINT ck_entitlement_transaction_quantity CHECK (quantity > 0 OR kind = 'ADJUST'),
        CONSTRAINT ck_entitlement_transaction_credit_has_debit CHECK ((kind = 'CREDIT') = (debit_id IS NOT NULL)),
        CONSTRAINT ck_entitlement_transaction_ticket_of_debit CHECK (kind NOT IN ('DEBIT', 'CREDIT') OR ticket_id IS NOT NULL),
        CONSTRAINT ck_entitlement_transaction_reason_of_adjustment CHECK (kind <> 'ADJUST' OR (quantity <> 0 AND coalesce(reason, '') <> '')),
        CONSTRAINT fk_entitlement_transaction_entitlement_id FOREIGN KEY(entitlement_id) REFERENCES entitlement (id),
        CONSTRAINT fk_entitlement_transaction_debit_id FOREIGN KEY(debit_id) REFERENCES entitlement_transaction (id),
        CONSTRAINT ck_entitlement_transaction_transactionkind CHECK (kind IN ('GRANT', 'DEBIT', 'CREDIT', 'EXPIRE', 'ADJUST')),
        CONSTRAINT fk_entitlement_transaction_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id)
    )
    """,
    """
    CREATE INDEX ix_entitlement_transaction_entitlement_id ON entitlement_transaction (entitlement_id, occurred_at, id)
    """,
    """
    CREATE UNIQUE INDEX uq_entitlement_transaction_credit ON entitlement_transaction (ticket_id) WHERE kind = 'CREDIT'
    """,
    """
    CREATE UNIQUE INDEX uq_entitlement_transaction_debit ON entitlement_transaction (ticket_id) WHERE kind = 'DEBIT'
    """,
)

DOWN = (
    "DROP TABLE entitlement_transaction",
    "DROP TABLE entitlement",
    "DROP TABLE support_contract_link",
    "DROP TABLE support_contract_eligibility",
    "DROP TABLE support_contract",
)


def upgrade() -> None:
    """Up."""
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    """Down."""
    for statement in DOWN:
        op.execute(statement)
