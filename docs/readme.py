"""Fills the parts of README.md that are made from the code: the rules and their state, and the settings.

`python docs/readme.py` writes them, `python docs/readme.py --check` only tells whether they are current.
"""

import csv
import re
import sys
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
SECTIONS = {
    "A": "Invite support",
    "B": "Manage customers",
    "C": "Ticket portal",
    "D": "Contracts and entitlements",
    "E": "Partner help",
    "K": "The platform",
}


def tested() -> set[str]:
    """The rules that tests are named after: `test_A5_…`, or `test_A21_A22_…` for several."""
    found: set[str] = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        for name in re.findall(r"def test((?:_[A-EK]\d+)+)_", path.read_text()):
            found.update(name[1:].split("_"))
    return found


def rules() -> str:
    """The table of rules, a section after another."""
    done = tested()
    with (ROOT / "docs" / "rules.csv").open(newline="") as file:
        rows = [(row["id"], row["rule"]) for row in csv.DictReader(file)]
    unknown = done - {key for key, _ in rows}
    if unknown:
        raise SystemExit(f"tests are named after rules that do not exist: {', '.join(sorted(unknown))}")
    lines = [f"{sum(key in done for key, _ in rows)} of {len(rows)} rules are done: a test carries their name.", ""]
    for letter, group in groupby(rows, key=lambda row: row[0][0]):
        lines += [f"**{SECTIONS[letter]}**", "", "| id | rule | state |", "|---|---|---|"]
        lines += [f"| {key} | {rule} | {'done' if key in done else 'not yet'} |" for key, rule in group]
        lines.append("")
    return "\n".join(lines).strip()


def settings() -> str:
    """The table of environment variables."""
    sys.path.insert(0, str(ROOT))
    from app.settings import Settings, environment_name  # noqa: PLC0415 - the path is set above

    lines = ["| variable | default | what it is |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default_factory or field.default in (None, ()) else f"`{field.default}`"
        lines.append(f"| `{environment_name(name)}` | {default} | {field.description} |")
    return "\n".join(lines)


PARTS: dict[str, Callable[[], str]] = {"rules": rules, "settings": settings}


def filled(text: str) -> str:
    """`text` with what stands between `<!-- NAME -->` and `<!-- /NAME -->` made anew."""
    for name, make in PARTS.items():
        begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        before, found, rest = text.partition(begin)
        _old, closed, after = rest.partition(end)
        if not (found and closed):
            raise SystemExit(f"README.md has no part {name}")
        text = f"{before}{begin}\n{make()}\n{end}{after}"
    return text


def main() -> int:
    """Write or check; the exit code."""
    text = README.read_text()
    current = filled(text)
    if "--check" not in sys.argv:
        README.write_text(current)
        return 0
    if text != current:
        print("README.md is not current: run `make readme`.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
