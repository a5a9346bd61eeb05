"""What mails say: templates by language, English where there is none of the recipient's."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound, select_autoescape

FOLDER: Final = Path(__file__).parent / "templates"
DEFAULT: Final = "en"
LONGEST_SUBJECT: Final = 200


class NoTemplateError(LookupError):
    """There is no template of this name in any language."""


@dataclass(frozen=True, slots=True)
class Content:
    """One mail's words."""

    subject: str
    text: str
    html: str


class Templates:
    """Each mail is three files in the folder of its language: `NAME.subject.txt`, `NAME.txt` and `NAME.html`.

    What all languages share, the layout, lies beside their folders. In HTML all values are escaped.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        self._languages = {path.name: _environment(path) for path in sorted(folder.iterdir()) if path.is_dir()}

    def render(self, name: str, language: str | None, values: dict[str, Any]) -> Content:
        """The words of a mail; raises `NoTemplateError` where nobody has written it."""
        wanted = (language or "").lower()
        for key in dict.fromkeys((wanted, wanted.partition("-")[0], DEFAULT)):
            if key in self._languages and (found := self._rendered(self._languages[key], name, values)):
                return found
        raise NoTemplateError(f"there is no mail {json.dumps(name)}")

    def _rendered(self, language: Environment, name: str, values: dict[str, Any]) -> Content | None:
        try:
            subject = language.get_template(f"{name}.subject.txt").render(values)
        except TemplateNotFound:
            return None
        subject = " ".join(subject.split())[:LONGEST_SUBJECT]
        values = values | {"subject": subject}
        text, html = (language.get_template(f"{name}.{kind}").render(values) for kind in ("txt", "html"))
        return Content(subject, text, html)


def _environment(folder: Path) -> Environment:
    made = Environment(
        loader=FileSystemLoader([folder, folder.parent]),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["language"] = folder.name
    made.filters |= {"instant": _instant, "words": _words}
    return made


def _instant(iso: str) -> str:
    """A time as people everywhere read it, in UTC: their time zones are not known."""
    return datetime.fromisoformat(iso).astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _words(constant: str) -> str:
    return constant.replace("_", " ").capitalize()
