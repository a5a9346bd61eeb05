"""What an asker knows: ids that they see and ids that they do not, cursors of earlier answers, words to search for.

Read once for each role of a run, from the database and from answers of the oracle; queries are then a pure function
of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson
from graphql import (
    GraphQLField,
    GraphQLObjectType,
    get_named_type,
    is_composite_type,
    is_required_argument,
)
from sqlalchemy import text

from authz.actor import Actor
from execution.ids import encode
from resolvers.nodes import NODES
from tests.support.app import Running
from tests.support.oracle import Sides
from tests.support.schema import SCHEMA

TABLES: Final = {
    "audit": "audit_event",
    "bulk": "bulk_operation",
    "bulkitem": "bulk_operation_item",
    "export": "export_job",
    "exportschedule": "export_schedule",
    "customer": "management_relationship",
    "optionpolicy": "provider_option_policy",
    "tenant": "tenant",
    "user": "user_account",
    "service": "service",
    "channel": "support_channel",
    "subscription": "service_subscription",
    "customerservice": "service_subscription",
    "contract": "support_contract",
    "contractlink": "support_contract_link",
    "entitlement": "entitlement",
    "transaction": "entitlement_transaction",
    "ticket": "ticket",
    "message": "ticket_message",
    "event": "ticket_event",
    "appointment": "ticket_appointment",
    "participant": "ticket_participant",
    "attachment": "attachment",
    "maildelivery": "mail_delivery",
    "inboundmail": "inbound_mail",
    "notification": "notification",
    "webhook": "webhook_endpoint",
    "webhookdelivery": "webhook_delivery",
    "device": "device",
    "temporary_account": "temporary_support_account",
}
"""The table of each kind of object that `node` finds."""
EACH: Final = 14
NAMED: Final = "('Alder & Finch', 'Meridian IT', 'Solstice Foods', 'Lone Pine Labs')"
WORDS: Final = {
    "country": "SELECT DISTINCT country FROM tenant WHERE country IS NOT NULL ORDER BY 1 LIMIT 12",
    "tag": "SELECT DISTINCT unnest(tags) FROM customer_profile ORDER BY 1 LIMIT 8",
    "action": "SELECT DISTINCT action FROM audit_event ORDER BY 1 LIMIT 12",
    "customer": "SELECT DISTINCT split_part(name, ' ', 1) FROM tenant WHERE kind = 'CUSTOMER' ORDER BY 1 LIMIT 12",
    "service": "SELECT DISTINCT split_part(name, ' ', 1) FROM service ORDER BY 1 LIMIT 12",
    "ticket": "SELECT DISTINCT split_part(summary, ' ', 1) FROM ticket ORDER BY 1 LIMIT 12",
    "number": f"SELECT number FROM ticket ORDER BY (tenant_id IN (SELECT id FROM tenant WHERE name IN {NAMED})) DESC,"
    " md5(number) LIMIT 20",
}


@dataclass(frozen=True, slots=True)
class Pool:
    """By the prefix of ids: `seen` and `unseen`; by the name of the connection: `cursors`; `open` root fields."""

    seen: dict[str, list[str]] = field(default_factory=dict)
    unseen: dict[str, list[str]] = field(default_factory=dict)
    cursors: dict[str, list[str]] = field(default_factory=dict)
    words: dict[str, list[str]] = field(default_factory=dict)
    refused: frozenset[str] = frozenset()
    """The root fields that this role may not ask for."""

    def write(self, file: Path) -> None:
        """Keep it."""
        file.write_bytes(orjson.dumps(asdict(self), default=sorted))

    @staticmethod
    def read(file: Path) -> "Pool":
        """What was kept."""
        kept = orjson.loads(file.read_bytes())
        return Pool(**kept | {"refused": frozenset(kept["refused"])})


async def harvested(client: Running, sides: Sides, actor: Actor | None) -> Pool:
    """The pool of an actor."""
    pool = Pool(words=await _words(client), refused=await _refused(sides, actor))
    keys = {prefix: await _ids(client, prefix) for prefix in NODES}
    asked = " ".join(f"{prefix}: nodes(ids: ${prefix}) {{ id }}" for prefix in keys)
    declared = ", ".join(f"${prefix}: [ID!]!" for prefix in keys)
    found = (await sides.oracle(f"query ({declared}) {{ {asked} }}", keys, None, actor)).get("data")
    assert found or actor is None
    for prefix, ids in keys.items():
        rows = found[prefix] if found else [None] * len(ids)
        pool.seen[prefix] = [key for key, row in zip(ids, rows, strict=True) if row is not None]
        pool.unseen[prefix] = [key for key, row in zip(ids, rows, strict=True) if row is None]
    for document, ids in _visits(pool):
        answer = await sides.oracle(document, {"ids": ids}, None, actor)
        _learn(pool, answer.get("data"))
    return pool


async def _ids(client: Running, prefix: str) -> list[str]:
    """Ids of the organisations with names, of which everybody sees some, and of others; the same every time."""
    table = TABLES[prefix]
    mine = f"SELECT id FROM {table} {_of_named(table)} ORDER BY md5(id::text) LIMIT {2 * EACH}"
    others = f"SELECT id FROM {table} ORDER BY md5('other' || id) LIMIT {EACH}"
    async with client.session() as session:
        rows = [row.id for each in (mine, others) for row in await session.execute(text(each))]
    return [encode(prefix, key) for key in dict.fromkeys(rows)]


def _of_named(table: str) -> str:
    named = f"(SELECT id FROM tenant WHERE name IN {NAMED})"
    if table in {"service", "support_channel", "inbound_mail"}:
        return ""
    if table in {"user_account", "device"}:
        column = "id" if table == "user_account" else "user_id"
        return f"WHERE {column} IN (SELECT user_id FROM membership WHERE tenant_id IN {named})"
    return f"WHERE {'id' if table == 'tenant' else 'tenant_id'} IN {named}"


async def _words(client: Running) -> dict[str, list[str]]:
    async with client.session() as session:
        return {name: list((await session.execute(text(query))).scalars()) for name, query in WORDS.items()}


async def _refused(sides: Sides, actor: Actor | None) -> frozenset[str]:
    """The root fields that are FORBIDDEN, or UNAUTHENTICATED, for the actor whatever it asks."""
    refused = set()
    for name, made in _fields(SCHEMA.query_type):
        if _is_connection(made):
            asked = f"{{ {name}(first: 1) {{ totalCount }} }}"
        elif any(map(is_required_argument, made.args.values())) or not is_composite_type(get_named_type(made.type)):
            continue
        else:
            asked = f"{{ {name} {{ __typename }} }}"
        if (await sides.oracle(asked, {}, None, actor)).get("errors"):
            refused.add(name)
    return frozenset(refused)


def _visits(pool: Pool) -> Iterator[tuple[str, list[str]]]:
    """Documents that ask for the cursors of every connection there is, and the ids that they start from."""
    page = "(first: 4) { __typename edges { cursor node { ... on Node { id } } } }"
    roots = [name for name, made in _fields(SCHEMA.query_type) if _is_connection(made) and name not in pool.refused]
    yield "{ viewer { supportContracts { id supportContract { id } } } }", []
    for root in roots:
        yield f"{{ {root}{page} }}", []
    for prefix, (type_name, _) in NODES.items():
        kind = SCHEMA.type_map[type_name]
        lists = " ".join(f"{name}{page}" for name, made in _fields(kind) if _is_connection(made))
        if lists:
            yield (
                f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {type_name} {{ {lists} }} }} }}",
                pool.seen[prefix][:6],
            )


def _fields(kind: Any) -> Sequence[tuple[str, GraphQLField]]:
    return list(kind.fields.items()) if isinstance(kind, GraphQLObjectType) else []


def _is_connection(made: GraphQLField) -> bool:
    return get_named_type(made.type).name.endswith("Connection")


def _learn(pool: Pool, value: Any) -> None:
    """Take the ids and, by the name of their connection's type, the cursors out of an answer."""
    if isinstance(value, list):
        for each in value:
            _learn(pool, each)
    elif isinstance(value, dict):
        if "id" in value:
            prefix = value["id"].rpartition("_")[0]
            _remember(pool.seen.setdefault(prefix, []), value["id"])
        for edge in value.get("edges", ()):
            _remember(pool.cursors.setdefault(value["__typename"], []), edge["cursor"])
        for each in value.values():
            _learn(pool, each)


def _remember(known: list[str], text: str) -> None:
    if text not in known:
        known.append(text)
