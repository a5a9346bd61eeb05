"""How long a search takes tells a partner nothing of tickets that it does not see.

`partner_ticket_words` has the words for partners: mixed with who manages the customer now, and with who raised what nobody else
sees. They were mixed with the desk, which stays that of a partner whose customer has taken its management over; such tickets
leave the table, which costs next to nothing. `ticket_words` has the plain ones, for staff. Copies have an index of their own.

Revision 0045, after 0044.
"""

from alembic import op
from sqlalchemy import text

revision: str = "0045"
down_revision: str | None = "0044"
branch_labels: str | None = None
depends_on: str | None = None

BATCH = 2_000
NOWHERE = "00000000-0000-0000-0000-000000000000"
AS_OWNER = "SECURITY DEFINER SET search_path = public, pg_temp"
TABLE = """
    CREATE TABLE IF NOT EXISTS partner_ticket_words (
        ticket_id uuid PRIMARY KEY REFERENCES ticket (id) ON DELETE CASCADE,
        words integer[] NOT NULL
    )
"""
SHOWN_TO = """CASE
            WHEN {row}.desk_id <> {row}.tenant_id THEN
                CASE {row}.visibility WHEN 'ORGANIZATION' THEN {row}.managing_partner_id END
            ELSE CASE {row}.visibility WHEN 'ORGANIZATION' THEN {row}.tenant_id ELSE {row}.requester_user_id END
        END"""
PLAIN = "word_keys({row}.search_text, NULL)"
FOR_DESK = "word_keys({row}.search_text, {row}.desk_id)"
# Of each table: the words of a ticket in it, null if it has none there.
NOW = {
    "ticket_words": PLAIN,
    "partner_ticket_words": f"CASE WHEN {SHOWN_TO} IS NOT NULL THEN word_keys({{row}}.search_text, {SHOWN_TO}) END",
}
BEFORE = {"ticket_words": f"{PLAIN} || {FOR_DESK}"}

SAYS_ALL = "(SELECT bool_and(strpos(search_text, one) > 0) FROM unnest(said) AS one)"
NEWEST = "ORDER BY created_at DESC, id DESC LIMIT 64"
# Two are enough to know: nothing is read beyond the second.
TWO_OF = "SELECT count(*) = 2 FROM (SELECT FROM ({newest}) AS newest WHERE {says} LIMIT 2) AS two"
OF_ALL = TWO_OF.format(newest=f"SELECT search_text FROM ticket {NEWEST}", says=SAYS_ALL)
OF_DESK = TWO_OF.format(
    newest=f"SELECT search_text, {{shown_to}} AS shown_to FROM ticket AS t WHERE desk_id = desk {NEWEST}",
    says=f"shown_to IN (desk, person) AND {SAYS_ALL}",
)
COMMON = f"""
        IF desk IS NULL AND scope IS DISTINCT FROM 'platform' THEN
            RETURN NULL;
        ELSIF desk IS NULL THEN
            common := ({OF_ALL});
        ELSE
            common := ({OF_DESK});
        END IF;
        keys := word_keys(array_to_string(said, ''), desk);
        IF common OR keys = '{{{{}}}}' THEN
            RETURN NULL;
        END IF;
"""
FOUND_NOW = """
        IF desk IS NULL THEN
            found := ARRAY(SELECT ticket_id FROM ticket_words WHERE words @> keys LIMIT 2001);
        ELSE
            own := word_keys(array_to_string(said, ''), person);
            found := ARRAY(SELECT ticket_id FROM partner_ticket_words WHERE words @> keys LIMIT 2001)
                || ARRAY(SELECT ticket_id FROM partner_ticket_words WHERE person IS NOT NULL AND words @> own LIMIT 2001)
                || ARRAY(SELECT ticket_id FROM ticket_participant WHERE user_id = person AND kind = 'CC' LIMIT 2001);
        END IF;
"""
FOUND_BEFORE = "found := ARRAY(SELECT ticket_id FROM ticket_words WHERE words @> keys LIMIT 2001);"


def upgrade() -> None:
    """Up."""
    _answer("RETURN NULL;")
    op.execute(TABLE)
    op.execute("ALTER TABLE partner_ticket_words ENABLE ROW LEVEL SECURITY")
    _keep(NOW, SHOWN_TO)
    _answer(COMMON.format(shown_to=SHOWN_TO.format(row="t")) + FOUND_NOW)


