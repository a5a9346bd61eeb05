"""How contracts are named (D18, D32, AMB-29), and how their secret half is kept (D19)."""

from datetime import UTC, datetime

import pytest

from domain.entitlements.model import Program
from domain.entitlements.presentation import display_name, label, masked
from domain.entitlements.secrets import ContractSecrets

BEGINS = datetime(2015, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("access_id", "shown"),
    [("003712345", "0037xxxxx"), ("0230242323", "0230xxxxxx"), ("12345", "12xxx"), ("1", "x")],
)
def test_D32_no_more_than_half_of_an_access_id_is_shown(access_id: str, shown: str) -> None:
    assert masked(access_id) == shown


def test_D18_a_contract_is_named_by_access_id_and_plan() -> None:
    assert display_name("0230242323", "Gold 20Pack") == "0230242323 - Gold 20Pack"


def test_D32_a_partners_contract_is_labelled_without_its_plan() -> None:
    assert label(BEGINS, Program.SCS, "4648141", None, "003712345") == "15 SCS - 4648141 - unk (0037xxxxx)"


def test_D32_the_country_is_in_the_label_where_it_is_known() -> None:
    assert label(BEGINS, Program.ASFP, None, "NO", "003712345") == "15 ASfP - unk - NO (0037xxxxx)"


def test_D19_leading_zeros_make_another_contract_id() -> None:
    secrets = ContractSecrets("a key of this test, long enough for it")
    stored = secrets.hash("00720415")
    assert secrets.matches("00720415", stored)
    assert not secrets.matches("720415", stored)
    assert not secrets.matches("000720415", stored)


def test_AMB29_another_installation_hashes_otherwise() -> None:
    one, other = ContractSecrets("one key, long enough for this"), ContractSecrets("another key, long enough")
    assert one.hash("00720415") != other.hash("00720415")


def test_AMB29_the_contract_id_can_be_sent_again() -> None:
    secrets = ContractSecrets("a key of this test, long enough for it")
    sealed = secrets.encrypt("00720415")
    assert "00720415" not in sealed
    assert secrets.decrypt(sealed) == "00720415"
