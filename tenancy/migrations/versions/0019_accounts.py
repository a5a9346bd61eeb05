"""Accounts: people who were named in tickets, links to create a password, and whom an organisation takes in by itself.

- Whoever is named in a ticket and has no account gets one without a password (C3): a row, and no right to anything.
- `account_token` keeps of a mailed link nothing but a hash. The worker writes it, as it writes the mail.
- `admit_account` runs when an address has been proved: it lets the account join the one organisation that lists its domain, and
  take part in the tickets in which it was named (docs/adr/0015).

Revision 0019, after 0018.
"""

from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | None = None
depends_on: str | None = None

APPLICATION = "bailiwick_app"
WORKER = "bailiwick_worker"
SCOPE = "(SELECT nullif(current_setting('bailiwick.scope', true), ''))"
REACHED = f"{SCOPE} IN ('sign_in', 'platform', 'worker')"

TABLES = (
    """
    CREATE TABLE account_token (
        user_id UUID NOT NULL,
        token_hash TEXT NOT NULL,
        first_name TEXT,
        last_name TEXT,
        language TEXT,
        expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
        ended_at TIMESTAMP WITH TIME ZONE,
        id UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_account_token PRIMARY KEY (id),
        CONSTRAINT uq_account_token_token_hash UNIQUE (token_hash),
        CONSTRAINT fk_account_token_user_id FOREIGN KEY(user_id) REFERENCES user_account (id)
    )
    """,
    "CREATE UNIQUE INDEX uq_account_token_live ON account_token (user_id) WHERE ended_at IS NULL",
    "ALTER TABLE tenant_security_settings ADD COLUMN sign_up_domains TEXT[] DEFAULT '{}' NOT NULL",
    "CREATE INDEX ix_tenant_security_settings_sign_up_domains ON tenant_security_settings USING gin (sign_up_domains)",
    "CREATE INDEX ix_ticket_participant_unknown ON ticket_participant (email) WHERE user_id IS NULL",
)

ENTER = "PERFORM set_config('bailiwick.scope', 'worker', true);"
LEAVE = "PERFORM set_config('bailiwick.scope', coalesce(caller, ''), true);"
CALLER = "caller text := current_setting('bailiwick.scope', true);"

# In the order of addresses, so that two tickets that name the same people do not wait for each other.
PRE_PROVISION = f"""
    CREATE FUNCTION pre_provision() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE {CALLER}
    BEGIN
        {ENTER}
        INSERT INTO user_account (id, email, identity_provider, first_name, last_name, sign_in_kind, status)
        SELECT gen_random_uuid(), n.email, 'local', coalesce(max(n.name), split_part(n.email, '@', 1)), '', 'LOCAL',
            'PRE_PROVISIONED'
        FROM named AS n
        WHERE n.user_id IS NULL AND NOT EXISTS (SELECT FROM user_account AS u WHERE u.email = n.email)
        GROUP BY n.email ORDER BY n.email
        ON CONFLICT DO NOTHING;
        {LEAVE}
        RETURN NULL;
    END $$
"""
ADMIT = f"""
    CREATE FUNCTION admit_account(person uuid) RETURNS uuid LANGUAGE plpgsql AS $$
    DECLARE
        {CALLER}
        address text;
        homes uuid[];
        home uuid;
    BEGIN
        {ENTER}
        SELECT u.email INTO address FROM user_account AS u
        WHERE u.id = person AND u.status = 'ACTIVE' AND u.email_verified_at IS NOT NULL;
        IF address IS NOT NULL AND NOT EXISTS (SELECT FROM membership AS m WHERE m.user_id = person) THEN
            SELECT array_agg(t.id) INTO homes
            FROM tenant_security_settings AS s
            JOIN tenant AS t ON t.id = s.tenant_id AND t.kind = 'CUSTOMER' AND t.status = 'ACTIVE'
            WHERE s.sign_up_domains @> ARRAY[substring(address FROM '@([^@]+)$')];
            IF cardinality(homes) = 1 THEN
                home := homes[1];
                INSERT INTO membership (id, tenant_id, user_id, role, status)
                VALUES (gen_random_uuid(), home, person, 'STANDARD_USER', 'ACTIVE');
            END IF;
        END IF;
        UPDATE ticket_participant AS p SET user_id = participant_account(p.email, p.tenant_id)
        WHERE p.email = address AND p.user_id IS NULL AND participant_account(p.email, p.tenant_id) IS NOT NULL;
        {LEAVE}
        RETURN home;
    END $$
"""