def downgrade() -> None:
    """Down."""
    _answer("RETURN NULL;")
    op.execute("DROP TABLE IF EXISTS partner_ticket_words")
    _keep(BEFORE, "{row}.desk_id")
    _answer(COMMON.format(shown_to="desk_id") + FOUND_BEFORE)


def _answer(body: str) -> None:
    """What `tickets_that_say` does; null is that lists are to be read, as they are while there is no index."""
    op.execute(f"""
    CREATE OR REPLACE FUNCTION tickets_that_say(said text[]) RETURNS uuid[] LANGUAGE plpgsql STABLE {AS_OWNER} AS $$
    DECLARE
        scope text := current_setting('bailiwick.scope', true);
        desk uuid := CASE scope WHEN 'tenant' THEN NULLIF(current_setting('bailiwick.tenant_id', true), '')::uuid END;
        person uuid := NULLIF(current_setting('bailiwick.user_id', true), '')::uuid;
        keys integer[];
        own integer[];
        common boolean;
        found uuid[];
    BEGIN
        {body}
        RETURN CASE WHEN cardinality(found) <= 2000 THEN found END;
    END $$
    """)


def _keep(tables: dict[str, str], decided_by: str) -> None:
    """Fill the tables anew, index them, and keep their words true whenever a ticket's text or what decides changes."""
    op.execute("TRUNCATE ticket_words")
    op.execute("DROP INDEX IF EXISTS ix_ticket_words_words")
    written = "".join(_written(table, words.format(row="NEW")) for table, words in tables.items())
    op.execute(f"""
    CREATE OR REPLACE FUNCTION stamp_ticket_words() RETURNS trigger LANGUAGE plpgsql {AS_OWNER} AS $$
    DECLARE
        said integer[];
    BEGIN
        {written}
        RETURN NULL;
    END $$
    """)
    old, new = decided_by.format(row="OLD"), decided_by.format(row="NEW")
    op.execute(f"""
    CREATE OR REPLACE TRIGGER stamp_ticket_words AFTER UPDATE ON ticket
    FOR EACH ROW WHEN ((OLD.search_text, {old}) IS DISTINCT FROM (NEW.search_text, {new}))
    EXECUTE FUNCTION stamp_ticket_words()
    """)
    with op.get_context().autocommit_block():
        for table, words in tables.items():
            _fill(table, words.format(row="batch"))
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS ix_{table}_words")
            # Without a list of what waits to be indexed, which every search would have to read through.
            op.execute(
                f"CREATE INDEX CONCURRENTLY ix_{table}_words ON {table} USING gin (words) WITH (fastupdate = off)"
            )
            op.execute(f"ANALYZE {table}")


def _written(table: str, words: str) -> str:
    return f"""
        said := {words};
        IF TG_OP = 'INSERT' THEN
            INSERT INTO {table} SELECT NEW.id, said WHERE said IS NOT NULL;
        ELSIF said IS NULL THEN
            DELETE FROM {table} WHERE ticket_id = NEW.id;
        ELSE
            INSERT INTO {table} AS own VALUES (NEW.id, said)
            ON CONFLICT (ticket_id) DO UPDATE SET words = said WHERE own.words <> said;
        END IF;"""


def _fill(table: str, words: str) -> None:
    """Give every ticket its words, each batch in a transaction of its own."""
    batch = text(f"""
        WITH batch AS (
            SELECT * FROM ticket WHERE id > CAST(:after AS uuid) ORDER BY id LIMIT :most FOR NO KEY UPDATE
        ),
        filled AS (
            INSERT INTO {table} SELECT id, words FROM (SELECT id, {words} AS words FROM batch) AS said
            WHERE words IS NOT NULL ON CONFLICT DO NOTHING
        )
        SELECT max(id::text) FROM batch
    """)
    connection = op.get_bind()
    connection.execute(text("SELECT set_config('bailiwick.scope', 'worker', false)"))
    after: str | None = NOWHERE
    while after is not None:
        after = connection.execute(batch, {"after": after, "most": BATCH}).scalar_one()
    connection.execute(text("SELECT set_config('bailiwick.scope', '', false)"))
