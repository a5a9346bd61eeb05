"""Who has a membership is found without a look at what people without one may do: that look was half of each sign-in.

PostgreSQL prepares every table of a statement before it runs it, those that it then does not read among them. So `acting_user`
asks for memberships alone, and for all places only where there are none.

Revision 0038, after 0037.
"""

from alembic import op

revision: str = "0038"
down_revision: str | None = "0037"
branch_labels: str | None = None
depends_on: str | None = None

COLUMNS = {
    "membership_id": "uuid",
    "role": "text",
    "custom_role": "text",
    "permissions": "text[]",
    "denied_permissions": "text[]",
    "service_ids": "uuid[]",
    "grouped": "boolean",
    "tenant_id": "uuid",
    "tenant_name": "text",
    "tenant_kind": "text",
    "environment": "text",
    "partner_type": "text",
    "organization_ticket_access": "text",
}
PERSON = {"first_name": "text", "last_name": "text", "email": "text", "email_verified": "boolean"}
PLACE = "t.id, t.name, t.kind::text, t.environment::text, t.partner_type::text, s.organization_ticket_access::text"
SETTINGS = "LEFT JOIN tenant_security_settings AS s ON s.tenant_id = t.id"
SCOPES = {"scope": "'sign_in'", "tenant_id": "''", "user_id": "person::text"}

AS_MEMBER = f"""
        SELECT m.id, m.role::text, c.name, c.permissions, c.denied_permissions,
            CASE m.role WHEN 'APPLICATION_ADMINISTRATOR' THEN
                ARRAY(SELECT l.service_id FROM membership_service_scope AS l WHERE l.membership_id = m.id) END,
            m.role = 'PARTNER_USER'
                AND EXISTS (SELECT FROM membership_customer_group AS g WHERE g.membership_id = m.id),
            {PLACE}
        FROM membership AS m
        JOIN tenant AS t ON t.id = m.tenant_id AND t.status = 'ACTIVE'
        LEFT JOIN custom_role AS c ON c.id = m.custom_role_id AND c.tenant_id = m.tenant_id
        {SETTINGS}
        WHERE m.user_id = person AND m.status = 'ACTIVE' AND (chosen IS NULL OR t.id = chosen)
"""
AS_PARTICIPANT = f"""
        SELECT NULL, 'PARTICIPANT', NULL, NULL, NULL, NULL, false, {PLACE}
        FROM tenant AS t
        {SETTINGS}
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
                    AND p.added_by_tenant_id IN (p.tenant_id, p.managing_partner_id)
            )
"""


def places(name: str, query: str) -> str:
    """The text of a function that finds where somebody acts."""
    columns = ", ".join(f"{column} {kind}" for column, kind in COLUMNS.items())
    return f"""
    CREATE OR REPLACE FUNCTION {name}(person uuid, chosen uuid) RETURNS TABLE ({columns}) LANGUAGE sql STABLE AS $$
    {query}
    $$
    """


def found(join: str) -> str:
    """The live user of a session, with a row for each place that `join` finds."""
    columns = ", ".join(f"p.{column}" for column in COLUMNS)
    return f"""
        SELECT u.first_name, u.last_name, u.email, u.email_verified_at IS NOT NULL, {columns}
        FROM sign_in_session AS i
        JOIN user_account AS u ON u.id = i.user_id AND u.status = 'ACTIVE'
        {join} ON true
        WHERE i.id = session AND i.user_id = person AND i.revoked_at IS NULL AND i.expires_at > at
        ORDER BY p.membership_id
    """


ANYWHERE = f"RETURN QUERY {found('LEFT JOIN LATERAL places_of(u.id, chosen) AS p')};"
MEMBERS_FIRST = f"""
        RETURN QUERY {found("JOIN LATERAL memberships_of(u.id, chosen) AS p")};
        IF NOT FOUND THEN
            {ANYWHERE}
        END IF;
"""


def acting_user(body: str) -> str:
    """The text of the function of 0011 that tells who acts; it gives its caller's scope back."""
    columns = ", ".join(f"{column} {kind}" for column, kind in {**PERSON, **COLUMNS}.items())
    kept = " ".join(f"old_{each} text := coalesce(current_setting('bailiwick.{each}', true), '');" for each in SCOPES)
    taken = " || ".join(f"set_config('bailiwick.{each}', {value}, true)" for each, value in SCOPES.items())
    given_back = " || ".join(f"set_config('bailiwick.{each}', old_{each}, true)" for each in SCOPES)
    return f"""
    CREATE OR REPLACE FUNCTION acting_user(session uuid, person uuid, chosen uuid, at timestamptz)
    RETURNS TABLE ({columns}) LANGUAGE plpgsql AS $$
    DECLARE
        {kept}
        new text := {taken};
    BEGIN
        {body}
        new := {given_back};
    END $$
    """


def upgrade() -> None:
    """Up."""
    op.execute(places("memberships_of", AS_MEMBER))
    op.execute(places("places_of", f"SELECT * FROM memberships_of(person, chosen) UNION ALL {AS_PARTICIPANT}"))
    op.execute(acting_user(MEMBERS_FIRST))


def downgrade() -> None:
    """Down."""
    op.execute(acting_user(ANYWHERE))
    op.execute(places("places_of", f"{AS_MEMBER} UNION ALL {AS_PARTICIPANT}"))
    op.execute("DROP FUNCTION memberships_of(uuid, uuid)")
