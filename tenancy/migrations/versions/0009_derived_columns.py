"""What the database keeps true by itself: managing partners, hidden options, linked tenants, and that modes never go back.

The functions work in the worker's scope, since what they derive spans two tenants, and give the caller's scope back; they take
nothing from their caller but ids. (A function's own SET clause would do the same, but only for a superuser.)

Revision 0009, after 0008.
"""

from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | None = None
depends_on: str | None = None

# Reached by the partner in PARTNER mode only (spec 4.4) …
MANAGED = (
    "tenant_security_settings",
    "membership",
    "service_setup",
    "ticket",
    "ticket_participant",
    "ticket_message",
    "temporary_support_account",
    "attachment",
)
# … and in either mode.
LICENSED = ("service_subscription",)

ENTER = "PERFORM set_config('bailiwick.scope', 'worker', true);"
LEAVE = "PERFORM set_config('bailiwick.scope', coalesce(caller, ''), true);"


def spanning(name: str, body: str, result: str, *, returns: str = "trigger", variables: str = "") -> str:
    """The text of a function whose `body` sees the rows of all tenants, and which returns `result`."""
    return f"""
    CREATE FUNCTION {name} RETURNS {returns} LANGUAGE plpgsql AS $$
    DECLARE
        caller text := current_setting('bailiwick.scope', true);
        {variables}
    BEGIN
        {ENTER}
        {body}
        {LEAVE}
        RETURN {result};
    END $$
    """


FOLLOW_THE_PARTNER = "".join(
    f"""
        UPDATE {table} SET managing_partner_id = managing
        WHERE tenant_id = customer AND managing_partner_id IS DISTINCT FROM managing;"""
    for table in MANAGED
)

DERIVE_CUSTOMER = f"""
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
"""

GUARD_RELATIONSHIP = """
        IF TG_OP = 'UPDATE' AND OLD.mode = 'CUSTOMER' AND NEW.mode = 'PARTNER' THEN
            RAISE EXCEPTION 'the management mode never goes back to PARTNER' USING ERRCODE = 'check_violation';
        END IF;
        SELECT * INTO partner FROM tenant WHERE id = NEW.tenant_id;
        SELECT * INTO customer FROM tenant WHERE id = NEW.customer_tenant_id;
        IF partner.kind <> 'PARTNER' OR customer.kind <> 'CUSTOMER' THEN
            RAISE EXCEPTION 'a relationship leads from a partner to a customer' USING ERRCODE = 'check_violation';
        END IF;
        IF partner.environment <> customer.environment THEN
            RAISE EXCEPTION 'partner and customer are of different environments' USING ERRCODE = 'check_violation';
        END IF;
        NEW.organization_name := customer.name;
        NEW.search_name := lower(unaccent(customer.name));
        NEW.country := customer.country;
"""

# Two who link at once do so one after the other, else the second would miss the first; drawing on the contract does not wait.
CONTRACT_LINKS_CHANGED = """
        PERFORM FROM support_contract WHERE id = contract FOR NO KEY UPDATE;
        SELECT coalesce(array_agg(DISTINCT tenant_id), '{}') INTO tenants FROM support_contract_link
        WHERE contract_id = contract AND revoked_at IS NULL;
        UPDATE support_contract SET linked_tenant_ids = tenants WHERE id = contract;
        UPDATE support_contract_eligibility SET linked_tenant_ids = tenants WHERE contract_id = contract;
        UPDATE entitlement SET linked_tenant_ids = tenants WHERE contract_id = contract;
"""

# What a tenant may link by these ids (AMB-28; environments never mix: spec 4.3, 14); the caller compares the secret half.
FIND_SUPPORT_CONTRACTS = """
        RETURN QUERY SELECT c.id, c.contract_id_hash, c.tenant_id, c.program::text, c.plan_name, c.valid_until
        FROM support_contract AS c JOIN tenant AS holder ON holder.id = c.tenant_id JOIN tenant AS linker ON linker.id = mine
        WHERE c.access_id = access AND c.status <> 'REVOKED' AND holder.environment = linker.environment
            AND (c.sharing = 'ANY_WITH_IDS' OR c.tenant_id = mine)
        ORDER BY c.id;
"""

