"""Quiet hours are hours on the wall: over midnight, and in nights in which the clocks change (spec 3, 23)."""

from datetime import UTC, datetime

import pytest

from app.mail.content import FOLDER
from domain.notifications.model import Channel
from domain.notifications.wishes import KIND_OF_MAIL, Wishes
from domain.tickets.notifications import NotificationKind

NIGHT = (22 * 60, 7 * 60)
BERLIN = Wishes(time_zone="Europe/Berlin", quiet_hours=NIGHT)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-01-10T20:59:59", None),
        ("2026-01-10T21:00", "2026-01-11T06:00"),
        ("2026-01-10T23:30", "2026-01-11T06:00"),
        ("2026-01-11T05:59:59", "2026-01-11T06:00"),
        ("2026-01-11T06:00", None),
        ("2026-07-10T19:59", None),
        ("2026-07-10T20:00", "2026-07-11T05:00"),
    ],
)
def test_quiet_hours_over_midnight(now: str, until: str | None) -> None:
    assert BERLIN.quiet_until(at(now)) == (at(until) if until else None)


def test_the_night_in_which_clocks_go_forward_is_an_hour_shorter() -> None:
    assert BERLIN.quiet_until(at("2026-03-28T21:00")) == at("2026-03-29T05:00")


def test_the_night_in_which_clocks_go_back_is_an_hour_longer() -> None:
    assert BERLIN.quiet_until(at("2026-10-24T20:00")) == at("2026-10-25T06:00")


def test_quiet_hours_that_end_when_the_clocks_skip_that_time_end_with_the_change() -> None:
    wishes = Wishes(time_zone="Europe/Berlin", quiet_hours=(60, 2 * 60 + 30))
    assert wishes.quiet_until(at("2026-03-29T00:30")) == at("2026-03-29T01:00")


def test_quiet_hours_within_a_day() -> None:
    wishes = Wishes(time_zone="Asia/Tokyo", quiet_hours=(12 * 60, 13 * 60))
    assert wishes.quiet_until(at("2026-05-05T03:15")) == at("2026-05-05T04:00")
    assert wishes.quiet_until(at("2026-05-05T04:00")) is None


def test_who_has_said_nothing_wants_everything_at_any_hour() -> None:
    wishes = Wishes.of(None)
    assert wishes.quiet_until(at("2026-01-10T23:30")) is None
    assert all(wishes.wants(kind, channel) for kind in NotificationKind for channel in Channel)


def test_a_switch_is_for_one_kind_and_one_channel() -> None:
    wishes = Wishes(frozenset({"REPLY:MAIL"}))
    assert not wishes.wants(NotificationKind.REPLY, Channel.MAIL)
    assert wishes.wants(NotificationKind.REPLY, Channel.IN_APP)
    assert wishes.wants(NotificationKind.STATUS, Channel.MAIL)


def test_mail_about_accounts_management_and_meetings_is_of_no_kind_and_cannot_be_switched_off() -> None:
    written = {file.name.removesuffix(".subject.txt") for file in FOLDER.glob("en/*.subject.txt")}
    assert written - set(KIND_OF_MAIL) == {
        "account_exists",
        "account_password_changed",
        "account_password_reset",
        "account_welcome",
        "management_mode_changed",
        "ticket_appointment",
        "ticket_mail_refused",
        "webhook_disabled",
    }
    assert set(KIND_OF_MAIL) <= written
