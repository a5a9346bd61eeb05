"""What the README shows is what the demo answers."""

import json
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.support.app import Running, running
from tests.support.demo import NOW, Demo
from tests.support.postgres import Server, migrated_database

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = re.compile(r"<!-- as (\S+) -->\n```graphql\n(.*?)```\n(?:\nanswers\n)?\n```json\n(.*?)```", re.DOTALL)
EXAMPLES = EXAMPLE.findall((ROOT / "README.md").read_text())


@pytest.fixture(scope="module")
def demo(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with migrated_database(server, "readme") as database:
        loaded = Demo(database, tmp_path_factory.mktemp("objects"))
        loaded.load()
        yield loaded


@pytest.fixture
async def client(demo: Demo) -> AsyncIterator[Running]:
    async with running(demo.database) as app:
        app.clock.now = NOW  # the demo's times are counted from when it was loaded
        yield app


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == 3


async def test_the_examples_give_the_answers_that_are_shown(client: Running) -> None:
    for email, document, shown in EXAMPLES:
        answer = await (await client.as_(email)).query(document)
        assert answer.body == json.loads(shown)


def test_the_generated_parts_are_current() -> None:
    checked = subprocess.run(
        [sys.executable, ROOT / "docs" / "readme.py", "--check"], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stdout) == (0, "")