# In the order of the subjects, so that two who count the same ones do not wait for each other in a circle.
COUNT_ATTEMPTS = """
        INSERT INTO attempt_counter AS c (subject, attempts, began_at)
        SELECT s, greatest(change, 0), at FROM unnest(subjects) AS s ORDER BY s
        ON CONFLICT (subject) DO UPDATE SET
            attempts = CASE WHEN c.began_at <= at - make_interval(secs => seconds) THEN greatest(change, 0)
                ELSE greatest(c.attempts + change, 0) END,
            began_at = CASE WHEN c.began_at <= at - make_interval(secs => seconds) THEN at ELSE c.began_at END;
        SELECT array_agg(c.attempts ORDER BY array_position(subjects, c.subject)) INTO counted
        FROM attempt_counter AS c WHERE c.subject = ANY (subjects);
"""

# Whose account an address is: of somebody in the tenant or at its partner who has proved it (spec 4.3, 13).
PARTICIPANT_ACCOUNT = """
        SELECT u.id INTO found
        FROM user_account AS u JOIN membership AS m ON m.user_id = u.id JOIN tenant AS t ON t.id = subject
        WHERE u.email = lower(address) AND u.email_verified_at IS NOT NULL AND u.status = 'ACTIVE'
            AND m.status = 'ACTIVE' AND m.tenant_id IN (t.id, t.managing_partner_id)
        ORDER BY u.id LIMIT 1;
"""

FUNCTIONS = (
    spanning(
        "stamp_managing_partner()",
        """
        -- Locked against a change of the mode, which would not see this row and would leave it to the partner.
        SELECT CASE WHEN r.mode = 'PARTNER' THEN r.tenant_id END INTO NEW.managing_partner_id
        FROM management_relationship AS r
        WHERE r.customer_tenant_id = NEW.tenant_id AND r.status = 'ACTIVE' FOR SHARE;""",
        "NEW",
    ),
    spanning(
        "stamp_subscription()",
        """
        SELECT t.managing_partner_id, 'EXPIRED_SERVICES' = ANY (t.hidden_options)
        INTO NEW.managing_partner_id, NEW.hidden_when_expired FROM tenant AS t WHERE t.id = NEW.tenant_id;""",
        "NEW",
    ),
    spanning(
        "derive_customer(customer uuid)",
        DERIVE_CUSTOMER,
        "",
        returns="void",
        variables="edge management_relationship; managing uuid; options text[];",
    ),
    spanning(
        "relationship_changed()",
        """
        -- The partner's people neither hear nor see more of the tickets; whom the customer copies in later does (spec 4.4).
        IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND OLD.mode = 'PARTNER' AND NEW.mode = 'CUSTOMER') THEN
            DELETE FROM ticket_participant AS p USING membership AS m JOIN user_account AS u ON u.id = m.user_id
            WHERE p.tenant_id = OLD.customer_tenant_id AND m.tenant_id = OLD.tenant_id
                AND (p.user_id = u.id OR p.email = u.email)
                AND NOT EXISTS (SELECT FROM membership AS own WHERE own.user_id = u.id AND own.tenant_id = p.tenant_id);
        END IF;
        PERFORM derive_customer(coalesce(NEW.customer_tenant_id, OLD.customer_tenant_id));""",
        "NULL",
    ),
    spanning(
        "option_policy_changed()",
        """
        PERFORM derive_customer(r.customer_tenant_id) FROM management_relationship AS r
        WHERE r.tenant_id = coalesce(NEW.tenant_id, OLD.tenant_id)
            AND r.customer_tenant_id = coalesce(NEW.customer_tenant_id, OLD.customer_tenant_id, r.customer_tenant_id);""",
        "NULL",
    ),
    spanning("guard_relationship()", GUARD_RELATIONSHIP, "NEW", variables="partner tenant; customer tenant;"),
    spanning(
        "tenant_renamed()",
        "UPDATE management_relationship SET organization_name = NEW.name WHERE customer_tenant_id = NEW.id;",
        "NULL",
    ),
    spanning(
        "contract_links_changed()",
        CONTRACT_LINKS_CHANGED,
        "NULL",
        variables="contract uuid := coalesce(NEW.contract_id, OLD.contract_id); tenants uuid[];",
    ),
    spanning(
        "stamp_linked_tenants()",
        """
        NEW.linked_tenant_ids := (SELECT c.linked_tenant_ids FROM support_contract AS c WHERE c.id = NEW.contract_id);""",
        "NEW",
    ),
    spanning(
        "find_support_contracts(access text)",
        FIND_SUPPORT_CONTRACTS,
        "",
        returns="TABLE (contract_id uuid, contract_hash text, holder_id uuid, programme text, plan text, ends_at timestamptz)",
        variables="mine uuid := nullif(current_setting('bailiwick.tenant_id', true), '')::uuid;",
    ),
    spanning(
        "count_attempts(subjects text[], at timestamptz, seconds integer, change integer)",
        COUNT_ATTEMPTS,
        "counted",
        returns="bigint[]",
        variables="counted bigint[];",
    ),
    spanning(
        "participant_account(address text, subject uuid)",
        PARTICIPANT_ACCOUNT,
        "found",
        returns="uuid",
        variables="found uuid;",
    ),
)

