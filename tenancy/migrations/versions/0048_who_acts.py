"""Who acts is found out without preparing the policies of each table for it: they were more than half of what it cost.

`acting_user` looks for members, and `acting_machine` for machines, with the rights of the tables' owner, whom a policy of its own lets
read what they read and nothing else (docs/adr/0022). Whom they find is what they always found: the sign-in scope, in which they
worked, opens these tables whole. Who takes part without being a member is found as before, by `acting_participant`, and no member:
it tells no trusted addresses.

Revision 0048, after 0047.
"""

from alembic import op
from sqlalchemy import text

revision: str = "0048"
down_revision: str | None = "0047"
branch_labels: str | None = None
depends_on: str | None = None

APPLICATION = "bailiwick_app"
AS_OWNER = "STABLE SECURITY DEFINER SET search_path = public, pg_temp"
READ = (
    "api_token",
    "custom_role",
    "membership",
    "membership_customer_group",
    "membership_service_scope",
    "service_principal",
    "sign_in_session",
    "tenant",
    "tenant_security_settings",
    "user_account",
)
TENANT = {
    "tenant_id": "uuid",
    "tenant_name": "text",
    "tenant_kind": "text",
    "environment": "text",
    "partner_type": "text",
    "organization_ticket_access": "text",
}
OF_TENANT = "t.id, t.name, t.kind::text, t.environment::text, t.partner_type::text, s.organization_ticket_access::text"
PLACE = {
    "membership_id": "uuid",
    "role": "text",
    "custom_role": "text",
    "permissions": "text[]",
    "denied_permissions": "text[]",
    "service_ids": "uuid[]",
    "grouped": "boolean",
    **TENANT,
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
USER_KEYS = "session uuid, person uuid, chosen uuid, at timestamptz"
MACHINE_KEYS = "hash text, at timestamptz"


def columns(types: dict[str, str]) -> str:
    """What a function returns."""
    return ", ".join(f"{column} {kind}" for column, kind in types.items())


def found(join: str, trusted: str) -> str:
    """The live user of a session, with a row for each place that `join` finds."""
    selected = (
        "u.first_name, u.last_name, u.email, u.email_verified_at IS NOT NULL",
        *(f"p.{column}" for column in PLACE),
        trusted,
    )
    return f"""
        SELECT {", ".join(selected)}
        FROM sign_in_session AS i
        JOIN user_account AS u ON u.id = i.user_id AND u.status = 'ACTIVE'
        {join}
        WHERE i.id = session AND i.user_id = person AND i.revoked_at IS NULL AND i.expires_at > at
        ORDER BY p.membership_id
    """


MEMBERS = found("JOIN LATERAL memberships_of(u.id, chosen) AS p ON true", "p.trusted_ips")
PARTICIPANTS = found("LEFT JOIN LATERAL places_of(u.id, chosen) AS p ON p.membership_id IS NULL", "NULL::text[]")
MACHINES = f"""
        SELECT k.id, k.scopes, k.last_used_at, b.id, b.name, b.role::text, {OF_TENANT}, s.trusted_ips
        FROM api_token AS k
        JOIN service_principal AS b
            ON b.id = k.service_principal_id AND b.tenant_id = k.tenant_id AND b.disabled_at IS NULL
        JOIN tenant AS t ON t.id = k.tenant_id AND t.status = 'ACTIVE'
        LEFT JOIN tenant_security_settings AS s ON s.tenant_id = t.id
        WHERE k.token_hash = hash AND k.revoked_at IS NULL AND k.expires_at > at
"""


def acting(name: str, keys: str, types: dict[str, str], attributes: str, body: str) -> str:
    """The text of a function that tells who acts."""
    return f"""
    CREATE OR REPLACE FUNCTION {name}({keys}) RETURNS TABLE ({columns(types)}) LANGUAGE plpgsql {attributes} AS $$
    {body}
    $$
    """


def signing_in(body: str, user: str = "''") -> str:
    """The body of a function that works in the sign-in scope, and gives its caller's scope back."""
    scopes = {"scope": "'sign_in'", "tenant_id": "''", "user_id": user}
    kept = " ".join(f"old_{each} text := coalesce(current_setting('bailiwick.{each}', true), '');" for each in scopes)
    taken = " || ".join(f"set_config('bailiwick.{each}', {value}, true)" for each, value in scopes.items())
    given_back = " || ".join(f"set_config('bailiwick.{each}', old_{each}, true)" for each in scopes)
    return f"""
    DECLARE
        {kept}
        new text := {taken};
    BEGIN
        {body}
        new := {given_back};
    END
    """


USER = PERSON | PLACE | TRUSTED
ACTING_USER = f"""
    BEGIN
        RETURN QUERY {MEMBERS};
        IF NOT FOUND THEN
            RETURN QUERY SELECT * FROM acting_participant(session, person, chosen, at);
        END IF;
    END
"""
ACTING_USER_BEFORE = f"""
        RETURN QUERY {MEMBERS};
        IF NOT FOUND THEN
            RETURN QUERY {PARTICIPANTS};
        END IF;
"""
MACHINE_ROW = MACHINE | TENANT | TRUSTED
OWNER = text("SELECT quote_ident(tableowner) FROM pg_tables WHERE (schemaname, tablename) = ('public', 'membership')")
DEFINED = ("acting_user(uuid, uuid, uuid, timestamptz)", "acting_machine(text, timestamptz)")


def upgrade() -> None:
    """Up. Requests lock these tables in orders of their own: each policy has a transaction to itself."""
    owner = op.get_bind().execute(OWNER).scalar_one()
    with op.get_context().autocommit_block():
        for table in READ:
            op.execute(f"DROP POLICY IF EXISTS who_acts ON {table}")
            op.execute(f"CREATE POLICY who_acts ON {table} FOR SELECT TO {owner} USING (true)")
    op.execute(
        acting("acting_participant", USER_KEYS, USER, "", signing_in(f"RETURN QUERY {PARTICIPANTS};", "person::text"))
    )
    op.execute(acting("acting_user", USER_KEYS, USER, AS_OWNER, ACTING_USER))
    op.execute(acting("acting_machine", MACHINE_KEYS, MACHINE_ROW, AS_OWNER, f"BEGIN RETURN QUERY {MACHINES}; END"))
    for function in DEFINED:
        op.execute(f"ALTER FUNCTION {function} OWNER TO {owner}")
        op.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {APPLICATION}")


def downgrade() -> None:
    """Down: the functions first, while they may still read what they read."""
    for function in DEFINED:
        op.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM {APPLICATION}")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO PUBLIC")
    op.execute(acting("acting_machine", MACHINE_KEYS, MACHINE_ROW, "", signing_in(f"RETURN QUERY {MACHINES};")))
    op.execute(acting("acting_user", USER_KEYS, USER, "", signing_in(ACTING_USER_BEFORE, "person::text")))
    with op.get_context().autocommit_block():
        op.execute("DROP FUNCTION IF EXISTS acting_participant(uuid, uuid, uuid, timestamptz)")
        for table in READ:
            op.execute(f"DROP POLICY IF EXISTS who_acts ON {table}")
