"""Which tickets say a rare word is found by an index; common ones are still found where tickets are listed (docs/adr/0008).

`ticket_words` has the words of each ticket as numbers, twice: as they are, for staff who see all tickets, and mixed with the desk,
so that what a partner's search costs depends on its own tickets alone. No role but the owner's reads it: row-level security has no
policy, and is not forced on its owner, as whom `tickets_that_say` runs. What that finds is looked at by all rules of reading.

Revision 0043, after 0042.
"""

from alembic import op
from sqlalchemy import text

revision: str = "0043"
down_revision: str | None = "0042"
branch_labels: str | None = None
depends_on: str | None = None

BATCH = 2_000
NOWHERE = "00000000-0000-0000-0000-000000000000"
AS_OWNER = "SECURITY DEFINER SET search_path = public, pg_temp"

TABLE = """
    CREATE TABLE IF NOT EXISTS ticket_words (
        ticket_id uuid PRIMARY KEY REFERENCES ticket (id) ON DELETE CASCADE,
        words integer[] NOT NULL
    )
"""
# Two words may have the same number: whoever asks looks at the tickets themselves.
WORD_KEYS = """
    CREATE OR REPLACE FUNCTION word_keys(said text, desk uuid) RETURNS integer[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT ARRAY(
            SELECT (hashtextextended(word, seed) & 2147483647)::integer
            FROM unnest(string_to_array(btrim(said), ' ')) AS word,
                hashtextextended(coalesce(desk::text, ''), 0) AS seed
            WHERE word <> ''
        )
    $$
"""
STAMP_TICKET_WORDS = f"""
    CREATE OR REPLACE FUNCTION stamp_ticket_words() RETURNS trigger LANGUAGE plpgsql {AS_OWNER} AS $$
    DECLARE
        keys integer[] := word_keys(NEW.search_text, NULL) || word_keys(NEW.search_text, NEW.desk_id);
    BEGIN
        IF TG_OP = 'INSERT' THEN
            INSERT INTO ticket_words (ticket_id, words) VALUES (NEW.id, keys);
        ELSE
            UPDATE ticket_words SET words = keys WHERE ticket_id = NEW.id;
        END IF;
        RETURN NULL;
    END $$
"""
CHANGED = "(OLD.search_text, OLD.desk_id) IS DISTINCT FROM (NEW.search_text, NEW.desk_id)"
TRIGGERS = {
    "stamp_new_ticket_words": "AFTER INSERT ON ticket FOR EACH ROW",
    "stamp_ticket_words": f"AFTER UPDATE ON ticket FOR EACH ROW WHEN ({CHANGED})",
}
SAYS_ALL = "(SELECT bool_and(strpos(search_text, one) > 0) FROM unnest(said) AS one)"
TICKETS_THAT_SAY = f"""
    CREATE OR REPLACE FUNCTION tickets_that_say(said text[]) RETURNS uuid[] LANGUAGE plpgsql STABLE {AS_OWNER} AS $$
    DECLARE
        scope text := current_setting('bailiwick.scope', true);
        desk uuid := CASE scope WHEN 'tenant' THEN NULLIF(current_setting('bailiwick.tenant_id', true), '')::uuid END;
        keys integer[];
        common boolean;
        found uuid[];
    BEGIN
        IF desk IS NULL AND scope IS DISTINCT FROM 'platform' THEN
            RETURN NULL;
        ELSIF desk IS NULL THEN
            common := (SELECT count(*) > 1 FROM (
                SELECT search_text FROM ticket ORDER BY created_at DESC, id DESC LIMIT 64
            ) AS newest WHERE {SAYS_ALL});
        ELSE
            common := (SELECT count(*) > 1 FROM (
                SELECT search_text FROM ticket WHERE desk_id = desk ORDER BY created_at DESC, id DESC LIMIT 64
            ) AS newest WHERE {SAYS_ALL});
        END IF;
        keys := word_keys(array_to_string(said, ''), desk);
        IF common OR keys = '{{}}' THEN
            RETURN NULL;
        END IF;
        found := ARRAY(SELECT ticket_id FROM ticket_words WHERE words @> keys LIMIT 2001);
        RETURN CASE WHEN cardinality(found) <= 2000 THEN found END;
    END $$
"""
FILL = text("""
    WITH batch AS (
        SELECT id, search_text, desk_id FROM ticket WHERE id > CAST(:after AS uuid) ORDER BY id LIMIT :most
        FOR NO KEY UPDATE
    ),
    filled AS (
        INSERT INTO ticket_words SELECT id, word_keys(search_text, NULL) || word_keys(search_text, desk_id) FROM batch
        ON CONFLICT DO NOTHING
    )
    SELECT max(id::text) FROM batch
""")
# Without a list of what waits to be indexed, which every search would have to read through.
INDEX = "CREATE INDEX CONCURRENTLY ix_ticket_words_words ON ticket_words USING gin (words) WITH (fastupdate = off)"


def upgrade() -> None:
    """Up."""
    op.execute(TABLE)
    op.execute("ALTER TABLE ticket_words ENABLE ROW LEVEL SECURITY")
    for function in (WORD_KEYS, STAMP_TICKET_WORDS):
        op.execute(function)
    op.execute("REVOKE EXECUTE ON FUNCTION stamp_ticket_words() FROM PUBLIC")
    for name, when in TRIGGERS.items():
        op.execute(f"CREATE OR REPLACE TRIGGER {name} {when} EXECUTE FUNCTION stamp_ticket_words()")
    with op.get_context().autocommit_block():
        _fill()
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_ticket_words_words")
        op.execute(INDEX)
        op.execute("ANALYZE ticket_words")
    op.execute(TICKETS_THAT_SAY)
    op.execute("REVOKE EXECUTE ON FUNCTION tickets_that_say(text[]) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION tickets_that_say(text[]) TO bailiwick_app, bailiwick_worker")


def downgrade() -> None:
    """Down."""
    op.execute("DROP FUNCTION tickets_that_say(text[])")
    op.execute("DROP FUNCTION stamp_ticket_words() CASCADE")
    op.execute("DROP TABLE ticket_words")
    op.execute("DROP FUNCTION word_keys(text, uuid)")


def _fill() -> None:
    """Give every ticket its words, each batch in a transaction of its own."""
    connection = op.get_bind()
    connection.execute(text("SELECT set_config('bailiwick.scope', 'worker', false)"))
    after: str | None = NOWHERE
    while after is not None:
        after = connection.execute(FILL, {"after": after, "most": BATCH}).scalar_one()
    connection.execute(text("SELECT set_config('bailiwick.scope', '', false)"))
