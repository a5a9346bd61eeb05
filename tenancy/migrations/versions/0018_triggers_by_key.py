"""Triggers find the rows that they need by an index.

Row-level security lets PostgreSQL use an index only for conditions that cannot tell what a row holds, and COALESCE does not count as
such: each participant that was added read all tickets. So which row it is, is said before it is looked for. What hangs on a ticket
follows the managing partner by its ticket: each option that a partner hid or showed read everybody's messages.

Revision 0018, after 0017.
"""

from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | None = None
depends_on: str | None = None

PARTICIPANT_TOLD = """
    CREATE OR REPLACE FUNCTION participant_told() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        concerned uuid := coalesce(NEW.ticket_id, OLD.ticket_id);
    BEGIN
        PERFORM tell_ticket(t.id, t.tenant_id, t.desk_id, false) FROM ticket AS t WHERE t.id = concerned;
        IF TG_OP <> 'INSERT' AND OLD.user_id IS NOT NULL THEN
            PERFORM tell_access(OLD.user_id);
        END IF;
        RETURN NULL;
    END $$
"""
OPTION_POLICY_CHANGED = """
    CREATE OR REPLACE FUNCTION option_policy_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        caller text := current_setting('bailiwick.scope', true);
        partner uuid := coalesce(NEW.tenant_id, OLD.tenant_id);
        customer uuid := coalesce(NEW.customer_tenant_id, OLD.customer_tenant_id);
    BEGIN
        PERFORM set_config('bailiwick.scope', 'worker', true);
        IF customer IS NULL THEN
            PERFORM derive_customer(r.customer_tenant_id) FROM management_relationship AS r WHERE r.tenant_id = partner;
        ELSE
            PERFORM derive_customer(r.customer_tenant_id) FROM management_relationship AS r
            WHERE r.tenant_id = partner AND r.customer_tenant_id = customer;
        END IF;
        PERFORM set_config('bailiwick.scope', coalesce(caller, ''), true);
        RETURN NULL;
    END $$
"""
OF_TICKETS = ("ticket_participant", "ticket_message", "temporary_support_account", "attachment")
FOLLOW_THE_PARTNER = "".join(
    f"""
        UPDATE {table} SET managing_partner_id = managing
        WHERE tenant_id = customer AND managing_partner_id IS DISTINCT FROM managing;"""
    for table in ("tenant_security_settings", "membership", "ticket")
) + "".join(
    f"""
        UPDATE {table} AS own SET managing_partner_id = managing FROM ticket AS t
        WHERE t.tenant_id = customer AND own.ticket_id = t.id AND own.managing_partner_id IS DISTINCT FROM managing;"""
    for table in OF_TICKETS
)
DERIVE_CUSTOMER = f"""
    CREATE OR REPLACE FUNCTION derive_customer(customer uuid) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
        caller text := current_setting('bailiwick.scope', true);
        edge management_relationship;
        managing uuid;
        options text[];
    BEGIN
        PERFORM set_config('bailiwick.scope', 'worker', true);
        -- Locked, so that of two changes at once the later one derives from what the earlier one left.
        SELECT * INTO edge FROM management_relationship
        WHERE customer_tenant_id = customer AND status = 'ACTIVE' FOR UPDATE;
        managing := CASE WHEN edge.mode = 'PARTNER' THEN edge.tenant_id END;
        SELECT coalesce(array_agg(option ORDER BY option), '{{}}') INTO options FROM (
            SELECT DISTINCT ON (option) option, hidden, customer_tenant_id FROM provider_option_policy
            WHERE tenant_id = edge.tenant_id AND (customer_tenant_id = customer OR customer_tenant_id IS NULL)
            ORDER BY option, customer_tenant_id NULLS LAST
        ) AS chosen
        -- In CUSTOMER mode the partner keeps licensing alone, and with it the choice that it made for this customer (spec 4.4).
        WHERE hidden AND (managing IS NOT NULL OR (option = 'EXPIRED_SERVICES' AND customer_tenant_id IS NOT NULL));
        UPDATE tenant SET managing_partner_id = edge.tenant_id, hidden_options = options
        WHERE id = customer AND (managing_partner_id, hidden_options) IS DISTINCT FROM (edge.tenant_id, options);
        UPDATE service_subscription
        SET managing_partner_id = edge.tenant_id, hidden_when_expired = 'EXPIRED_SERVICES' = ANY (options)
        WHERE tenant_id = customer AND (managing_partner_id, hidden_when_expired)
            IS DISTINCT FROM (edge.tenant_id, 'EXPIRED_SERVICES' = ANY (options));
        {FOLLOW_THE_PARTNER}
        UPDATE service_setup AS own SET managing_partner_id = managing FROM service_subscription AS s
        WHERE s.tenant_id = customer AND own.subscription_id = s.id AND own.managing_partner_id IS DISTINCT FROM managing;
        UPDATE attachment SET managing_partner_id = managing
        WHERE tenant_id = customer AND ticket_id IS NULL AND managing_partner_id IS DISTINCT FROM managing;
        PERFORM set_config('bailiwick.scope', coalesce(caller, ''), true);
    END $$
"""
INDEXES = {
    "ix_temporary_support_account_ticket_id": "temporary_support_account (ticket_id)",
    "ix_attachment_unattached": "attachment (tenant_id) WHERE ticket_id IS NULL",
}


def upgrade() -> None:
    """Up."""
    for name, columns in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {columns}")
    op.execute(DERIVE_CUSTOMER)
    op.execute(PARTICIPANT_TOLD)
    op.execute(OPTION_POLICY_CHANGED)


def downgrade() -> None:
    """Down: what these functions were before did the same, slowly."""
    for name in INDEXES:
        op.execute(f"DROP INDEX {name}")