def participant_account(condition: str) -> str:
    """The text of the function that finds whose account an address is: of somebody who has proved it (spec 4.3, 13)."""
    return f"""
    CREATE OR REPLACE FUNCTION participant_account(address text, subject uuid) RETURNS uuid LANGUAGE plpgsql AS $$
    DECLARE
        {CALLER}
        found uuid;
    BEGIN
        {ENTER}
        SELECT u.id INTO found
        FROM user_account AS u JOIN tenant AS t ON t.id = subject
        LEFT JOIN membership AS m ON m.user_id = u.id AND m.status = 'ACTIVE'
        WHERE u.email = lower(address) AND u.email_verified_at IS NOT NULL AND u.status = 'ACTIVE' AND ({condition})
        ORDER BY u.id LIMIT 1;
        {LEAVE}
        RETURN found;
    END $$
    """


MEMBER = "m.tenant_id IN (t.id, t.managing_partner_id)"
OF_NO_ORGANIZATION = "(m.id IS NULL AND t.kind = 'CUSTOMER')"

PLACE = "t.id, t.name, t.kind::text, t.environment::text, t.partner_type::text, s.organization_ticket_access::text"
PLACES = f"""
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
"""
# Whoever is a member somewhere acts there; others in the organisations whose tickets they take part in, on the word of the
# organisation itself or of the partner that manages it now.
TICKETS = f"""
        UNION ALL
        SELECT NULL, 'PARTICIPANT', NULL, NULL, NULL, NULL, false, {PLACE}
        FROM tenant AS t
        LEFT JOIN tenant_security_settings AS s ON s.tenant_id = t.id
        WHERE t.kind = 'CUSTOMER' AND t.status = 'ACTIVE' AND (chosen IS NULL OR t.id = chosen)
            AND NOT EXISTS (SELECT FROM membership AS m WHERE m.user_id = person AND m.status = 'ACTIVE')
            AND EXISTS (SELECT FROM user_account AS u WHERE u.id = person AND u.email_verified_at IS NOT NULL)
            AND t.id IN (
                SELECT p.tenant_id FROM ticket_participant AS p
                WHERE p.user_id = person AND p.kind IN ('CC', 'CONTACT')
                    AND p.added_by_tenant_id IN (p.tenant_id, p.managing_partner_id)
            )
"""


def places_of(query: str) -> str:
    """The text of the function that finds where somebody acts; its columns are those of 0011."""
    return f"""
    CREATE OR REPLACE FUNCTION places_of(person uuid, chosen uuid)
    RETURNS TABLE (
        membership_id uuid, role text, custom_role text, permissions text[], denied_permissions text[], service_ids uuid[],
        grouped boolean, tenant_id uuid, tenant_name text, tenant_kind text, environment text, partner_type text,
        organization_ticket_access text
    )
    LANGUAGE sql STABLE AS $$ {query} $$
    """


# The worker makes accounts that nobody can use yet, and never sees or sets a password.
ACCOUNT = "id, email, identity_provider, first_name, last_name, sign_in_kind, status"
RIGHTS = (
    (f"INSERT ({ACCOUNT})", "user_account", WORKER),
    ("SELECT (identity_provider, sign_in_kind)", "user_account", WORKER),
    ("UPDATE (status, updated_at)", "user_account", WORKER),
    ("SELECT, INSERT, UPDATE (ended_at, updated_at)", "account_token", WORKER),
    ("SELECT, INSERT, UPDATE", "account_token", APPLICATION),
)


def upgrade() -> None:
    """Up."""
    for statement in TABLES:
        op.execute(statement)
    op.execute("ALTER TABLE account_token ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE account_token FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY scope ON account_token USING ({REACHED}) WITH CHECK ({REACHED})")
    op.execute(PRE_PROVISION)
    op.execute("""
        CREATE TRIGGER pre_provision AFTER INSERT ON ticket_participant REFERENCING NEW TABLE AS named
        FOR EACH STATEMENT EXECUTE FUNCTION pre_provision()
    """)
    op.execute(participant_account(f"{MEMBER} OR {OF_NO_ORGANIZATION}"))
    op.execute(places_of(PLACES + TICKETS))
    op.execute(ADMIT)
    for right, table, role in RIGHTS:
        op.execute(f"GRANT {right} ON {table} TO {role}")


def downgrade() -> None:
    """Down."""
    op.execute("DROP FUNCTION admit_account(uuid)")
    op.execute(places_of(PLACES))
    op.execute(participant_account(MEMBER))
    op.execute("DROP TRIGGER pre_provision ON ticket_participant")
    op.execute("DROP FUNCTION pre_provision()")
    op.execute("DROP TABLE account_token")
    op.execute("DROP INDEX ix_ticket_participant_unknown")
    op.execute("ALTER TABLE tenant_security_settings DROP COLUMN sign_up_domains")
    for right, table, role in RIGHTS:
        if table != "account_token":
            op.execute(f"REVOKE {right} ON {table} FROM {role}")
