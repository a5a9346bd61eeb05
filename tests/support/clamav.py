"""A real ClamAV: its daemon, with a database of one signature, that of the file which every scanner knows.

The databases of its makers are large and come from the network; what a scan is, and what the daemon answers, is the
same with them.
"""

import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.support.processes import WAIT_SECONDS, free_port
from tests.support.programs import found, needs

PROGRAM: Final = found("clamd")
NEEDS_CLAMAV: Final = needs(PROGRAM, "ClamAV")
EICAR: Final = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
THREAT: Final = "Eicar-Test-Signature.UNOFFICIAL"
LIMIT: Final = 1_000_000
"""The daemon's StreamMaxLength, in bytes: what is larger it does not judge."""
BASIC: Final = {"Foreground": "yes", "StreamMaxLength": str(LIMIT), "TCPAddr": "127.0.0.1"}


@dataclass
class ClamAV:
    """The daemon in a folder: killed and started as its tests want it, always at the same port and Unix socket."""

    folder: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """Its TCP port."""
        return f"tcp://127.0.0.1:{self.port}"

    @property
    def local_url(self) -> str:
        """Its Unix socket."""
        return f"unix://{self.folder / 'clamd.ctl'}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        assert PROGRAM is not None, "there is no ClamAV on this machine"
        with (self.folder / "log").open("ab") as log:
            command = [PROGRAM, f"--config-file={self.folder / 'clamd.conf'}"]
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + WAIT_SECONDS
        while not self._answers():
            said = (self.folder / "log").read_text()
            assert self.process.poll() is None, f"the scanner ended: {said}"
            assert time.monotonic() < deadline, f"the scanner does not answer: {said}"
            time.sleep(0.02)

    def pause(self) -> None:
        """It takes whatever is sent, and says nothing, until it is killed."""
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGSTOP)

    def kill(self) -> None:
        """Kill it, in the middle of whatever it does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1) as asked:
            asked.sendall(b"zPING\0")
            return asked.recv(16) == b"PONG\0"
        return False


@contextmanager
def clamav(**options: str) -> Iterator[ClamAV]:
    """One for a block, running; `options` are lines of its configuration."""
    with tempfile.TemporaryDirectory(prefix="bailiwick-clamav-") as name:  # short enough for a Unix socket
        made = ClamAV(Path(name), free_port())
        (made.folder / "eicar.ndb").write_text(f"{THREAT.partition('.')[0]}:0:*:{EICAR.hex()}\n")
        places = {"DatabaseDirectory": name, "LocalSocket": f"{name}/clamd.ctl", "TCPSocket": str(made.port)}
        lines = (f"{option} {value}\n" for option, value in (BASIC | places | options).items())
        (made.folder / "clamd.conf").write_text("".join(lines))
        try:
            made.start()
            yield made
        finally:
            made.kill()
