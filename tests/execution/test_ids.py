"""Global ids are opaque, and a malformed one is simply not found."""

from uuid import UUID, uuid4

import pytest

from execution.ids import UnknownIdError, decode, decode_as, encode

KEY = UUID("0192f0c1-2d3e-7abc-8def-001122334455")


def test_an_id_leads_back_to_its_type_and_key() -> None:
    assert decode(encode("temporary_account", KEY)) == ("temporary_account", KEY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "_",
        "ticket",
        "ticket_",
        f"_{KEY.hex}",
        f"ticket_{KEY}",
        f"ticket_{KEY.hex.upper()}",
        f"ticket_{KEY.hex[:-1]}",
        f"ticket_{KEY.hex}0",
        f"ticket_{'g' * 32}",
        f"ticket_{'٣' * 32}",
        f"ticket_+{KEY.hex[1:]}",
        f"ticket_ {KEY.hex[1:]}",
        f"ticket_-{KEY.hex[1:]}",
        f"ticket_{KEY.hex}\n",
        "\0" * 40,
        "ticket_\ud800",
    ],
)
def test_a_malformed_id_is_not_found(text: str) -> None:
    with pytest.raises(UnknownIdError) as refused:
        decode(text)
    assert refused.value.code == "NOT_FOUND"


def test_an_id_of_another_type_is_not_found() -> None:
    with pytest.raises(UnknownIdError):
        decode_as("ticket", encode("customer", uuid4()))
