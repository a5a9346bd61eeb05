"""`bailiwick mail receive`: what a mail server pipes mail into."""

import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.mail.conftest import REPLIES, SENDER, Post
from tests.mail.test_inbound import USER, Inbox, inbox
from tests.support.processes import ROOT, environment

__all__ = ["inbox"]
pytestmark = pytest.mark.thorough


def piped(
    post: Post, folder: Path, mail: EmailMessage, database: str | None = None
) -> "subprocess.CompletedProcess[bytes]":
    """The command with a mail on its standard input."""
    env = environment(
        folder,
        DATABASE_URL=database or post.client.addresses.application_url,
        BAILIWICK_MAIL_FROM=SENDER,
        BAILIWICK_MAIL_REPLY_TO=REPLIES,
    )
    command = [sys.executable, "-P", "-m", "app", "mail", "receive", "--recipient", REPLIES]
    return subprocess.run(command, env=env, cwd=ROOT, input=mail.as_bytes(), capture_output=True, check=False)


async def test_a_reply_that_is_piped_in_becomes_a_message(inbox: Inbox, tmp_path: Path) -> None:
    done = piped(inbox.post, tmp_path, inbox.answer("From the train."))
    assert (done.returncode, done.stdout) == (0, b"accepted\n"), done.stderr
    assert (await inbox.messages())[-1].body == "From the train."


async def test_what_is_refused_does_not_come_back_to_the_mail_server(inbox: Inbox, tmp_path: Path) -> None:
    done = piped(inbox.post, tmp_path, inbox.answer(Precedence="bulk"))
    assert (done.returncode, done.stdout) == (0, b"refused\n"), done.stderr


async def test_without_a_database_the_mail_server_keeps_the_mail(inbox: Inbox, tmp_path: Path) -> None:
    done = piped(inbox.post, tmp_path, inbox.answer(From=USER), database="postgresql://nobody@127.0.0.1:1/none")
    assert done.returncode == 75
