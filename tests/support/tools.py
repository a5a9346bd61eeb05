"""Python programs that clients use, from an environment of their own: they need older versions of what we use."""

import os
import subprocess
import tempfile
from pathlib import Path

from app.locks import FileLock
from tests.support.processes import ROOT

ENVIRONMENT = ROOT / ".venv-tools"
SECONDS = 600


def tool(
    name: str, *arguments: str | Path, folder: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a program of the tools' environment to its end; the environment is made first, unless it stands."""
    with FileLock(Path(tempfile.gettempdir()) / f"bailiwick-tests-tools-{os.geteuid()}").held():
        subprocess.run(["make", "--silent", ".venv-tools/tools"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return subprocess.run(
        [ENVIRONMENT / "bin" / name, *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
