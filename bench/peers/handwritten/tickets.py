"""Tickets by their words, newest first."""

from functools import cache
from typing import Any

from bench.peers.handwritten.customers import SHOWN
from bench.peers.handwritten.database import Caller

MOST_WORDS = 10


async def search(connection: Any, caller: Caller, variables: dict[str, Any]) -> dict[str, Any]:
    """The newest tickets of the partner and its customers in which all words are."""
    words = variables["search"].split()[:MOST_WORDS]
    rows = await connection.fetch(_statement(len(words)), caller.tenant_id, caller.user_id, *words)
    nodes = [
        {"number": number, "summary": summary, "status": status, "severity": severity, "createdAt": created_at}
        for number, summary, status, severity, created_at in rows
    ]
    return {"tickets": {"nodes": nodes}}


@cache
def _statement(words: int) -> str:
    """Words are brought into the spelling of `search_text` once; few tickets are read by their ids (docs/adr/0008)."""
    spelled = [f"(SELECT searchable(${place}))" for place in range(3, words + 3)]
    said = (f"strpos(t.search_text, {word}) > 0" for word in spelled)
    found = f"""
    SELECT t.number, t.summary, t.status, t.severity, t.created_at, t.id FROM ticket t
    WHERE {" AND ".join((SHOWN, *said))}"""
    return f"""
    WITH said AS (SELECT tickets_that_say(ARRAY[{", ".join(spelled)}]) AS ids)
    SELECT number, summary, status, severity, created_at FROM (
        ({found} AND t.id = ANY ((SELECT ids FROM said)::uuid[]) OFFSET 0)
        UNION ALL
        ({found} AND t.desk_id = $1 AND (SELECT ids FROM said) IS NULL ORDER BY t.created_at DESC, t.id DESC LIMIT 20)
    ) AS t ORDER BY created_at DESC, id DESC LIMIT 20
    """
