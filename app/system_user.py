"""The unprivileged user that runs PostgreSQL where we are root, since PostgreSQL refuses to run as root."""

import os
import pwd
import shutil
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


def readable_copy(source: Path, target: Path) -> Path:
    """`source`, a folder of programs, where everybody may run it: itself, or a copy made once."""
    if reachable(source) and (source.stat().st_mode & 0o005) == 0o005:
        return source
    if not target.exists():
        partial = target.with_name(f"{target.name}.{os.getpid()}")
        shutil.copytree(source, partial, symlinks=True)
        for path in (partial, *partial.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o055 if path.is_dir() or os.access(path, os.X_OK) else 0o044))
        partial.rename(target)
    return target
