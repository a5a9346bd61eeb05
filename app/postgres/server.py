"""The embedded PostgreSQL: a real server from a wheel, for those who have none.

It listens on a Unix socket alone, in a folder that only its own user may enter. It outlives a killed process:
whoever comes next finds it running, or starts it again. Every process that uses it holds a shared lock; the
last one to leave stops it.
"""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote, urlencode

from app.errors import SetupError
from app.locks import FileLock
from app.postgres.process import digest, is_server, last_line
from app.postgres.programs import program
from app.postgres.system_user import owner_for, reachable, root_home

SUPERUSER = "postgres"
PORT = 5432
SOCKET_NAME = f".s.PGSQL.{PORT}"
SOCKET_PATH_LIMIT = 103  # bytes; Linux takes 107, others 103
START_SECONDS = 60.0  # recovery after a crash included
STOP_SECONDS = 30.0
VOLATILE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")


class EmbeddedServer:
    """The server whose data live in `folder`. `durable=False` trades safety for speed: for tests alone."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = folder.absolute()
        self._durable = durable
        self._user: pwd.struct_passwd | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._home = self.folder
        self._users = FileLock(self._home / "users.lock")

    @property
    def data(self) -> Path:
        """PostgreSQL's own data directory."""
        return self._home / "data"

    def start(self) -> None:
        """Make sure that the server runs and is ours to use until `stop`; raises `SetupError`."""
        try:
            self._settle()
            with FileLock(self._home / "start.lock").held():
                if self.running_pid() is None:
                    self._initialize()
                    self._launch()
                self._users.shared()
        except OSError as error:
            raise SetupError(f"the embedded PostgreSQL cannot use {self._home}: {error.strerror}") from error

    def stop(self) -> None:
        """Leave the server; where nobody else uses it, it writes everything down and ends."""
        with FileLock(self._home / "start.lock").held():
            if self._users.alone(wait=False):
                self._terminate()
            elif self._process is not None:
                self._process.returncode = 0  # others use it: it is no longer ours to wait for
            self._users.release()

    def destroy(self) -> None:
        """Stop the server and delete its data; raises `SetupError` when somebody uses it."""
        if not self.folder.exists():
            return
        self._settle()
        with FileLock(self._home / "start.lock").held():
            if not self._users.alone(wait=False):
                raise SetupError("the embedded PostgreSQL is in use: stop `make serve` first")
            self._terminate()
            self._users.release()
        for folder in {self._home, self.folder, self._socket_folder()}:
            shutil.rmtree(folder, ignore_errors=True)

    def url(self, database: str, user: str = SUPERUSER) -> str:
        """Where `user` finds `database`; the socket's folder is the password."""
        host = urlencode({"host": str(self._socket_folder())}, quote_via=quote)
        return f"postgresql://{user}@/{database}?{host}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def running_pid(self) -> int | None:
        """The process of the server, if there is one; a stale file or somebody else's process is none."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            pid = int(lines[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None
        return pid if is_server(pid, self.data) else None

    def _settle(self) -> None:
        """Find out who runs the server, and where that user can reach its data."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._user = owner_for(self.folder)
        if self._user is not None:
            if not reachable(self.folder):
                self._move(root_home() / digest(self.folder))
            self._home.chmod(0o711)

    def _move(self, home: Path) -> None:
        """Have the data in another folder. The lock that may be held there already stays what it is."""
        home.mkdir(mode=0o711, exist_ok=True)
        if home != self._home:
            self._home, self._users = home, FileLock(home / "users.lock")

    def _initialize(self) -> None:
        """Make the data directory, whole or not at all."""
        if (self.data / "PG_VERSION").exists():
            return
        partial = self._home / "data.partial"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(mode=0o700)
        if self._user is not None:
            os.chown(partial, self._user.pw_uid, self._user.pw_gid)
        command: list[str | Path] = [
            self._program("initdb"),
            "-D",
            partial,
            "-U",
            SUPERUSER,
            "--auth=trust",
            "--encoding=UTF8",
        ]
        command += [
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--no-instructions",
        ]
        if not self._durable:
            command.append("--no-sync")
        done = subprocess.run(command, **self._as_user(), capture_output=True, check=False)  # noqa: S603 - our own
        if done.returncode != 0:
            raise SetupError(f"the embedded PostgreSQL could not be set up: {last_line(done.stderr)}")
        partial.rename(self.data)

    def _launch(self) -> None:
        """Start the server and wait for it; a crashed one's children may need a moment to end."""
        for stale in (self.data / "postmaster.pid", self._socket_folder() / f"{SOCKET_NAME}.lock"):
            stale.unlink(missing_ok=True)  # its process is gone: its number may be another's by now
        deadline = time.monotonic() + START_SECONDS
        while not self._attempt(deadline):
            if b"still in use" not in self._log().read_bytes() or time.monotonic() > deadline:
                line = last_line(self._log().read_bytes())
                raise SetupError(f"the embedded PostgreSQL did not start: {line} (see {self._log()})")
            time.sleep(0.2)

    def _attempt(self, deadline: float) -> bool:
        command: list[str | Path] = [self._program("postgres"), "-D", self.data]
        for option in self._options():
            command += ["-c", option]
        with self._log().open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self._as_user(),
            )
        while self._process.poll() is None:
            if self._is_ready():
                return True
            if time.monotonic() > deadline:
                raise SetupError(
                    f"the embedded PostgreSQL is not ready after {START_SECONDS:.0f} s (see {self._log()})"
                )
            time.sleep(0.01)
        return False

    def _options(self) -> list[str]:
        folder = str(self._socket_folder()).replace('"', '""')
        options = [
            "listen_addresses=",
            f"port={PORT}",
            f'unix_socket_directories="{folder}"',
            "max_connections=200",
        ]
        return [*options, "unix_socket_permissions=0700", *(() if self._durable else VOLATILE)]

    def _is_ready(self) -> bool:
        with suppress(FileNotFoundError):
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            return len(lines) > 7 and lines[7].strip() == "ready"
        return False

    def _terminate(self) -> None:
        """Fast shutdown: transactions that run are rolled back, what was committed is on disk."""
        pid = self.running_pid()
        if pid is not None:
            self._ask_to_end(pid)
        if self._process is not None:
            self._process.wait(STOP_SECONDS)  # also one that somebody else has killed

    def _ask_to_end(self, pid: int) -> None:
        os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + STOP_SECONDS
        while self.running_pid() is not None and time.monotonic() < deadline:
            if self._process is not None:
                self._process.poll()
            time.sleep(0.01)
        if self.running_pid() is not None:
            os.kill(pid, signal.SIGQUIT)

    def _socket_folder(self) -> Path:
        """The data directory, which nobody else may enter; another where its path is too long."""
        if len(os.fsencode(self.data / SOCKET_NAME)) <= SOCKET_PATH_LIMIT:
            return self.data
        owner = self._user.pw_uid if self._user else os.geteuid()
        folder = Path("/tmp") / f"bailiwick-{owner}-{digest(self.data)}"  # noqa: S108 - TMPDIR may be long as well
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            os.chown(folder, owner, -1)
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != owner or status.st_mode & 0o077:
            raise SetupError(f"{folder} belongs to somebody else")
        return folder

    def _program(self, name: str) -> Path:
        return program(name, for_everybody=self._user is not None)

    def _as_user(self) -> dict[str, Any]:
        environment = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
        if self._user is None:
            return {"env": environment, "cwd": "/"}
        return {
            "env": environment,
            "cwd": "/",
            "user": self._user.pw_uid,
            "group": self._user.pw_gid,
            "extra_groups": [],
        }

    def _log(self) -> Path:
        return self._home / "log"
