"""A domain that an organisation lists opens nothing where other organisations have members: one insider is no company.

`user_account.email_domain` is stored, so that row-level security can ask for it by an index: a function in its place would not be.

Revision 0035, after 0034.
"""

from alembic import op

revision: str = "0035"
down_revision: str | None = "0034"
branch_labels: str | None = None
depends_on: str | None = None

LISTED = """
            SELECT array_agg(t.id) INTO homes
            FROM tenant_security_settings AS s
            JOIN tenant AS t ON t.id = s.tenant_id AND t.kind = 'CUSTOMER' AND t.status = 'ACTIVE'
            WHERE s.sign_up_domains @> ARRAY[substring(address FROM '@([^@]+)$')];
            IF cardinality(homes) = 1 THEN"""
UNDISPUTED = """
            SELECT array_agg(t.id) INTO homes
            FROM tenant_security_settings AS s
            JOIN tenant AS t ON t.id = s.tenant_id AND t.kind = 'CUSTOMER' AND t.status = 'ACTIVE'
            WHERE s.sign_up_domains @> ARRAY[substring(address FROM '@([^@]+)$')];
            IF cardinality(homes) = 1 AND NOT EXISTS (
                SELECT FROM user_account AS u JOIN membership AS o ON o.user_id = u.id
                WHERE u.email_domain = substring(address FROM '@([^@]+)$') AND u.email_verified_at IS NOT NULL
                    AND u.status = 'ACTIVE' AND o.status = 'ACTIVE' AND o.tenant_id <> homes[1]
                    AND NOT EXISTS (SELECT FROM membership AS h WHERE h.user_id = u.id AND h.tenant_id = homes[1])
            ) THEN"""


def admit(choice: str) -> str:
    """The text of the function of 0019 that lets a proved account join the one organisation whose domain it is of."""
    return f"""
    CREATE OR REPLACE FUNCTION admit_account(person uuid) RETURNS uuid LANGUAGE plpgsql AS $$
    DECLARE
        caller text := current_setting('bailiwick.scope', true);
        address text;
        homes uuid[];
        home uuid;
    BEGIN
        PERFORM set_config('bailiwick.scope', 'worker', true);
        SELECT u.email INTO address FROM user_account AS u
        WHERE u.id = person AND u.status = 'ACTIVE' AND u.email_verified_at IS NOT NULL;
        IF address IS NOT NULL AND NOT EXISTS (SELECT FROM membership AS m WHERE m.user_id = person) THEN
            {choice.strip()}
                home := homes[1];
                INSERT INTO membership (id, tenant_id, user_id, role, status)
                VALUES (gen_random_uuid(), home, person, 'STANDARD_USER', 'ACTIVE');
            END IF;
        END IF;
        UPDATE ticket_participant AS p SET user_id = participant_account(p.email, p.tenant_id)
        WHERE p.email = address AND p.user_id IS NULL AND participant_account(p.email, p.tenant_id) IS NOT NULL;
        PERFORM set_config('bailiwick.scope', coalesce(caller, ''), true);
        RETURN home;
    END $$
"""


def upgrade() -> None:
    """Up."""
    op.execute(
        "ALTER TABLE user_account ADD email_domain TEXT GENERATED ALWAYS AS (substring(email FROM '@([^@]+)$')) STORED"
    )
    op.execute("CREATE INDEX ix_user_account_email_domain ON user_account (email_domain)")
    op.execute(admit(UNDISPUTED))


def downgrade() -> None:
    """Down."""
    op.execute(admit(LISTED))
    op.execute("ALTER TABLE user_account DROP email_domain")
