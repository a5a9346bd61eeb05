"""The whole platform as its users have it: a process that serves the demo's data, and people who sign in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from app.demo.accounts import PASSWORD
from tests.support.postgres import Database
from tests.support.processes import environment, serving


@dataclass(frozen=True, slots=True)
class Platform:
    """A running server with demo data."""

    url: str

    def token(self, email: str) -> str:
        """The access token of a demo account that signs in."""
        form = {"grant_type": "password", "username": email, "password": PASSWORD}
        answer = httpx.post(f"{self.url}/auth/token", data=form)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    def answer(self, token: str, query: str, **variables: Any) -> dict[str, Any]:
        """The answer, with the errors that it has."""
        return dict(
            httpx.post(
                f"{self.url}/graphql",
                json={"query": query, "variables": variables},
                headers={"Authorization": f"Bearer {token}"},
            ).json()
        )

    def ask(self, token: str, query: str, **variables: Any) -> dict[str, Any]:
        """The data of an answer without errors."""
        answer = self.answer(token, query, **variables)
        assert "errors" not in answer, answer
        return dict(answer["data"])


@contextmanager
def demo_platform(folder: Path, database: Database, **settings: str) -> Iterator[Platform]:
    """The platform over `database`, with its files in `folder`, for a block."""
    addresses = {"DATABASE_URL": database.application_url, "BAILIWICK_OWNER_DATABASE_URL": database.owner_url}
    env = environment(folder, BAILIWICK_DEMO="true", **addresses, **settings)
    with serving(env, "app.main:create", folder / "log") as served:
        yield Platform(served.url)
