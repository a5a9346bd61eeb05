"""The unprivileged user that runs PostgreSQL where we are root, since PostgreSQL refuses to run as root."""

import os
import pwd
import subprocess
from pathlib import Path

from app.errors import SetupError

NAME = "bailiwick-postgres"
ROOT_HOME = Path("/var/lib/bailiwick")


def owner_for(folder: Path) -> pwd.struct_passwd | None:
    """Who runs the server whose home is `folder`: None stands for ourselves, unless we are root."""
    if os.geteuid() != 0:
        return None
    data = folder / "data"
    if data.exists() and data.stat().st_uid != 0:
        return pwd.getpwuid(data.stat().st_uid)
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        return _create()


def _create() -> pwd.struct_passwd:
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME]
    try:
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - constants alone
        return pwd.getpwnam(NAME)
    except (OSError, subprocess.CalledProcessError, KeyError) as error:
        raise SetupError(
            "PostgreSQL does not run as root, and no user could be made for it: "
            "start as an ordinary user, or set DATABASE_URL"
        ) from error


def reachable(path: Path) -> bool:
    """Whether a user without rights may walk to `path`; we widen no permissions of others' folders."""
    return all(parent.stat().st_mode & 0o001 for parent in path.absolute().parents)


def root_home() -> Path:
    """A folder of ours that every user can reach, for what cannot be reached where it is."""
    ROOT_HOME.mkdir(parents=True, exist_ok=True)
    ROOT_HOME.chmod(0o755)
    return ROOT_HOME
