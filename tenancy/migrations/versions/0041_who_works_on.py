"""Who works on after the request is found wherever they act, also by the tickets that name them.

`working_user` asked without saying who it is: rows that name somebody of no organisation stayed out of its sight, and nothing was
pushed to them.

Revision 0041, after 0040.
"""

from alembic import op

revision: str = "0041"
down_revision: str | None = "0040"
branch_labels: str | None = None
depends_on: str | None = None

PLACE = """membership_id uuid, role text, custom_role text, permissions text[], denied_permissions text[], service_ids uuid[],
        grouped boolean, tenant_id uuid, tenant_name text, tenant_kind text, environment text, partner_type text,
        organization_ticket_access text"""


def working_user(settings: dict[str, str]) -> str:
    """The text of the function of 0020, which answers with these `settings`, and gives its caller's back."""
    kept = " ".join(f"old_{each} text := coalesce(current_setting('bailiwick.{each}', true), '');" for each in settings)
    taken = " ".join(f"PERFORM set_config('bailiwick.{each}', {value}, true);" for each, value in settings.items())
    given_back = " ".join(f"PERFORM set_config('bailiwick.{each}', old_{each}, true);" for each in settings)
    return f"""
    CREATE OR REPLACE FUNCTION working_user(person uuid, chosen uuid)
    RETURNS TABLE (first_name text, last_name text, email text, email_verified boolean, {PLACE})
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        {kept}
    BEGIN
        {taken}
        RETURN QUERY
            SELECT u.first_name, u.last_name, u.email, u.email_verified_at IS NOT NULL, p.*
            FROM user_account AS u JOIN LATERAL places_of(u.id, chosen) AS p ON true
            WHERE u.id = person AND u.status = 'ACTIVE';
        {given_back}
    END $$
    """


def upgrade() -> None:
    """Up."""
    op.execute(working_user({"scope": "'sign_in'", "user_id": "person::text"}))


def downgrade() -> None:
    """Down."""
    op.execute(working_user({"scope": "'sign_in'"}))
