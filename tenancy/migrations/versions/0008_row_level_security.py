"""Who reaches which rows: the fence below the grant, forced on every table.

A table is in one of the groups below; a policy's `using` decides reads, its `check` writes. Settings are read once a statement, in
scalar subqueries, so that a row costs one comparison. Where no scope is set, every comparison is with null: no rows.

Revision 0008, after 0007.
"""

from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | None = None
depends_on: str | None = None

APPLICATION = "bailiwick_app"
TENANT = "(SELECT nullif(current_setting('bailiwick.tenant_id', true), '')::uuid)"
USER = "(SELECT nullif(current_setting('bailiwick.user_id', true), '')::uuid)"
SCOPE = "(SELECT nullif(current_setting('bailiwick.scope', true), ''))"

ANY_SCOPE = f"{SCOPE} IS NOT NULL"
SPANNING = f"{SCOPE} IN ('platform', 'worker')"
SIGN_IN = f"{SCOPE} = 'sign_in'"
OWN = f"tenant_id = {TENANT}"
MANAGED = f"managing_partner_id = {TENANT}"
MINE = f"user_id = {USER}"
LINKED = f"{TENANT} = ANY (linked_tenant_ids)"
COPIED = f"EXISTS (SELECT FROM ticket_participant AS p WHERE p.ticket_id = ticket.id AND p.user_id = {USER} AND p.kind = 'CC')"
# For choosing the acting tenant: its name and kind, which `Tenant.visible_to` shows to nobody who acts in another one (AMB-34).
MEMBER = f"EXISTS (SELECT FROM membership AS m WHERE m.tenant_id = tenant.id AND m.user_id = {USER})"
WITH_TICKET = "EXISTS (SELECT FROM ticket AS t WHERE t.id = ticket_id)"

# Of each table: who reads, who writes.
POLICIES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    **dict.fromkeys(
        (
            "support_region",
            "calendar_interval",
            "calendar_exception",
            "sla_target",
            "support_channel",
            "agreement",
            "service",
        ),
        ((ANY_SCOPE,), (SPANNING,)),
    ),
    "tenant": ((f"id = {TENANT}", MANAGED, SPANNING, SIGN_IN, MEMBER), (f"id = {TENANT}", MANAGED, SPANNING)),
    "user_account": (
        (
            f"id = {USER}",
            "EXISTS (SELECT FROM membership AS m WHERE m.user_id = user_account.id)",
            SPANNING,
            SIGN_IN,
        ),
        (f"id = {USER}", SPANNING, SIGN_IN),
    ),
    "membership": ((OWN, MANAGED, MINE, SPANNING, SIGN_IN), (OWN, SPANNING)),
    **dict.fromkeys(
        (
            "custom_role",
            "membership_service_scope",
            "customer_group",
            "customer_group_member",
            "membership_customer_group",
            "service_principal",
        ),
        ((OWN, SPANNING, SIGN_IN), (OWN, SPANNING)),
    ),
    "tenant_security_settings": ((OWN, MANAGED, SPANNING, SIGN_IN), (OWN, SPANNING)),
    "api_token": ((OWN, SPANNING, SIGN_IN), (OWN, SPANNING, SIGN_IN)),
    "sign_in_session": ((MINE, SPANNING, SIGN_IN), (MINE, SPANNING, SIGN_IN)),
    **dict.fromkeys(("signing_key", "sign_in_attempt"), ((SIGN_IN, SPANNING), (SIGN_IN, SPANNING))),
    "management_relationship": (
        (OWN, f"customer_tenant_id = {TENANT}", SPANNING),
        (OWN, f"customer_tenant_id = {TENANT}", SPANNING),
    ),
    **dict.fromkeys(
        (
            "customer_profile",
            "customer_pin",
            "provider_option_policy",
            "subscription_pool",
            "support_contract_link",
        ),
        ((OWN, SPANNING), (OWN, SPANNING)),
    ),
    **dict.fromkeys(
        ("service_subscription", "service_setup"),
        ((OWN, MANAGED, SPANNING), (OWN, MANAGED, SPANNING)),
    ),
    **dict.fromkeys(
        ("support_contract", "support_contract_eligibility", "entitlement"),
        ((OWN, LINKED, SPANNING), (OWN, LINKED, SPANNING)),
    ),
    "entitlement_transaction": (
        (OWN, SPANNING, "EXISTS (SELECT FROM entitlement AS e WHERE e.id = entitlement_id)"),
        (OWN, SPANNING, "EXISTS (SELECT FROM entitlement AS e WHERE e.id = entitlement_id)"),
    ),
    "ticket": ((OWN, MANAGED, SPANNING, COPIED), (OWN, MANAGED, SPANNING, COPIED)),
    "ticket_participant": ((OWN, MANAGED, MINE, SPANNING), (OWN, MANAGED, SPANNING)),
    **dict.fromkeys(
        ("ticket_message", "temporary_support_account", "attachment"),
        ((OWN, MANAGED, SPANNING, WITH_TICKET), (OWN, MANAGED, SPANNING, WITH_TICKET)),
    ),
    "attempt_counter": ((SPANNING,), (SPANNING,)),
    "audit_event": ((OWN, SPANNING), (OWN, f"acting_tenant_id = {TENANT}", SPANNING)),
    "outbox_event": ((SPANNING,), (ANY_SCOPE,)),
    "idempotency_record": (
        (f"{OWN} AND principal_id = {USER}", SPANNING),
        (f"{OWN} AND principal_id = {USER}", SPANNING),
    ),
}

APPEND_ONLY = ("audit_event", "entitlement_transaction")


def upgrade() -> None:
    """Up."""
    for table, (reads, writes) in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY scope ON {table} USING ({_any(reads)}) WITH CHECK ({_any(writes)})")
        rights = "SELECT, INSERT" if table in APPEND_ONLY else "SELECT, INSERT, UPDATE, DELETE"
        op.execute(f"GRANT {rights} ON {table} TO {APPLICATION}")
    op.execute(f"GRANT USAGE ON SEQUENCE ticket_number TO {APPLICATION}")


def downgrade() -> None:
    """Down."""
    op.execute(f"REVOKE ALL ON SEQUENCE ticket_number FROM {APPLICATION}")
    for table in POLICIES:
        op.execute(f"REVOKE ALL ON {table} FROM {APPLICATION}")
        op.execute(f"DROP POLICY scope ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def _any(conditions: tuple[str, ...]) -> str:
    return " OR ".join(f"({condition})" for condition in conditions)
