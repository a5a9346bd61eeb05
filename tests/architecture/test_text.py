"""The repository speaks of the product alone."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ADDRESSES = re.compile(
    r"https?://[\w.]*(?:pypi\.org|pythonhosted\.org|npmjs\.(?:org|com))|(?:^|[\s\"'(])/(?:home|root|Users)/\w"
)


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name]


def test_no_file_holds_a_registry_address_or_somebodys_path() -> None:
    found = []
    for path in tracked():
        try:
            text = path.read_text()
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        found += [f"{path.relative_to(ROOT)}: {match.group()}" for match in ADDRESSES.finditer(text)]
    assert found == []
