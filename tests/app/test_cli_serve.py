"""Starting and stopping: what `bailiwick serve` starts ends with it, and comes back after any end."""

import asyncio
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from app.postgres import EmbeddedServer
from tenancy.roles import DATABASE
from tests.support.processes import WAIT_SECONDS, bailiwick, environment, free_port, postgres_of, serving

pytestmark = pytest.mark.thorough


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder that every user can reach, as a checkout's is."""
    with tempfile.TemporaryDirectory(prefix="bailiwick-serve-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)
        yield Path(name) / "data"
        EmbeddedServer(Path(name) / "data" / "postgres").destroy()


@pytest.fixture(scope="module")
def installation() -> Iterator[Path]:
    """A data folder whose tables are made, to be copied."""
    with tempfile.TemporaryDirectory(prefix="bailiwick-serve-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)
        done = bailiwick("migrate", "up", env=environment(Path(name) / "data"))
        assert done.returncode == 0, done.stderr
        yield Path(name) / "data"


@pytest.fixture
def env(folder: Path, installation: Path) -> dict[str, str]:
    """The environment of an installation of its own."""
    subprocess.run(["cp", "-a", installation, folder], check=True)
    return environment(folder)


def test_ctrl_c_stops_everything_that_was_started(env: dict[str, str], folder: Path) -> None:
    with serving(env) as served:
        assert len(postgres_of(folder)) > 0
        assert served.interrupt() == 0

    assert postgres_of(folder) == []
    with pytest.raises(httpx.ConnectError):
        httpx.get(served.url)


def test_what_runs_is_finished_before_the_server_stops(env: dict[str, str]) -> None:
    with serving(env) as served:
        with httpx.stream("GET", f"{served.url}/slow") as answer:
            served.process.terminate()

            assert (answer.status_code, answer.read()) == (200, b"begun, finished")
        assert served.end() == 0


def test_a_killed_server_is_started_again_at_once_and_has_lost_nothing(env: dict[str, str], folder: Path) -> None:
    with serving(env) as served:
        _execute(folder, "CREATE TABLE kept AS SELECT 42 AS answer")
        served.process.kill()
        served.end()

        with serving(env) as again:
            assert _value(folder, "SELECT answer FROM kept") == 42
            assert again.interrupt() == 0
    assert postgres_of(folder) == []


def test_workers_do_not_outlive_a_killed_server(env: dict[str, str]) -> None:
    with serving({**env, "WORKERS": "2"}) as served:
        served.process.kill()
        served.end()

        assert _gone(served.url)


def test_a_killed_database_is_recovered(env: dict[str, str], folder: Path) -> None:
    with serving(env) as served:
        _execute(folder, "CREATE TABLE kept AS SELECT 42 AS answer")
        served.process.kill()
        served.end()
    for pid in postgres_of(folder):
        os.kill(pid, signal.SIGKILL)

    with serving(env) as again:
        assert _value(folder, "SELECT answer FROM kept") == 42
        assert again.interrupt() == 0


def test_a_second_server_in_the_same_folder_is_refused_in_one_line(env: dict[str, str]) -> None:
    with serving(env) as served:
        second = bailiwick("serve", "--port", str(free_port()), env=env)

        assert second.returncode == 1
        assert second.stderr == (
            f"bailiwick: it is already being served from here, at {served.url} (process {served.process.pid})\n"
        )
        assert httpx.get(f"{served.url}/readyz").status_code == 200


def test_a_busy_port_is_one_line(env: dict[str, str], folder: Path) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        done = bailiwick("serve", env={**env, "PORT": str(port)})

    assert done.returncode == 1
    assert done.stderr == (f"bailiwick: 127.0.0.1 port {port} is in use: stop what listens there, or set PORT\n")
    assert postgres_of(folder) == []


def test_the_workers_are_told_the_application_role_and_never_the_owner(env: dict[str, str]) -> None:
    with serving(env) as served:
        told = httpx.get(f"{served.url}/environment").json()

    assert told["DATABASE_URL"].startswith("postgresql://bailiwick_app@/bailiwick?host=")
    assert "BAILIWICK_OWNER_DATABASE_URL" not in told


def test_tables_of_another_revision_are_refused(folder: Path) -> None:
    done = bailiwick("serve", env=environment(folder, PORT=str(free_port())))

    assert done.returncode == 1
    assert done.stderr.startswith("bailiwick: the database is at revision none, this program needs ")
    assert done.stderr.count("\n") == 1
    assert postgres_of(folder) == []


def test_a_secret_key_is_required_outside_demo_mode(folder: Path) -> None:
    done = bailiwick("serve", env=environment(folder, PORT=str(free_port()), BAILIWICK_SECRET_KEY=""))

    assert done.returncode == 1
    assert done.stderr.startswith("bailiwick: BAILIWICK_SECRET_KEY is needed outside demo mode: ")


def test_another_command_uses_the_running_database_and_leaves_it_running(env: dict[str, str], folder: Path) -> None:
    with serving(env) as served:
        before = postgres_of(folder)
        done = bailiwick("migrate", "current", env=env)

        assert done.returncode == 0
        assert set(before) & set(postgres_of(folder))
        assert served.interrupt() == 0


@pytest.mark.parametrize("name", ["with space, comma", 'quote "', "ünï", "long" * 40])
def test_the_folder_may_have_any_name(folder: Path, name: str) -> None:
    folder.mkdir(mode=0o711)
    server = EmbeddedServer(folder / name, durable=False)
    with server:
        assert server.running_pid() is not None
    server.destroy()
    assert not (folder / name).exists()


def test_who_starts_the_server_twice_has_it_once(folder: Path) -> None:
    closed = folder / "closed"  # to everybody else: root's server has its data elsewhere then
    closed.mkdir(mode=0o700, parents=True)
    server = EmbeddedServer(closed / "postgres", durable=False)
    server.start()
    server.start()
    server.stop()
    assert server.running_pid() is None
    server.destroy()


def _execute(folder: Path, statement: str) -> None:
    _value(folder, statement)


def _value(folder: Path, statement: str) -> object:
    async def run() -> object:
        connection = await asyncpg.connect(EmbeddedServer(folder / "postgres").url(DATABASE))
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return asyncio.run(run())


def _gone(url: str) -> bool:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        try:
            httpx.get(f"{url}/readyz")
        except httpx.TransportError:
            return True
        time.sleep(0.05)
    return False
