"""What the clients are pointed at: one platform with demo data, and one person who is signed in."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.support.platform import Platform, demo_platform
from tests.support.postgres import Server, migrated_database

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
NAMES = "query($first: Int!) { customers(first: $first) { nodes { id organizationName } } }"


@dataclass(frozen=True, slots=True)
class Signed:
    """A person of a partner who is signed in, and the first nine customers that this person sees."""

    platform: Platform
    token: str
    ids: list[str]
    names: list[str]

    @property
    def url(self) -> str:
        """Where GraphQL is answered."""
        return f"{self.platform.url}/graphql"

    @property
    def environment(self) -> dict[str, str]:
        """What a client program is told."""
        return {"BAILIWICK_URL": self.platform.url, "BAILIWICK_TOKEN": self.token}


@pytest.fixture(scope="session")
def platform(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """The platform with demo data."""
    folder = tmp_path_factory.mktemp("platform")
    with migrated_database(server, f"clients_{WORKER}") as database, demo_platform(folder, database) as running:
        yield running


@pytest.fixture(scope="session")
def staff(platform: Platform) -> Signed:
    """Staff of a partner with 250 customers."""
    token = platform.token("staff@meridian.example")
    nodes = platform.ask(token, NAMES, first=9)["customers"]["nodes"]
    return Signed(platform, token, [node["id"] for node in nodes], [node["organizationName"] for node in nodes])
