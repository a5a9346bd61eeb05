"""Who acts, told in one round trip: functions that find everything the rules of a request ask of its actor (AMB-34, K6, A18).

They work in the sign-in scope, since the acting tenant is not known before, and give the caller's scope back. They run with the
rights of their caller, and under its row-level security: nobody sees by them what it could not see without. Whatever can end an
access is looked at in them, at every request.

Revision 0011, after 0010.
"""

from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | None = None
depends_on: str | None = None

TENANT = {
    "tenant_id": "t.id",
    "tenant_name": "t.name",
    "tenant_kind": "t.kind::text",
    "environment": "t.environment::text",
    "partner_type": "t.partner_type::text",
    "organization_ticket_access": "s.organization_ticket_access::text",
}
SETTINGS = "LEFT JOIN tenant_security_settings AS s ON s.tenant_id = t.id"

# The parts of an answer, each a column's type by its name.
TENANT_TYPES = {"tenant_id": "uuid"} | dict.fromkeys(list(TENANT)[1:], "text")
PLACE_TYPES = {
    "membership_id": "uuid",
    "role": "text",
    "custom_role": "text",
    "permissions": "text[]",
    "denied_permissions": "text[]",
    "service_ids": "uuid[]",
    "grouped": "boolean",
    **TENANT_TYPES,
}
PERSON_TYPES = {"first_name": "text", "last_name": "text", "email": "text", "email_verified": "boolean"}
PERSON = "u.first_name, u.last_name, u.email, u.email_verified_at IS NOT NULL"

# Where a user acts: its active memberships in active tenants, each with what limits or widens its role.
PLACES_OF = f"""
    CREATE FUNCTION places_of(person uuid, chosen uuid)
    RETURNS TABLE ({", ".join(f"{name} {kind}" for name, kind in PLACE_TYPES.items())})
    LANGUAGE sql STABLE AS $$
        SELECT m.id, m.role::text, c.name, c.permissions, c.denied_permissions,
            CASE m.role WHEN 'APPLICATION_ADMINISTRATOR' THEN
                ARRAY(SELECT l.service_id FROM membership_service_scope AS l WHERE l.membership_id = m.id) END,
            m.role = 'PARTNER_USER'
                AND EXISTS (SELECT FROM membership_customer_group AS g WHERE g.membership_id = m.id),
            {", ".join(TENANT.values())}
        FROM membership AS m
        JOIN tenant AS t ON t.id = m.tenant_id AND t.status = 'ACTIVE'
        LEFT JOIN custom_role AS c ON c.id = m.custom_role_id AND c.tenant_id = m.tenant_id
        {SETTINGS}
        WHERE m.user_id = person AND m.status = 'ACTIVE' AND (chosen IS NULL OR t.id = chosen)
    $$
"""


def signing_in(name: str, returns: dict[str, str], query: str, *, tenant: str = "''", user: str = "''") -> str:
    """The text of a function that answers `query` in the sign-in scope, with the rows of `tenant` and `user` besides.

    Who signs in may see its own account in any scope: that is the first thing its policy asks, and spares it the others.
    """
    settings = {"scope": "'sign_in'", "tenant_id": tenant, "user_id": user}
    return f"""
    CREATE FUNCTION {name}
    RETURNS TABLE ({", ".join(f"{column} {kind}" for column, kind in returns.items())})
    LANGUAGE plpgsql AS $$
    DECLARE
        {" ".join(f"old_{each} text := coalesce(current_setting('bailiwick.{each}', true), '');" for each in settings)}
        new text := {" || ".join(f"set_config('bailiwick.{each}', {value}, true)" for each, value in settings.items())};
    BEGIN
        RETURN QUERY {query};
        new := {" || ".join(f"set_config('bailiwick.{each}', old_{each}, true)" for each in settings)};
    END $$
    """


# A row for each tenant in which the user of a live session may act; one without a tenant where there is none.
ACTING_USER = f"""
        SELECT {PERSON}, {", ".join(f"p.{column}" for column in PLACE_TYPES)}
        FROM sign_in_session AS i
        JOIN user_account AS u ON u.id = i.user_id AND u.status = 'ACTIVE'
        LEFT JOIN LATERAL places_of(u.id, chosen) AS p ON true
        WHERE i.id = session AND i.user_id = person AND i.revoked_at IS NULL AND i.expires_at > at
        ORDER BY p.membership_id
"""

# A live API token with its service principal.
ACTING_MACHINE = f"""
        SELECT k.id, k.scopes, k.last_used_at, b.id, b.name, b.role::text, {", ".join(TENANT.values())}
        FROM api_token AS k
        JOIN service_principal AS b
            ON b.id = k.service_principal_id AND b.tenant_id = k.tenant_id AND b.disabled_at IS NULL
        JOIN tenant AS t ON t.id = k.tenant_id AND t.status = 'ACTIVE'
        {SETTINGS}
        WHERE k.token_hash = hash AND k.revoked_at IS NULL AND k.expires_at > at
"""

# A live temporary support account whose agent is signed in and still works for the platform's support (A19).
ACTING_ACCOUNT = f"""
        SELECT {PERSON}, a.ticket_id, a.service_id, t.name, t.environment::text
        FROM temporary_support_account AS a
        JOIN ticket AS k ON k.id = a.ticket_id AND k.status <> 'CLOSED'
        JOIN tenant AS t ON t.id = a.tenant_id AND t.status = 'ACTIVE'
        JOIN sign_in_session AS i ON i.id = session AND i.user_id = person AND i.revoked_at IS NULL AND i.expires_at > at
        JOIN user_account AS u ON u.id = i.user_id AND u.status = 'ACTIVE'
        WHERE a.id = account AND a.tenant_id = holder AND a.status = 'ACTIVE' AND a.expires_at > at
            AND EXISTS (
                SELECT FROM membership AS m
                JOIN tenant AS e ON e.id = m.tenant_id AND e.kind = 'PLATFORM' AND e.status = 'ACTIVE'
                WHERE m.user_id = u.id AND m.status = 'ACTIVE' AND m.role IN ('AGENT', 'AGENT_LEAD')
            )
"""

FUNCTIONS = (
    PLACES_OF,
    signing_in(
        "acting_user(session uuid, person uuid, chosen uuid, at timestamptz)",
        PERSON_TYPES | PLACE_TYPES,
        ACTING_USER,
        user="person::text",
    ),
    signing_in(
        "acting_machine(hash text, at timestamptz)",
        {
            "token_id": "uuid",
            "scopes": "text[]",
            "last_used_at": "timestamptz",
            "principal_id": "uuid",
            "name": "text",
            "role": "text",
            **TENANT_TYPES,
        },
        ACTING_MACHINE,
    ),
    signing_in(
        "acting_account(account uuid, holder uuid, session uuid, person uuid, at timestamptz)",
        PERSON_TYPES | {"ticket_id": "uuid", "service_id": "uuid", "tenant_name": "text", "environment": "text"},
        ACTING_ACCOUNT,
        tenant="holder::text",
        user="person::text",
    ),
)


def upgrade() -> None:
    """Up."""
    for function in FUNCTIONS:
        op.execute(function)


def downgrade() -> None:
    """Down."""
    for function in (
        "acting_account(uuid, uuid, uuid, uuid, timestamptz)",
        "acting_machine(text, timestamptz)",
        "acting_user(uuid, uuid, uuid, timestamptz)",
        "places_of(uuid, uuid)",
    ):
        op.execute(f"DROP FUNCTION {function}")
