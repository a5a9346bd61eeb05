"""Looking at processes and at what they said."""

import hashlib
import os
from pathlib import Path


def is_server(pid: int, data: Path) -> bool:
    """Whether the process `pid` is a server that lives and works on `data`."""
    import psutil  # noqa: PLC0415 - only where there is a process to look at

    try:
        process = psutil.Process(pid)
        alive = process.status() != psutil.STATUS_ZOMBIE
        return bool(alive and process.cwd() == str(data.resolve()))
    except psutil.Error:
        return False


def digest(path: Path) -> str:
    """A short name for a path."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def last_line(output: bytes) -> str:
    """What the server or one of its programs gave as the reason for its end."""
    lines = [line.strip() for line in output.decode(errors="replace").splitlines() if line.strip()]
    fatal = [line.partition("FATAL:")[2].strip() for line in lines if "FATAL:" in line]
    return (fatal or lines or ["it said nothing"])[-1]
