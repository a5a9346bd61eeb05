"""Tickets by words, and every partner's list of tickets as one range of an index.

`search_text` is what can be searched, its words without case and accents between single spaces; `desk_id` is the partner of the
live relationship in either mode, else the tenant itself. The database keeps both true.

No step holds a lock for long: columns come empty, rows are filled batch by batch while others read and write, indexes are built
beside them. What was done before a failure is found done when the migration runs again.

Revision 0012, after 0011.
"""

from alembic import op
from sqlalchemy import text

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | None = None
depends_on: str | None = None

BATCH = 2_000
NOWHERE = "00000000-0000-0000-0000-000000000000"

# Words and what is asked for go through it alike: "JOB-0042" is found as the two words that it is, side by side.
SEARCHABLE = """
    CREATE OR REPLACE FUNCTION searchable(plain text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
        SELECT ' ' || btrim(regexp_replace(lower(unaccent(plain)), '[^[:alnum:]]+', ' ', 'g')) || ' '
    $$
"""

STAMP_SEARCH_TEXT = """
    CREATE OR REPLACE FUNCTION stamp_search_text() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.search_text := searchable(concat_ws(' ', NEW.number, NEW.summary, NEW.details, NEW.contact_name, NEW.contact_email,
            array_to_string(NEW.job_ids, ' ')));
        RETURN NEW;
    END $$
"""


def spanning(name: str, body: str, result: str) -> str:
    """The text of a trigger's function whose `body` sees the rows of all tenants, as those of 0009 do."""
    return f"""
    CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        caller text := current_setting('bailiwick.scope', true);
    BEGIN
        PERFORM set_config('bailiwick.scope', 'worker', true);
        {body}
        PERFORM set_config('bailiwick.scope', coalesce(caller, ''), true);
        RETURN {result};
    END $$
    """


# Runs after `stamp_managing_partner`, triggers going by their names: that one's lock keeps the relationship as it is.
STAMP_TICKET_DESK = spanning(
    "stamp_ticket_desk",
    "SELECT coalesce(t.managing_partner_id, t.id) INTO NEW.desk_id FROM tenant AS t WHERE t.id = NEW.tenant_id;",
    "NEW",
)
DESK_CHANGED = spanning(
    "desk_changed",
    """
        UPDATE ticket SET desk_id = coalesce(NEW.managing_partner_id, NEW.id)
        WHERE tenant_id = NEW.id AND desk_id IS DISTINCT FROM coalesce(NEW.managing_partner_id, NEW.id);""",
    "NULL",
)

SEARCHED = "number, summary, details, contact_name, contact_email, job_ids"
TRIGGERS = {
    "stamp_search_text": f"BEFORE INSERT OR UPDATE OF {SEARCHED} ON ticket",
    "stamp_ticket_desk": "BEFORE INSERT OR UPDATE OF tenant_id ON ticket",
    "desk_changed": "AFTER UPDATE OF managing_partner_id ON tenant",
}
INDEXES = {
    "ix_ticket_desk_id_created_at": "ticket (desk_id, created_at, id)",
    "ix_ticket_created_at": "ticket (created_at, id)",
    "ix_ticket_participant_copied": "ticket_participant (user_id, ticket_id) WHERE kind = 'CC'",
}
# One desk to 5,000 tickets. The average of desks counts every tenant without a partner, and made plans sort whole desks.
LARGE_DESKS = "ALTER TABLE ticket ALTER COLUMN desk_id SET (n_distinct = -0.0002)"
REPLACED = "ix_ticket_managing_partner_id_created_at"

# Naming the columns lets the triggers fill both in.
FILL = text("""
    WITH batch AS (SELECT id FROM ticket WHERE id > CAST(:after AS uuid) AND desk_id IS NULL ORDER BY id LIMIT :most),
    filled AS (UPDATE ticket SET summary = summary, tenant_id = tenant_id FROM batch WHERE ticket.id = batch.id)
    SELECT max(id::text) FROM batch
""")


def upgrade() -> None:
    """Up."""
    op.execute("ALTER TABLE ticket ADD COLUMN IF NOT EXISTS search_text TEXT, ADD COLUMN IF NOT EXISTS desk_id UUID")
    for function in (SEARCHABLE, STAMP_SEARCH_TEXT, STAMP_TICKET_DESK, DESK_CHANGED):
        op.execute(function)
    for name, when in TRIGGERS.items():
        op.execute(f"CREATE OR REPLACE TRIGGER {name} {when} FOR EACH ROW EXECUTE FUNCTION {name}()")
    with op.get_context().autocommit_block():
        _fill()
        for name, where in INDEXES.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.execute(f"CREATE INDEX CONCURRENTLY {name} ON {where}")
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {REPLACED}")
        for column in ("search_text", "desk_id"):
            _require(column)
        op.execute(LARGE_DESKS)
        op.execute("ANALYZE ticket")


def downgrade() -> None:
    """Down."""
    op.execute(f"CREATE INDEX {REPLACED} ON ticket (managing_partner_id, created_at, id)")
    for name in INDEXES:
        op.execute(f"DROP INDEX {name}")
    for name in TRIGGERS:
        op.execute(f"DROP FUNCTION {name} CASCADE")
    op.execute("ALTER TABLE ticket DROP COLUMN search_text, DROP COLUMN desk_id")
    op.execute("DROP FUNCTION searchable(text)")


def _fill() -> None:
    """Fill the columns of all rows, each batch in a transaction of its own."""
    connection = op.get_bind()
    connection.execute(text("SELECT set_config('bailiwick.scope', 'worker', false)"))
    after: str | None = NOWHERE
    while after is not None:
        after = connection.execute(FILL, {"after": after, "most": BATCH}).scalar_one()
    connection.execute(text("SELECT set_config('bailiwick.scope', '', false)"))


def _require(column: str) -> None:
    """NOT NULL, proved by a constraint that is validated while others write."""
    op.execute(f"ALTER TABLE ticket DROP CONSTRAINT IF EXISTS {column}_filled")
    op.execute(f"ALTER TABLE ticket ADD CONSTRAINT {column}_filled CHECK ({column} IS NOT NULL) NOT VALID")
    op.execute(f"ALTER TABLE ticket VALIDATE CONSTRAINT {column}_filled")
    op.execute(f"ALTER TABLE ticket ALTER COLUMN {column} SET NOT NULL")
    op.execute(f"ALTER TABLE ticket DROP CONSTRAINT {column}_filled")
