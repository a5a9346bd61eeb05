"""Live updates: what changes is told on one channel as its transaction is committed, by ids alone.

Triggers tell, so that whoever writes need not think of it. What is told goes to everybody who listens, and is shown to nobody: it
says what is to be read anew, by the rules of reading. Its topics are whom it may concern:

- `ticket:<id>` one ticket, `tickets:<tenant>` those of a tenant or of a desk, `tickets` all of them
- `access:<id>` a user, a machine or a tenant that may see less than before, or more

An internal note leaves the ticket's version and its last public activity alone, so that the ticket tells nothing; what is told of
the note itself says that it is internal.

Revision 0013, after 0012.
"""

from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | None = None
depends_on: str | None = None

CHANNEL = "bailiwick_live"


def trigger_function(name: str, body: str) -> str:
    """The text of a trigger's function."""
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$"


TELL_TICKET = f"""
    CREATE FUNCTION tell_ticket(ticket uuid, tenant uuid, desk uuid, internal boolean) RETURNS void LANGUAGE sql AS $$
        SELECT pg_notify('{CHANNEL}', jsonb_build_object(
            'kind', 'ticket', 'ticket', ticket, 'internal', internal, 'topics', CASE
                WHEN internal THEN jsonb_build_array('ticket:' || ticket, 'tickets')
                ELSE jsonb_build_array('ticket:' || ticket, 'tickets:' || tenant, 'tickets:' || desk, 'tickets') END
        )::text)
    $$
"""
TELL_ACCESS = f"""
    CREATE FUNCTION tell_access(VARIADIC concerned uuid[]) RETURNS void LANGUAGE sql AS $$
        SELECT pg_notify('{CHANNEL}', jsonb_build_object(
            'kind', 'access', 'topics', (SELECT jsonb_agg('access:' || one) FROM unnest(concerned) AS one WHERE one IS NOT NULL)
        )::text)
    $$
"""
TICKET_TOLD = trigger_function("ticket_told", "PERFORM tell_ticket(NEW.id, NEW.tenant_id, NEW.desk_id, false);")
PARTICIPANT_TOLD = trigger_function(
    "participant_told",
    """
        PERFORM tell_ticket(t.id, t.tenant_id, t.desk_id, false)
        FROM ticket AS t WHERE t.id = coalesce(NEW.ticket_id, OLD.ticket_id);
        IF TG_OP <> 'INSERT' AND OLD.user_id IS NOT NULL THEN
            PERFORM tell_access(OLD.user_id);
        END IF;""",
)
MESSAGE_TOLD = trigger_function(
    "message_told",
    f"""
        IF NEW.visibility = 'INTERNAL' THEN
            PERFORM tell_ticket(NEW.ticket_id, NEW.tenant_id, NULL, true);
        END IF;
        PERFORM pg_notify('{CHANNEL}', jsonb_build_object(
            'kind', 'message', 'ticket', NEW.ticket_id, 'message', NEW.id, 'internal', NEW.visibility = 'INTERNAL',
            'topics', jsonb_build_array('ticket:' || NEW.ticket_id)
        )::text);""",
)
# Of each function, whom it tells that what they may see is to be looked at again.
ACCESS = {
    "membership_access_told": "OLD.user_id",
    "user_access_told": "OLD.id",
    "session_access_told": "OLD.user_id",
    "token_access_told": "OLD.service_principal_id",
    "machine_access_told": "OLD.id",
    "tenant_access_told": "OLD.id, OLD.managing_partner_id",
    "of_tenant_access_told": "coalesce(NEW.tenant_id, OLD.tenant_id)",
    "relationship_access_told": "OLD.tenant_id, OLD.customer_tenant_id",
}
PUBLIC = ", ".join(
    f"%s.{column}" for column in ("version", "last_public_activity_at", "status", "assignee_id", "visibility")
)
CHANGED = f"({PUBLIC.replace('%s', 'OLD')}) IS DISTINCT FROM ({PUBLIC.replace('%s', 'NEW')})"
ANY_CHANGE = "AFTER INSERT OR UPDATE OR DELETE"
GONE_OR = "AFTER DELETE OR UPDATE OF"

# Name → table, when, and the function.
TRIGGERS = {
    "told_new": ("ticket", "AFTER INSERT", "", "ticket_told"),
    "told_changed": ("ticket", "AFTER UPDATE", f"WHEN ({CHANGED})", "ticket_told"),
    "told_participant": ("ticket_participant", ANY_CHANGE, "", "participant_told"),
    "told_message": ("ticket_message", "AFTER INSERT OR UPDATE OF visibility, body", "", "message_told"),
    "told_membership": ("membership", "AFTER UPDATE OR DELETE", "", "membership_access_told"),
    "told_user": ("user_account", f"{GONE_OR} status", "", "user_access_told"),
    "told_session": ("sign_in_session", f"{GONE_OR} revoked_at, expires_at", "", "session_access_told"),
    "told_token": ("api_token", f"{GONE_OR} revoked_at, expires_at, scopes", "", "token_access_told"),
    "told_machine": ("service_principal", f"{GONE_OR} disabled_at, role", "", "machine_access_told"),
    "told_tenant": ("tenant", f"{GONE_OR} status, managing_partner_id", "", "tenant_access_told"),
    "told_relationship": ("management_relationship", "AFTER UPDATE OR DELETE", "", "relationship_access_told"),
    "told_account": ("temporary_support_account", f"{GONE_OR} status, expires_at", "", "of_tenant_access_told"),
    "told_security": (
        "tenant_security_settings",
        f"{GONE_OR} organization_ticket_access",
        "",
        "of_tenant_access_told",
    ),
    **{
        f"told_{table}": (table, ANY_CHANGE, "", "of_tenant_access_told")
        for table in (
            "custom_role",
            "membership_service_scope",
            "customer_group_member",
            "membership_customer_group",
        )
    },
}


def upgrade() -> None:
    """Up."""
    for function in (TELL_TICKET, TELL_ACCESS, TICKET_TOLD, PARTICIPANT_TOLD, MESSAGE_TOLD):
        op.execute(function)
    for name, concerned in ACCESS.items():
        op.execute(trigger_function(name, f"PERFORM tell_access({concerned});"))
    for name, (table, when, condition, function) in TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW {condition} EXECUTE FUNCTION {function}()")


def downgrade() -> None:
    """Down."""
    for name, (table, *_rest) in TRIGGERS.items():
        op.execute(f"DROP TRIGGER {name} ON {table}")
    for name in (*ACCESS, "ticket_told", "participant_told", "message_told"):
        op.execute(f"DROP FUNCTION {name}()")
    op.execute("DROP FUNCTION tell_access(uuid[])")
    op.execute("DROP FUNCTION tell_ticket(uuid, uuid, uuid, boolean)")
