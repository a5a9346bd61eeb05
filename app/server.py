"""Starting the platform: one at a time, database first, then Granian with one process per worker."""

import asyncio
import errno
import gc
import http.client
import importlib
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from app import documents, startup_checks
from app.banner import banner, browsable
from app.beside import worker_beside
from app.demo.presence import is_loaded
from app.errors import SetupError
from app.locks import FileLock
from app.provision import Addresses, database, owner_address
from app.secret import secret_key
from app.settings import Settings
from app.settings import settings as configuration
from tenancy import migrate

if TYPE_CHECKING:
    from granian.server import MPServer

READY_SECONDS = 60.0


def serve(settings: Settings, target: str = "app.main:create") -> None:
    """Serve until a signal says stop; raises `SetupError` when something is in the way.

    `target` names the function that makes the ASGI application from the environment: `module:function`.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    gc.disable()  # nothing that is imported below is ever garbage: a tenth of the time to start
    if settings.trusted_documents:
        documents.check(settings.trusted_documents, settings)
    with _alone(settings):
        settings = settings.model_copy(update={"port": _free_port(settings)})
        key = secret_key(settings)
        with database(settings) as addresses:
            _prepare(settings, addresses, key)
            _publish(settings, addresses, key, target)
            importlib.import_module(target.partition(":")[0])  # once for all workers, which are forked
            gc.freeze()
            gc.enable()
            with worker_beside(settings, addresses):
                _run(settings)
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # the database is being closed


def application() -> Any:
    """The ASGI application of a worker, which never outlives the process that started it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent,), daemon=True).start()
    module, _, function = os.environ["BAILIWICK_TARGET"].partition(":")
    return getattr(importlib.import_module(module), function)()


def _follow(parent: "multiprocessing.process.BaseProcess") -> None:
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(configuration().shutdown_timeout)
    os._exit(1)


def _forget_signals() -> None:
    """Until Granian listens in a worker, the handlers that it was forked with would swallow its signals."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group: the parent decides


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Keep a second server out of the data folder; one just killed is given a moment to be gone."""
    settings.data_folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    path = settings.data_folder / "serve.lock"
    lock = FileLock(path)
    deadline = time.monotonic() + 3
    while not lock.alone(wait=False):
        pid, _, url = path.read_text().partition(" ")
        if time.monotonic() > deadline or _is_alive(pid):
            raise SetupError(f"it is already being served from here, at {url} (process {pid})")
        time.sleep(0.05)
    lock.write(f"{os.getpid()} {browsable(settings)}")
    try:
        yield
    finally:
        lock.release()


def _is_alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True


def _free_port(settings: Settings) -> int:
    """The port to listen on, one that is free where 0 was asked for."""
    try:
        family = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((settings.host, settings.port))
            port: int = probe.getsockname()[1]
            return port
    except OSError as error:
        where = f"{settings.host} port {settings.port}"
        if error.errno == errno.EADDRINUSE:
            raise SetupError(f"{where} is in use: stop what listens there, or set PORT") from error
        raise SetupError(f"cannot listen on {where}: {error.strerror}") from error


def _prepare(settings: Settings, addresses: Addresses, key: str) -> None:
    if not settings.demo:
        startup_checks.check(addresses)
        return
    if addresses.owner is None:
        asyncio.run(startup_checks.check_revision(addresses.application))
    else:
        asyncio.run(migrate.upgraded(owner_address(addresses)))
    if not asyncio.run(is_loaded(addresses.application)):
        from app.demo.loading import load  # noqa: PLC0415 - it is large, and needed once

        asyncio.run(load(addresses, key=key))


def _publish(settings: Settings, addresses: Addresses, key: str, target: str) -> None:
    """Tell the workers, which read their configuration from the environment, what was found out here."""
    os.environ.pop("BAILIWICK_OWNER_DATABASE_URL", None)
    os.environ |= {
        "DATABASE_URL": addresses.application,
        "HOST": settings.host,
        "PORT": str(settings.port),
        "BAILIWICK_SECRET_KEY": key,
        "BAILIWICK_DEMO": str(settings.demo).lower(),
        "BAILIWICK_TARGET": target,
    }
    configuration.cache_clear()


def _run(settings: Settings) -> None:
    from granian.constants import Interfaces, Loops  # noqa: PLC0415 - only here, and it is slow
    from granian.log import LogLevels  # noqa: PLC0415
    from granian.server import MPServer  # noqa: PLC0415

    server = MPServer(
        "app.server:application",
        factory=True,
        address=settings.host,
        port=settings.port,
        workers=settings.workers,
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        log_level=LogLevels.warning,
        respawn_failed_workers=not settings.demo,
        workers_kill_timeout=settings.shutdown_timeout,
    )
    os.register_at_fork(after_in_child=_forget_signals)
    server.on_startup(lambda: _started(server, settings))
    server.serve()


def _started(server: "MPServer", settings: Settings) -> None:
    if sys.stdin is not None and sys.stdin.isatty():
        signal.signal(signal.SIGHUP, server.signal_handler_interrupt)  # the terminal was closed
    threading.Thread(target=_announce, args=(settings,), daemon=True).start()


def _announce(settings: Settings) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if _is_ready(settings):
            print(banner(settings), flush=True)  # noqa: T201 - for the terminal, not for the log
            return
        time.sleep(0.02)


def _is_ready(settings: Settings) -> bool:
    connection = http.client.HTTPConnection(browsable(settings).removeprefix("http://"), timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
