"""Who acts is told with its organization's trusted addresses: its members and machines act from there alone (A31).

Who takes part in a ticket without being a member is bound by none. What members follow ends when the addresses change.

Revision 0047, after 0046.
"""

from alembic import op

revision: str = "0047"
down_revision: str | None = "0046"
branch_labels: str | None = None
depends_on: str | None = None

TENANT = {
    "tenant_id": "uuid",
    "tenant_name": "text",
    "tenant_kind": "text",
    "environment": "text",
    "partner_type": "text",
    "organization_ticket_access": "text",
}
OF_TENANT = "t.id, t.name, t.kind::text, t.environment::text, t.partner_type::text, s.organization_ticket_access::text"
SETTINGS = "LEFT JOIN tenant_security_settings AS s ON s.tenant_id = t.id"
MEMBERSHIP = {
    "membership_id": "uuid",
    "role": "text",
    "custom_role": "text",
    "permissions": "text[]",
    "denied_permissions": "text[]",
    "service_ids": "uuid[]",
    "grouped": "boolean",
}
PERSON = {"first_name": "text", "last_name": "text", "email": "text", "email_verified": "boolean"}
MACHINE = {
    "token_id": "uuid",
    "scopes": "text[]",
    "last_used_at": "timestamptz",
    "principal_id": "uuid",
    "name": "text",
    "role": "text",
}
TRUSTED = {"trusted_ips": "text[]"}
PLACE = MEMBERSHIP | TENANT
OF_PLACE = ", ".join(f"p.{column}" for column in PLACE)

DROPPED = (
    "acting_user(uuid, uuid, uuid, timestamptz)",
    "acting_machine(text, timestamptz)",
    "memberships_of(uuid, uuid)",
)


def columns(types: dict[str, str]) -> str:
    """What a function returns."""
    return ", ".join(f"{column} {kind}" for column, kind in types.items())


def memberships_of(more: dict[str, str]) -> str:
    """The text of the function of 0038 that finds where somebody is a member, with `more` of the settings."""
    return f"""
    CREATE FUNCTION memberships_of(person uuid, chosen uuid) RETURNS TABLE ({columns(PLACE | more)}) LANGUAGE sql STABLE AS $$
        SELECT m.id, m.role::text, c.name, c.permissions, c.denied_permissions,
            CASE m.role WHEN 'APPLICATION_ADMINISTRATOR' THEN
                ARRAY(SELECT l.service_id FROM membership_service_scope AS l WHERE l.membership_id = m.id) END,
            m.role = 'PARTNER_USER'
                AND EXISTS (SELECT FROM membership_customer_group AS g WHERE g.membership_id = m.id),
            {", ".join((OF_TENANT, *(f"s.{column}" for column in more)))}
        FROM membership AS m
        JOIN tenant AS t ON t.id = m.tenant_id AND t.status = 'ACTIVE'
        LEFT JOIN custom_role AS c ON c.id = m.custom_role_id AND c.tenant_id = m.tenant_id
        {SETTINGS}
        WHERE m.user_id = person AND m.status = 'ACTIVE' AND (chosen IS NULL OR t.id = chosen)
    $$
    """


# That of 0040, which named none of the columns of memberships.
PLACES_OF = f"""
    CREATE OR REPLACE FUNCTION places_of(person uuid, chosen uuid) RETURNS TABLE ({columns(PLACE)}) LANGUAGE sql STABLE AS $$
        SELECT {OF_PLACE} FROM memberships_of(person, chosen) AS p
        UNION ALL
        SELECT NULL, 'PARTICIPANT', NULL, NULL, NULL, NULL, false, {OF_TENANT}
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
                    AND (p.added_by_tenant_id = p.tenant_id
                        OR (p.added_by_tenant_id = p.managing_partner_id AND is_active(p.managing_partner_id)))
            )
    $$
"""


