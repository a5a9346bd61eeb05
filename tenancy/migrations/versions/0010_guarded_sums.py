"""Sums that the database holds, whoever writes: balances and their ledger, pools and the seats taken from them (spec 4.3, 4-6).

The functions see what their caller sees: where they do not find the row that they keep true, they refuse.

Revision 0010, after 0009.
"""

from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | None = None
depends_on: str | None = None

REFUSED = "USING ERRCODE = 'check_violation'"

# What is gone from a balance is what tickets drew and did not get back; looked at when the transaction ends.
BALANCE_ADDS_UP = f"""
    CREATE FUNCTION balance_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        balance uuid := CASE TG_TABLE_NAME WHEN 'entitlement' THEN to_jsonb(NEW) ->> 'id'
            ELSE to_jsonb(NEW) ->> 'entitlement_id' END;
        used numeric;
        drawn numeric;
    BEGIN
        SELECT total - available INTO used FROM entitlement WHERE id = balance;
        SELECT coalesce(sum(CASE kind WHEN 'DEBIT' THEN quantity ELSE -quantity END), 0) INTO drawn
        FROM entitlement_transaction WHERE entitlement_id = balance AND kind IN ('DEBIT', 'CREDIT');
        IF used IS DISTINCT FROM drawn THEN
            RAISE EXCEPTION 'balance % has lost % and its ledger says %', balance, used, drawn {REFUSED};
        END IF;
        RETURN NULL;
    END $$
"""

CREDIT_GIVES_BACK = f"""
    CREATE FUNCTION credit_gives_back() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM FROM entitlement_transaction AS d
        WHERE d.id = NEW.debit_id AND d.kind = 'DEBIT'
            AND (d.ticket_id, d.entitlement_id, d.quantity) = (NEW.ticket_id, NEW.entitlement_id, NEW.quantity);
        IF NOT FOUND THEN
            RAISE EXCEPTION 'a credit gives back what a debit of its ticket has drawn' {REFUSED};
        END IF;
        RETURN NEW;
    END $$
"""

# The pool's own constraint refuses more seats than it has.
SEATS_ARE_TAKEN = f"""
    CREATE FUNCTION seats_are_taken() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'INSERT' AND OLD.pool_id IS NOT NULL AND OLD.status <> 'ENDED' THEN
            UPDATE subscription_pool SET seats_assigned = seats_assigned - OLD.seats WHERE id = OLD.pool_id;
            IF NOT FOUND THEN RAISE EXCEPTION 'pool % is out of reach', OLD.pool_id {REFUSED}; END IF;
        END IF;
        IF TG_OP <> 'DELETE' AND NEW.pool_id IS NOT NULL AND NEW.status <> 'ENDED' THEN
            UPDATE subscription_pool SET seats_assigned = seats_assigned + NEW.seats WHERE id = NEW.pool_id;
            IF NOT FOUND THEN RAISE EXCEPTION 'pool % is out of reach', NEW.pool_id {REFUSED}; END IF;
        END IF;
        RETURN NULL;
    END $$
"""

DEFERRED = "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION balance_adds_up()"
TRIGGERS = (
    f"CREATE CONSTRAINT TRIGGER balance_adds_up AFTER INSERT OR UPDATE OF total, available ON entitlement {DEFERRED}",
    f"CREATE CONSTRAINT TRIGGER balance_adds_up AFTER INSERT ON entitlement_transaction {DEFERRED}",
    """
    CREATE TRIGGER credit_gives_back BEFORE INSERT ON entitlement_transaction
    FOR EACH ROW WHEN (NEW.kind = 'CREDIT') EXECUTE FUNCTION credit_gives_back()
    """,
    """
    CREATE TRIGGER seats_are_taken AFTER INSERT OR DELETE OR UPDATE OF pool_id, seats, status ON service_subscription
    FOR EACH ROW EXECUTE FUNCTION seats_are_taken()
    """,
)


def upgrade() -> None:
    """Up."""
    for statement in (BALANCE_ADDS_UP, CREDIT_GIVES_BACK, SEATS_ARE_TAKEN, *TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    """Down."""
    for function in ("balance_adds_up", "credit_gives_back", "seats_are_taken"):
        op.execute(f"DROP FUNCTION {function} CASCADE")
