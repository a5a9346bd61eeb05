"""`bailiwick mail`."""

import asyncio
import sys
from typing import Annotated

import typer

cli = typer.Typer(help="Take mail in.", no_args_is_help=True)
TRY_AGAIN = 75  # EX_TEMPFAIL of sysexits.h: the mail server keeps the mail


@cli.callback()
def _group() -> None:
    """Keep `receive` a command of its own though it is the only one."""


@cli.command()
def receive(
    recipient: Annotated[list[str] | None, typer.Option(help="Address of the envelope that it came for.")] = None,
) -> None:
    """Make a message of the mail on the standard input, if it is a reply that may become one.

    For your mail server to pipe mail into: with Postfix, `argv=bailiwick mail receive --recipient ${recipient}`.
    What is refused is in the log of mail, and answered by nothing. Where the database cannot be reached the exit code
    is 75, upon which the mail server tries again."""
    from app.http.logs import configure_logs
    from app.mail.parsing import LARGEST
    from app.provision import database
    from app.settings import settings

    configure_logs()
    raw = sys.stdin.buffer.read(LARGEST + 1)
    try:
        with database(settings()) as addresses:
            print(asyncio.run(_received(addresses.application, raw, recipient or [])))
    except Exception as error:
        print(f"bailiwick: {type(error).__name__}: {error}", file=sys.stderr)
        raise typer.Exit(TRY_AGAIN) from error


async def _received(url: str, raw: bytes, recipients: list[str]) -> str:
    from app.attachments.parts import uploads_of
    from app.mail.compose import sender_of, threads_of
    from app.mail.receiving import Receiver
    from app.secret import secret_key
    from app.settings import settings
    from tenancy.database import Database

    configuration = settings()
    secret = secret_key(configuration)
    threads = threads_of(configuration, secret)
    uploads = uploads_of(configuration.objects_url, secret, configuration.scanner_url)
    database = Database(url, pool_size=2)
    own = sender_of(configuration).addr_spec
    try:
        receiver = Receiver(database, threads, own, uploads, configuration.mail_authserv_id)
        return (await receiver.receive(raw, *recipients)).value.lower()
    finally:
        await database.close()
