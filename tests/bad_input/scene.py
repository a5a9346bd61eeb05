"""The ground of the role matrix, and ways to see that an attack on it has left nothing behind."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from execution.ids import encode
from tests.authz.ground import Ground, laid
from tests.authz.test_matrix import ROLES
from tests.bad_input.asked import refusals
from tests.support.app import Answer, Client, Running
from tests.support.sent import sent
from tests.support.world import World

FOREIGN = {
    "customer": "management_relationship",
    "tenant": "tenant",
    "ticket": "ticket",
    "message": "ticket_message",
    "event": "ticket_event",
    "notification": "notification",
    "participant": "ticket_participant",
    "attachment": "attachment",
    "appointment": "ticket_appointment",
    "temporary_account": "temporary_support_account",
    "contract": "support_contract",
    "contractlink": "support_contract_link",
    "entitlement": "entitlement",
    "transaction": "entitlement_transaction",
    "subscription": "service_subscription",
    "customerservice": "service_subscription",
    "optionpolicy": "provider_option_policy",
    "bulk": "bulk_operation",
    "bulkitem": "bulk_operation_item",
    "export": "export_job",
    "exportschedule": "export_schedule",
    "webhook": "webhook_endpoint",
    "webhookdelivery": "webhook_delivery",
    "audit": "audit_event",
}
"""The table of each kind of object that belongs to somebody."""
SECRETS = ("Traceback", "asyncpg", "sqlalchemy", "SELECT ", "INSERT ", ".py")


@dataclass(frozen=True, slots=True)
class Scene:
    """`foreign` has, for each prefix of a global id, the id of something of the partner *Right* and its customers."""

    client: Running
    world: World
    ground: Ground
    foreign: dict[str, str]

    async def enter(self, role: str) -> Client:
        """Somebody of this role, as the role matrix has it."""
        return await ROLES[role](self.client, self.world, self.ground)

    async def rows(self) -> dict[str, str | None]:
        """A hash of the rows of every table, but for the traces that refusals leave on purpose."""
        return await self.ground.fingerprint(self.client)

    async def restored(self) -> None:
        """Everything as it was in the beginning."""
        await laid(self.client)

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """The statements that are sent while the block runs."""
        with sent(self.client.database) as texts:
            yield texts


_STAGED: dict[int, Scene] = {}
"""By the application: rows that were made once are copied, all at once."""


async def staged(client: Running) -> Scene:
    """The ground as it is laid, with the ids of strangers."""
    scene = _STAGED.get(id(client))
    if scene is None:
        world, ground = await laid(client)
        scene = _STAGED[id(client)] = Scene(client, world, ground, await _foreign(client))
    await scene.restored()
    return scene


async def _foreign(client: Running) -> dict[str, str]:
    tenants = "SELECT id FROM tenant WHERE name LIKE 'Right%'"
    found: dict[str, str] = {}
    async with client.session() as session:
        for prefix, table in FOREIGN.items():
            column = "id" if table == "tenant" else "tenant_id"
            chosen = text(f"SELECT id FROM {table} WHERE {column} IN ({tenants}) ORDER BY id LIMIT 1")
            found[prefix] = encode(prefix, (await session.execute(chosen)).scalar_one())
        people = f"SELECT user_id FROM membership WHERE tenant_id IN ({tenants}) ORDER BY id"
        found["user"] = encode("user", (await session.execute(text(f"{people} LIMIT 1"))).scalar_one())
        devices = text(f"SELECT id FROM device WHERE user_id IN ({people}) ORDER BY id LIMIT 1")
        found["device"] = encode("device", (await session.execute(devices)).scalar_one())
    return found


def told(answer: Answer, field: str) -> list[tuple[Any, ...]]:
    """What was refused, of an answer that is sound: no server error, nothing masked, nothing of the inside in it."""
    text_of_answer = answer.response.text
    assert answer.response.status_code < 500, text_of_answer
    found = refusals(answer, field)
    assert "INTERNAL" not in [code for code, *_ in found], text_of_answer
    assert [word for word in SECRETS if word in text_of_answer] == []
    return found


def found_codes(answer: Answer) -> list[str]:
    """Codes of refusals, wherever they are told."""
    payloads = [value for value in (answer.body.get("data") or {}).values() if isinstance(value, dict)]
    return answer.codes + [error["code"] for payload in payloads for error in payload.get("userErrors", [])]
