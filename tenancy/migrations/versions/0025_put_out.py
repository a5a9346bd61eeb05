"""Whom an organisation has put out is no stranger to it: it names them in its tickets no more, and they act nowhere by that.

Somebody whose only membership was disabled was of no organisation, and so found in its tickets by their address again. And the two
functions that have their owner's rights look for tables where only that owner makes them.

Revision 0025, after 0024.
"""

from alembic import op

revision: str = "0025"
down_revision: str | None = "0024"
branch_labels: str | None = None
depends_on: str | None = None

RAISED = ("working_user(uuid, uuid)", "working_machine(uuid, timestamptz)")

MEMBER = "m.tenant_id IN (t.id, t.managing_partner_id)"
OF_NO_ORGANIZATION = "(m.id IS NULL AND t.kind = 'CUSTOMER')"


def put_out(person: str) -> str:
    """Whether the tenant `t`, or the partner that manages it, has ended the membership of a person."""
    return f"""EXISTS (
        SELECT FROM membership AS o
        WHERE o.user_id = {person} AND o.status <> 'ACTIVE' AND o.tenant_id IN (t.id, t.managing_partner_id)
    )"""


def participant_account(condition: str) -> str:
    """The text of the function of 0019 that finds whose account an address is."""
    return f"""
    CREATE OR REPLACE FUNCTION participant_account(address text, subject uuid) RETURNS uuid LANGUAGE plpgsql AS $$
    DECLARE
        caller text := current_setting('bailiwick.scope', true);
        found uuid;
    BEGIN
        PERFORM set_config('bailiwick.scope', 'worker', true);
        SELECT u.id INTO found
        FROM user_account AS u JOIN tenant AS t ON t.id = subject
        LEFT JOIN membership AS m ON m.user_id = u.id AND m.status = 'ACTIVE'
        WHERE u.email = lower(address) AND u.email_verified_at IS NOT NULL AND u.status = 'ACTIVE' AND ({condition})
        ORDER BY u.id LIMIT 1;
        PERFORM set_config('bailiwick.scope', coalesce(caller, ''), true);
        RETURN found;
    END $$
    """


PLACE = "t.id, t.name, t.kind::text, t.environment::text, t.partner_type::text, s.organization_ticket_access::text"


def places_of(condition: str) -> str:
    """The text of the function of 0019 that finds where somebody acts: as a member, or by the tickets that name them."""
    return f"""
    CREATE OR REPLACE FUNCTION places_of(person uuid, chosen uuid)
    RETURNS TABLE (
        membership_id uuid, role text, custom_role text, permissions text[], denied_permissions text[], service_ids uuid[],
        grouped boolean, tenant_id uuid, tenant_name text, tenant_kind text, environment text, partner_type text,
        organization_ticket_access text
    )
    LANGUAGE sql STABLE AS $$
        SELECT m.id, m.role::text, c.name, c.permissions, c.denied_permissions,
            CASE m.role WHEN 'APPLICATION_ADMINISTRATOR' THEN
                ARRAY(SELECT l.service_id FROM membership_service_scope AS l WHERE l.membership_id = m.id) END,
            m.role = 'PARTNER_USER'
                AND EXISTS (SELECT FROM membership_customer_group AS g WHERE g.membership_id = m.id),
            {PLACE}
        FROM membership AS m
        JOIN tenant AS t ON t.id = m.tenant_id AND t.status = 'ACTIVE'
        LEFT JOIN custom_role AS c ON c.id = m.custom_role_id AND c.tenant_id = m.tenant_id
        LEFT JOIN tenant_security_settings AS s ON s.tenant_id = t.id
        WHERE m.user_id = person AND m.status = 'ACTIVE' AND (chosen IS NULL OR t.id = chosen)
        UNION ALL
        SELECT NULL, 'PARTICIPANT', NULL, NULL, NULL, NULL, false, {PLACE}
        FROM tenant AS t
        LEFT JOIN tenant_security_settings AS s ON s.tenant_id = t.id
        WHERE t.kind = 'CUSTOMER' AND t.status = 'ACTIVE' AND (chosen IS NULL OR t.id = chosen)
            AND NOT EXISTS (SELECT FROM membership AS m WHERE m.user_id = person AND m.status = 'ACTIVE')
            AND EXISTS (SELECT FROM user_account AS u WHERE u.id = person AND u.email_verified_at IS NOT NULL)
            AND {condition}
            AND t.id IN (
                SELECT p.tenant_id FROM ticket_participant AS p
                WHERE p.user_id = person AND p.kind IN ('CC', 'CONTACT')
                    AND p.added_by_tenant_id IN (p.tenant_id, p.managing_partner_id)
            )
    $$
    """


def upgrade() -> None:
    """Up."""
    op.execute(participant_account(f"{MEMBER} OR ({OF_NO_ORGANIZATION} AND NOT {put_out('u.id')})"))
    op.execute(places_of(f"NOT {put_out('person')}"))
    for function in RAISED:
        op.execute(f"ALTER FUNCTION {function} SET search_path = public, pg_temp")


def downgrade() -> None:
    """Down."""
    for function in RAISED:
        op.execute(f"ALTER FUNCTION {function} SET search_path = public")
    op.execute(places_of("true"))
    op.execute(participant_account(f"{MEMBER} OR {OF_NO_ORGANIZATION}"))