TRIGGERS = {
    **{
        table: (("stamp_managing_partner", f"BEFORE INSERT OR UPDATE OF tenant_id ON {table} FOR EACH ROW"),)
        for table in MANAGED
    },
    **{
        table: (("stamp_subscription", f"BEFORE INSERT OR UPDATE OF tenant_id ON {table} FOR EACH ROW"),)
        for table in LICENSED
    },
    "management_relationship": (
        ("guard_relationship", "BEFORE INSERT OR UPDATE ON management_relationship FOR EACH ROW"),
        (
            "relationship_changed",
            "AFTER INSERT OR DELETE OR UPDATE OF mode, status, tenant_id ON management_relationship FOR EACH ROW",
        ),
    ),
    "provider_option_policy": (
        ("option_policy_changed", "AFTER INSERT OR UPDATE OR DELETE ON provider_option_policy FOR EACH ROW"),
    ),
    "tenant": (("tenant_renamed", "AFTER UPDATE OF name, country ON tenant FOR EACH ROW"),),
    "support_contract_link": (
        ("contract_links_changed", "AFTER INSERT OR UPDATE OR DELETE ON support_contract_link FOR EACH ROW"),
    ),
    "support_contract_eligibility": (
        ("stamp_linked_tenants", "BEFORE INSERT ON support_contract_eligibility FOR EACH ROW"),
    ),
    "entitlement": (("stamp_linked_tenants", "BEFORE INSERT ON entitlement FOR EACH ROW"),),
}


def upgrade() -> None:
    """Up."""
    op.execute("CREATE EXTENSION IF NOT EXISTS unaccent")
    for function in FUNCTIONS:
        op.execute(function)
    for triggers in TRIGGERS.values():
        for function, when in triggers:
            op.execute(f"CREATE TRIGGER {function} {when} EXECUTE FUNCTION {function}()")


def downgrade() -> None:
    """Down."""
    for table, triggers in TRIGGERS.items():
        for function, _when in triggers:
            op.execute(f"DROP TRIGGER {function} ON {table}")
    for function in (
        "participant_account(text, uuid)",
        "count_attempts(text[], timestamptz, integer, integer)",
        "find_support_contracts(text)",
        "stamp_linked_tenants()",
        "contract_links_changed()",
        "tenant_renamed()",
        "guard_relationship()",
        "option_policy_changed()",
        "relationship_changed()",
        "derive_customer(uuid)",
        "stamp_subscription()",
        "stamp_managing_partner()",
    ):
        op.execute(f"DROP FUNCTION {function}")
    op.execute("DROP EXTENSION unaccent")
