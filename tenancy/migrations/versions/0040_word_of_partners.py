"""The word of a suspended partner does not count: nobody whom it alone named in a customer's ticket acts there, or stays.

Whoever takes part in a ticket cannot read the partner's row, so `is_active` reads it in the sign-in scope. Suspending a
partner tells its customers, too: streams of whom it named end with it, as those of its own people do.

Revision 0040, after 0039.
"""

from alembic import op

revision: str = "0040"
down_revision: str | None = "0039"
branch_labels: str | None = None
depends_on: str | None = None

PLACE = "t.id, t.name, t.kind::text, t.environment::text, t.partner_type::text, s.organization_ticket_access::text"
COLUMNS = """
    membership_id uuid, role text, custom_role text, permissions text[], denied_permissions text[], service_ids uuid[],
    grouped boolean, tenant_id uuid, tenant_name text, tenant_kind text, environment text, partner_type text,
    organization_ticket_access text
"""
BY_ACTIVE_PARTNER = "(p.added_by_tenant_id = p.managing_partner_id AND is_active(p.managing_partner_id))"
BY_PARTNER = "p.added_by_tenant_id = p.managing_partner_id"

# It gives its caller's scope back, as `acting_user` does.
IS_ACTIVE = """
    CREATE FUNCTION is_active(wanted uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
    DECLARE
        old_scope text := coalesce(current_setting('bailiwick.scope', true), '');
        taken text := set_config('bailiwick.scope', 'sign_in', true);
        found boolean := EXISTS (SELECT FROM tenant AS t WHERE t.id = wanted AND t.status = 'ACTIVE');
    BEGIN
        PERFORM set_config('bailiwick.scope', old_scope, true);
        RETURN found;
    END $$
"""
OF_ITSELF = "PERFORM tell_access(OLD.id, OLD.managing_partner_id);"
OF_CUSTOMERS = """
        IF TG_OP = 'UPDATE' AND NEW.status IS DISTINCT FROM OLD.status THEN
            PERFORM tell_access(VARIADIC part.ids) FROM (
                SELECT array_agg(t.id) AS ids FROM (
                    SELECT id, row_number() OVER () / 100 AS n FROM tenant WHERE managing_partner_id = OLD.id
                ) AS t GROUP BY t.n
            ) AS part;
        END IF;
"""


def places_of(by_partner: str) -> str:
    """The text of the function of 0038 that finds where somebody acts."""
    return f"""
    CREATE OR REPLACE FUNCTION places_of(person uuid, chosen uuid) RETURNS TABLE ({COLUMNS}) LANGUAGE sql STABLE AS $$
        SELECT * FROM memberships_of(person, chosen)
        UNION ALL
        SELECT NULL, 'PARTICIPANT', NULL, NULL, NULL, NULL, false, {PLACE}
        FROM tenant AS t
        LEFT JOIN tenant_security_settings AS s ON s.tenant_id = t.id
        WHERE t.kind = 'CUSTOMER' AND t.status = 'ACTIVE' AND (chosen IS NULL OR t.id = chosen)
            AND NOT EXISTS (SELECT FROM membership AS m WHERE m.user_id = person AND m.status = 'ACTIVE')
            AND EXISTS (SELECT FROM user_account AS u WHERE u.id = person AND u.email_verified_at IS NOT NULL)
            AND NOT EXISTS (
                SELECT FROM membership AS o
                WHERE o.user_id = person AND o.status <> 'ACTIVE' AND o.tenant_id IN (t.id, t.managing_partner_id)
            )
            AND t.id IN (
                SELECT p.tenant_id FROM ticket_participant AS p
                WHERE p.user_id = person AND p.kind IN ('CC', 'CONTACT')
                    AND (p.added_by_tenant_id = p.tenant_id OR {by_partner})
            )
    $$
    """


def tenant_access_told(more: str) -> str:
    """The text of the trigger's function of 0013 that tells who may see less, or more, as a tenant changes."""
    return f"""
    CREATE OR REPLACE FUNCTION tenant_access_told() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        {OF_ITSELF}{more}
        RETURN NULL;
    END $$
    """


def upgrade() -> None:
    """Up."""
    op.execute(IS_ACTIVE)
    op.execute(places_of(BY_ACTIVE_PARTNER))
    op.execute(tenant_access_told(OF_CUSTOMERS))


def downgrade() -> None:
    """Down."""
    op.execute(tenant_access_told(""))
    op.execute(places_of(BY_PARTNER))
    op.execute("DROP FUNCTION is_active(uuid)")
