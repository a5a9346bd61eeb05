"""Uploads that nobody attached go, and what no row knows of (A11)."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from domain.support.objects import ObjectStore
from domain.tickets.uploads import sweep_uploads
from tests.app.attachments.files import announced, objects, piece, rows, sent
from tests.schema.asking import invited, made, stored
from tests.support.app import Running
from tests.support.world import PRIVACY_VERSION, World

OWNER = "owner@alder.example"


async def swept(client: Running) -> int:
    """Run the job; how many objects went."""
    return await sweep_uploads(client.database, ObjectStore.from_url(f"file://{client.objects}"), client.clock.now)


def put(client: Running, key: str) -> None:
    """An object that no row names."""
    path = Path(client.objects) / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")


def made_at(at: datetime) -> UUID:
    """A UUIDv7 of that instant."""
    return UUID(int=int(at.timestamp() * 1000) << 80 | 7 << 76 | 2 << 62 | 5)


async def test_A11_what_was_not_attached_within_a_day_goes(client: Running, world: World) -> None:
    who = await client.as_(OWNER)
    await announced(who, 5)
    await sent(who, b"a log")
    cut = await announced(who, 5)
    await piece(who, cut["url"], 0, b"a l")
    kept = await sent(who, b"b log")
    made(await invited(who, world, attachmentIds=[kept], privacyAgreementVersion=PRIVACY_VERSION))
    client.clock.advance(hours=23)
    assert (await swept(client), await rows(client), len(objects(client))) == (0, 4, 3)
    client.clock.advance(hours=2)
    assert (await swept(client), await rows(client)) == (2, 1)
    assert objects(client) == [(await stored(client, kept)).object_key]
    assert await swept(client) == 0


@pytest.mark.parametrize(("age", "goes"), [(23, False), (25, True), (6 * 24, True), (8 * 24, False)])
async def test_A11_what_no_row_knows_goes_unless_somebody_may_be_writing_it(
    client: Running, world: World, age: int, goes: bool
) -> None:
    owner = made_at(client.clock.now - timedelta(hours=age))
    put(client, f"attachments/{owner.hex}/{owner.hex}")
    assert await swept(client) == (1 if goes else 0)
    assert bool(objects(client)) is not goes


async def test_A11_a_piece_that_was_left_behind_goes_and_its_file_stays(client: Running, world: World) -> None:
    who = await client.as_(OWNER)
    file = await sent(who, b"a log")
    made(await invited(who, world, attachmentIds=[file], privacyAgreementVersion=PRIVACY_VERSION))
    row = await stored(client, file)
    put(client, f"attachments/{row.id.hex}/{row.id.hex}")
    client.clock.advance(hours=25)
    assert await swept(client) == 1
    assert objects(client) == [row.object_key]


async def test_A11_what_is_no_attachment_is_left_alone(client: Running, world: World) -> None:
    owner = made_at(client.clock.now - timedelta(hours=30))
    for key in (f"exports/{owner.hex}", "attachments/readme.txt", f"quarantine/attachments/{owner.hex}/1"):
        put(client, key)
    assert await swept(client) == 0
    assert len(objects(client)) == 3
