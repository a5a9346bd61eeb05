"""The clients' packages, and their programs in JavaScript: each prints what it saw as JSON."""

import json
import shutil
from pathlib import Path
from typing import Any

from tests.clients.conftest import Signed
from tests.support.node import install, node

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PACKAGES = HERE / "node_modules"


def package(path: str, *arguments: str | Path, folder: Path = HERE) -> str:
    """Run a file of an installed package; what it printed."""
    install(HERE)
    return node(folder, PACKAGES / path, *arguments)


def run(program: str, staff: Signed) -> Any:
    """What a program saw."""
    install(HERE)
    return json.loads(node(HERE, program, **staff.environment))


def emptied(folder: Path) -> Path:
    """A folder for what a compiler makes, without what it made before."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder
