"""How mail leaves: over SMTP, or not at all where there is no mail server (demo mode, which keeps it)."""

from email.message import EmailMessage
from typing import Final, Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib

from app.errors import SetupError
from app.settings import Settings

SECONDS: Final = 30.0
PERMANENT: Final = range(500, 600)
PORTS: Final = {"smtp": 25, "smtps": 465}


class UndeliverableError(Exception):
    """An attempt failed; `permanent` where another would, too."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.permanent = permanent


class Transport(Protocol):
    """Takes one mail to one address, or raises `UndeliverableError`."""

    async def send(self, mail: EmailMessage) -> None:
        """Return when the other side has it."""
        ...


class Nowhere:
    """Sends nothing: what is kept is all that there is of a mail."""

    async def send(self, mail: EmailMessage) -> None:
        """Nothing."""


class Smtp:
    """A connection for each mail: a few a second at most, and none that has gone stale."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise SetupError("BAILIWICK_SMTP_URL: give smtp://host:port or smtps://host:port")
        self._host, self._port = parts.hostname, parts.port or PORTS[parts.scheme]
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._tls = parts.scheme == "smtps"

    async def send(self, mail: EmailMessage) -> None:
        """Hand it over; a password goes over TLS alone."""
        try:
            await aiosmtplib.send(
                mail,
                hostname=self._host,
                port=self._port,
                username=self._user,
                password=self._password,
                use_tls=self._tls,
                start_tls=True if self._user and not self._tls else None,
                timeout=SECONDS,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _undeliverable(error.recipients[0]) from error
        except aiosmtplib.SMTPResponseException as error:
            raise _undeliverable(error) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise UndeliverableError(f"{type(error).__name__}: {error}"[:500], permanent=False) from error


def transport_of(settings: Settings) -> Transport | None:
    """The way out, as it is configured; None where mail has to wait for one."""
    if settings.smtp_url is not None:
        return Smtp(settings.smtp_url.get_secret_value())
    return Nowhere() if settings.demo else None


def _undeliverable(error: aiosmtplib.SMTPResponseException) -> UndeliverableError:
    """What is wrong with the sender or the connection is for us to mend: the mail itself may be good yet."""
    of_mail = isinstance(error, aiosmtplib.SMTPRecipientRefused | aiosmtplib.SMTPDataError)
    permanent = error.code in PERMANENT and of_mail
    return UndeliverableError(f"{error.code} {error.message}"[:500], permanent=permanent)
