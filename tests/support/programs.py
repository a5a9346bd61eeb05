"""Programs that no index of Python packages has: their tests are for machines that have them (CONTRIBUTING.md)."""

import os
import shutil
from typing import Final

import pytest

REQUIRED: Final = "REQUIRE_REAL" in os.environ
"""Whether a program that is missing fails its tests instead of skipping them: so it is where they were installed."""


def found(*names: str) -> str | None:
    """The first of these programs that there is; daemons are where a path of users does not lead."""
    path = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"))
    return next((program for name in names if (program := shutil.which(name, path=path))), None)


def needs(program: str | None, called: str) -> pytest.MarkDecorator:
    """The mark of tests that start a program."""
    missing = program is None and not REQUIRED
    return pytest.mark.skipif(missing, reason=f"there is no {called} on this machine")
