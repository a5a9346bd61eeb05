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
    """Each word is brought into the spelling of `search_text` once, not for each ticket."""
    said = (f"strpos(t.search_text, (SELECT searchable(${place}))) > 0" for place in range(3, words + 3))
    return f"""
    SELECT t.number, t.summary, t.status, t.severity, t.created_at FROM ticket t
    WHERE {" AND ".join(("t.desk_id = $1", SHOWN, *said))}
    ORDER BY t.created_at DESC, t.id DESC LIMIT 20
    """