def acting_user(more: dict[str, str]) -> str:
    """The text of the function of 0038 that tells which person acts, members first."""
    return signing_in(
        f"acting_user(session uuid, person uuid, chosen uuid, at timestamptz) RETURNS TABLE ({columns(PERSON | PLACE | more)})",
        f"""
        RETURN QUERY {found("JOIN LATERAL memberships_of(u.id, chosen) AS p", [f"p.{column}" for column in more])};
        IF NOT FOUND THEN
            RETURN QUERY {found("LEFT JOIN LATERAL places_of(u.id, chosen) AS p", [f"NULL::{kind}" for kind in more.values()])};
        END IF;
        """,
        user="person::text",
    )


def found(join: str, more: list[str]) -> str:
    """The live user of a session, with a row for each place that `join` finds."""
    return f"""
        SELECT {", ".join(("u.first_name, u.last_name, u.email, u.email_verified_at IS NOT NULL", OF_PLACE, *more))}
        FROM sign_in_session AS i
        JOIN user_account AS u ON u.id = i.user_id AND u.status = 'ACTIVE'
        {join} ON true
        WHERE i.id = session AND i.user_id = person AND i.revoked_at IS NULL AND i.expires_at > at
        ORDER BY p.membership_id
    """


def acting_machine(more: dict[str, str]) -> str:
    """The text of the function of 0011 that tells which machine acts."""
    selected = (
        "k.id, k.scopes, k.last_used_at, b.id, b.name, b.role::text",
        OF_TENANT,
        *(f"s.{name}" for name in more),
    )
    return signing_in(
        f"acting_machine(hash text, at timestamptz) RETURNS TABLE ({columns(MACHINE | TENANT | more)})",
        f"""
        RETURN QUERY
        SELECT {", ".join(selected)}
        FROM api_token AS k
        JOIN service_principal AS b
            ON b.id = k.service_principal_id AND b.tenant_id = k.tenant_id AND b.disabled_at IS NULL
        JOIN tenant AS t ON t.id = k.tenant_id AND t.status = 'ACTIVE'
        {SETTINGS}
        WHERE k.token_hash = hash AND k.revoked_at IS NULL AND k.expires_at > at;
        """,
    )


def signing_in(signature: str, body: str, *, user: str = "''") -> str:
    """The text of a function that works in the sign-in scope, and gives its caller's scope back."""
    scopes = {"scope": "'sign_in'", "tenant_id": "''", "user_id": user}
    kept = " ".join(f"old_{each} text := coalesce(current_setting('bailiwick.{each}', true), '');" for each in scopes)
    taken = " || ".join(f"set_config('bailiwick.{each}', {value}, true)" for each, value in scopes.items())
    given_back = " || ".join(f"set_config('bailiwick.{each}', old_{each}, true)" for each in scopes)
    return f"""
    CREATE FUNCTION {signature} LANGUAGE plpgsql AS $$
    DECLARE
        {kept}
        new text := {taken};
    BEGIN
        {body}
        new := {given_back};
    END $$
    """


def told_security(columns_: str) -> str:
    """The text of the trigger of 0013 that tells of settings by which somebody may see less."""
    return f"""
    CREATE OR REPLACE TRIGGER told_security AFTER DELETE OR UPDATE OF {columns_} ON tenant_security_settings
    FOR EACH ROW EXECUTE FUNCTION of_tenant_access_told()
    """


def replace(more: dict[str, str]) -> None:
    """The functions that tell who acts, with `more` of the settings of where it does."""
    for function in DROPPED:
        op.execute(f"DROP FUNCTION {function}")
    for text in (memberships_of(more), acting_user(more), acting_machine(more)):
        op.execute(text)


def upgrade() -> None:
    """Up."""
    op.execute(PLACES_OF)
    replace(TRUSTED)
    op.execute(told_security("organization_ticket_access, trusted_ips"))


def downgrade() -> None:
    """Down: `places_of` names its columns still, as it may."""
    op.execute(told_security("organization_ticket_access"))
    replace({})
