"""Many changes asked for at once: operations and their items, which the worker does as who asked for them.

What a person or a machine may do is looked up anew for each item, by two functions that the worker alone may call: it has no
right to sessions, tokens or custom roles, and learns of a token that it knows by its id what that token allows, never its hash.

Revision 0020, after 0019.
"""

from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: str | None = None
depends_on: str | None = None

APPLICATION = "bailiwick_app"
WORKER = "bailiwick_worker"
TENANT = "(SELECT nullif(current_setting('bailiwick.tenant_id', true), '')::uuid)"
SCOPE = "(SELECT nullif(current_setting('bailiwick.scope', true), ''))"
REACHED = f"(tenant_id = {TENANT}) OR ({SCOPE} IN ('platform', 'worker'))"

TABLES = (
    """
    CREATE TABLE bulk_operation (
        kind VARCHAR(40) NOT NULL,
        status VARCHAR(40) NOT NULL,
        error_policy VARCHAR(40) NOT NULL,
        change JSONB NOT NULL,
        total BIGINT NOT NULL,
        succeeded BIGINT NOT NULL,
        failed BIGINT NOT NULL,
        skipped BIGINT NOT NULL,
        cancelled BIGINT NOT NULL,
        actor_kind VARCHAR(40) NOT NULL,
        user_id UUID NOT NULL,
        actor_name TEXT NOT NULL,
        credential_id UUID,
        session_id UUID,
        ip_address TEXT,
        request_id TEXT,
        ended_at TIMESTAMP WITH TIME ZONE,
        id UUID NOT NULL,
        tenant_id UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_bulk_operation PRIMARY KEY (id),
        CONSTRAINT fk_bulk_operation_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id),
        CONSTRAINT ck_bulk_operation_bulkoperationkind CHECK (kind IN ('TICKET_UPDATE')),
        CONSTRAINT ck_bulk_operation_bulkoperationstatus
            CHECK (status IN ('PENDING', 'RUNNING', 'COMPLETED', 'COMPLETED_WITH_ERRORS', 'CANCELLED', 'FAILED')),
        CONSTRAINT ck_bulk_operation_bulkerrorpolicy CHECK (error_policy IN ('IGNORE_FAILED', 'STOP')),
        CONSTRAINT ck_bulk_operation_principalkind
            CHECK (actor_kind IN ('USER', 'SERVICE_PRINCIPAL', 'TEMPORARY_SUPPORT')),
        CONSTRAINT ck_bulk_operation_ended CHECK ((status IN ('PENDING', 'RUNNING')) = (ended_at IS NULL)),
        CONSTRAINT ck_bulk_operation_counts CHECK (succeeded + failed + skipped + cancelled <= total)
    )
    """,
    "CREATE INDEX ix_bulk_operation_tenant_id_created_at ON bulk_operation (tenant_id, created_at, id)",
    """
    CREATE INDEX ix_bulk_operation_unfinished ON bulk_operation (user_id) WHERE status IN ('PENDING', 'RUNNING')
    """,
    """
    CREATE TABLE bulk_operation_item (
        operation_id UUID NOT NULL,
        position BIGINT NOT NULL,
        ticket_id UUID NOT NULL,
        status VARCHAR(40) NOT NULL,
        errors JSONB DEFAULT '[]' NOT NULL,
        ended_at TIMESTAMP WITH TIME ZONE,
        id UUID NOT NULL,
        tenant_id UUID NOT NULL,
        CONSTRAINT pk_bulk_operation_item PRIMARY KEY (id),
        CONSTRAINT uq_bulk_operation_item_operation_id_position UNIQUE (operation_id, position),
        CONSTRAINT uq_bulk_operation_item_operation_id_ticket_id UNIQUE (operation_id, ticket_id),
        CONSTRAINT fk_bulk_operation_item_operation_id FOREIGN KEY(operation_id) REFERENCES bulk_operation (id),
        CONSTRAINT fk_bulk_operation_item_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id),
        CONSTRAINT ck_bulk_operation_item_bulkoperationitemstatus
            CHECK (status IN ('PENDING', 'SUCCEEDED', 'FAILED', 'SKIPPED', 'CANCELLED'))
    )
    """,
)
OWNED = ("bulk_operation", "bulk_operation_item")

TOLD = """
    CREATE FUNCTION bulk_operation_told() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_notify('bailiwick_live', jsonb_build_object(
            'kind', 'bulk_operation', 'topics', jsonb_build_array('bulk_operation:' || NEW.id)
        )::text);
        RETURN NULL;
    END $$
"""

PLACE = """membership_id uuid, role text, custom_role text, permissions text[], denied_permissions text[], service_ids uuid[],
        grouped boolean, tenant_id uuid, tenant_name text, tenant_kind text, environment text, partner_type text,
        organization_ticket_access text"""
# As those of 0011, for who works on after the request: a person without a session, a machine by the id of its token.
WORKING = {
    "working_user(person uuid, chosen uuid)": (
        f"first_name text, last_name text, email text, email_verified boolean, {PLACE}",
        """
        SELECT u.first_name, u.last_name, u.email, u.email_verified_at IS NOT NULL, p.*
        FROM user_account AS u JOIN LATERAL places_of(u.id, chosen) AS p ON true
        WHERE u.id = person AND u.status = 'ACTIVE'
        """,
    ),
    "working_machine(token uuid, at timestamptz)": (
        """token_id uuid, scopes text[], principal_id uuid, name text, role text, tenant_id uuid, tenant_name text,
        tenant_kind text, environment text, partner_type text, organization_ticket_access text""",
        """
        SELECT k.id, k.scopes, b.id, b.name, b.role::text, t.id, t.name, t.kind::text, t.environment::text,
            t.partner_type::text, s.organization_ticket_access::text
        FROM api_token AS k
        JOIN service_principal AS b
            ON b.id = k.service_principal_id AND b.tenant_id = k.tenant_id AND b.disabled_at IS NULL
        JOIN tenant AS t ON t.id = k.tenant_id AND t.status = 'ACTIVE'
        LEFT JOIN tenant_security_settings AS s ON s.tenant_id = t.id
        WHERE k.id = token AND k.revoked_at IS NULL AND k.expires_at > at
        """,
    ),
}
SIGNATURES = ("working_user(uuid, uuid)", "working_machine(uuid, timestamptz)")

# What the commands of single tickets read and write, beside what 0014 gave.
RIGHTS = (
    (APPLICATION, "SELECT, INSERT, UPDATE", OWNED),
    (WORKER, "SELECT, UPDATE", OWNED),
    (WORKER, "SELECT", ("sla_policy", "sla_target")),
    (WORKER, "INSERT", ("entitlement_transaction",)),
    (WORKER, "UPDATE", ("entitlement",)),
)


def working(signature: str, returns: str, query: str) -> str:
    """The text of a function that answers in the sign-in scope, with its owner's rights, and gives the scope back."""
    return f"""
    CREATE FUNCTION {signature} RETURNS TABLE ({returns})
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    DECLARE
        caller text := coalesce(current_setting('bailiwick.scope', true), '');
    BEGIN
        PERFORM set_config('bailiwick.scope', 'sign_in', true);
        RETURN QUERY {query};
        PERFORM set_config('bailiwick.scope', caller, true);
    END $$
    """


def upgrade() -> None:
    """Up."""
    for statement in (*TABLES, TOLD):
        op.execute(statement)
    for table in OWNED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY scope ON {table} USING ({REACHED}) WITH CHECK ({REACHED})")
    op.execute("""
        CREATE TRIGGER told AFTER UPDATE ON bulk_operation
        FOR EACH ROW EXECUTE FUNCTION bulk_operation_told()
    """)
    for signature, (returns, query) in WORKING.items():
        op.execute(working(signature, returns, query))
    for signature in SIGNATURES:
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO {WORKER}")
    for role, rights, tables in RIGHTS:
        op.execute(f"GRANT {rights} ON {', '.join(tables)} TO {role}")


def downgrade() -> None:
    """Down."""
    for role, rights, tables in RIGHTS[2:]:
        op.execute(f"REVOKE {rights} ON {', '.join(tables)} FROM {role}")
    for signature in SIGNATURES:
        op.execute(f"DROP FUNCTION {signature}")
    for table in reversed(OWNED):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION bulk_operation_told()")
