"""Contact name and email, additional recipients, phone (spec A13-A16, AMB-1)."""

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import ErrorCode, Problem, Problems, RefusedError
from domain.support.contact import (
    PhoneCountryCode,
    ascii_address,
    check_email,
    check_name,
    check_phone,
    check_recipients,
    phone_country_codes,
    split_recipients,
)

PATH = ("contact", "name")


def noted(problems: Problems) -> list[Problem]:
    try:
        problems.refuse_if_any()
    except RefusedError as refused:
        return list(refused.problems)
    return []


def name(value: str | None) -> tuple[str, list[ErrorCode]]:
    problems = Problems()
    return check_name(value, problems, *PATH), [problem.code for problem in noted(problems)]


def email(value: str | None) -> tuple[str, list[ErrorCode]]:
    problems = Problems()
    return check_email(value, problems, "contact", "email"), [problem.code for problem in noted(problems)]


def recipients(*values: str) -> tuple[list[str], list[tuple[ErrorCode, tuple[str, ...]]]]:
    problems = Problems()
    addresses = check_recipients(values, problems, "additionalRecipients")
    return addresses, [(problem.code, problem.field) for problem in noted(problems)]


def phone(region: str | None, number: str | None) -> tuple[str | None, list[tuple[ErrorCode, str]]]:
    problems = Problems()
    e164 = check_phone(region, number, problems, "phone")
    return e164, [(problem.code, ".".join(problem.field)) for problem in noted(problems)]


class TestName:
    def test_A13_name_is_kept(self) -> None:
        assert name("Zoë O'Brien-Núñez 李") == ("Zoë O'Brien-Núñez 李", [])

    def test_A13_white_space_and_line_breaks_become_single_spaces(self) -> None:
        assert name("  Ada\r\nBcc:\t King\u2028 ") == ("Ada Bcc: King", [])

    def test_A13_letters_are_composed(self) -> None:
        assert name("Zoe\u0308") == ("Zo\u00eb", [])

    def test_A13_joiners_of_scripts_and_emoji_are_kept(self) -> None:
        assert name("\u0645\u06cc\u200c\u062e \U0001f469\u200d\U0001f4bb") == (
            "\u0645\u06cc\u200c\u062e \U0001f469\u200d\U0001f4bb",
            [],
        )

    @pytest.mark.parametrize("mark", [*"\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"])
    def test_A13_invisible_direction_marks_are_dropped(self, mark: str) -> None:
        assert name(f"Ada {mark}King") == ("Ada King", [])

    @pytest.mark.parametrize("bad", ["\x00", "\x07", "\x7f", "\x9f", "\ud800", "\ue000", "\uffff"])
    def test_A13_control_characters_and_lone_surrogates_are_refused(self, bad: str) -> None:
        assert name(f"Ada{bad}King")[1] == [ErrorCode.INVALID_TEXT]

    @pytest.mark.parametrize("blank", [None, "", " \t\n", "\u202e", "\u200b\u200d", "\u00a0"])
    def test_AMB1_name_is_required(self, blank: str | None) -> None:
        assert name(blank)[1] == [ErrorCode.REQUIRED]

    def test_A13_name_is_bounded(self) -> None:
        assert name("x" * 200) == ("x" * 200, [])
        assert name("x" * 201)[1] == [ErrorCode.TOO_LONG]

    def test_A13_problem_names_field_and_limit(self) -> None:
        problems = Problems()
        check_name("x" * 201, problems, *PATH)
        message = "The name has 201 characters; at most 200 are allowed."
        assert noted(problems) == [
            Problem(ErrorCode.TOO_LONG, message, PATH, {"limit": 200, "actual": 201}),
        ]


class TestEmail:
    def test_A14_email_is_kept(self) -> None:
        assert email(" Ada.King+support@contoso.example\n") == ("Ada.King+support@contoso.example", [])

    def test_A14_domain_is_in_lower_case(self) -> None:
        assert email("Ada@Contoso.EXAMPLE") == ("Ada@contoso.example", [])

    def test_A14_international_domain(self) -> None:
        assert email("zoe@müller.example") == ("zoe@müller.example", [])
        assert ascii_address("zoe@müller.example") == "zoe@xn--mller-kva.example"

    def test_A14_no_mail_gets_to_other_letters_before_the_at_sign(self) -> None:
        assert email("zoë@müller.example")[1] == [ErrorCode.INVALID_EMAIL]

    @pytest.mark.parametrize("blank", [None, "", "  \t"])
    def test_AMB1_email_is_required(self, blank: str | None) -> None:
        assert email(blank)[1] == [ErrorCode.REQUIRED]

    @pytest.mark.parametrize(
        "bad",
        [
            "ada",
            "ada@",
            "@contoso.example",
            "ada@contoso",
            "ada@@contoso.example",
            "ada king@contoso.example",
            "Ada <ada@contoso.example>",
            "ada@contoso.example\r\nBcc: x@contoso.example",
            "ada@localhost",
            "ada@[127.0.0.1]",
            '"ada king"@contoso.example',
            "ada\x00@contoso.example",
            "ada\ud800@contoso.example",
            "ada@conto\udfffso.example",
            "\u202eada@contoso.example",
            "ada@contoso..example",
            "ada@-contoso.example",
        ],
    )
    def test_A14_invalid_email(self, bad: str) -> None:
        assert email(bad)[1] == [ErrorCode.INVALID_EMAIL]

    def test_A14_local_part_has_at_most_64_octets(self) -> None:
        assert email("x" * 64 + "@contoso.example")[1] == []
        assert email("x" * 65 + "@contoso.example")[1] == [ErrorCode.TOO_LONG]
        assert email("ë" * 33 + "@contoso.example")[1] == [ErrorCode.TOO_LONG]

    def test_A14_address_has_at_most_254_characters(self) -> None:
        domain = ".".join(["d" * 60] * 3)
        assert email("x" * 63 + f"@{domain}.example")[1] == []
        assert len("x" * 63 + f"@{domain}.example") == 254
        assert email("x" * 64 + f"@{domain}.example")[1] == [ErrorCode.TOO_LONG]

    @settings(derandomize=True, deadline=None, max_examples=300)
    @given(st.text(st.characters(), max_size=60) | st.builds("{}@{}".format, st.text(), st.text()))
    def test_A14_no_input_raises(self, value: str) -> None:
        address, codes = email(value)
        assert codes or address.count("@") == 1


class TestRecipients:
    def test_A15_split_at_commas_and_semicolons(self) -> None:
        assert split_recipients(["a@x.example, b@x.example;c@x.example", "d@x.example"]) == [
            (0, "a@x.example"),
            (0, "b@x.example"),
            (0, "c@x.example"),
            (1, "d@x.example"),
        ]

    def test_A15_empty_pieces_are_dropped(self) -> None:
        assert split_recipients(["", ";, ;\t", " a@x.example ;"]) == [(2, "a@x.example")]

    def test_A15_first_of_equal_addresses_is_kept(self) -> None:
        assert split_recipients(["Ada@x.example", "b@x.example;ADA@X.example"]) == [
            (0, "Ada@x.example"),
            (1, "b@x.example"),
        ]

    def test_A15_none_are_needed(self) -> None:
        assert check_recipients(None, Problems(), "additionalRecipients") == []
        assert recipients() == ([], [])

    def test_A15_addresses_in_their_order(self) -> None:
        assert recipients("b@x.example; a@X.example", "B@x.example") == (["b@x.example", "a@x.example"], [])

    def test_A15_addresses_equal_once_normalised_are_one(self) -> None:
        assert recipients("a@müller.example,a@mu\u0308ller.example") == (["a@müller.example"], [])

    def test_A15_invalid_ones_are_reported_at_their_elements(self) -> None:
        assert recipients("a@x.example", "nobody; b@x.example", "c@", "d@x.example,e")[1] == [
            (ErrorCode.INVALID_EMAIL, ("additionalRecipients", "1")),
            (ErrorCode.INVALID_EMAIL, ("additionalRecipients", "2")),
            (ErrorCode.INVALID_EMAIL, ("additionalRecipients", "3")),
        ]

    def test_A15_fifty_are_allowed(self) -> None:
        addresses = [f"user{n}@x.example" for n in range(50)]
        assert recipients(";".join(addresses), *addresses) == (addresses, [])

    def test_A15_more_than_fifty_are_one_problem(self) -> None:
        problems = Problems()
        values = [f"user{n}" for n in range(51)]
        assert check_recipients(values, problems, "additionalRecipients") == []
        message = "There are 51 recipients; at most 50 are allowed."
        assert noted(problems) == [
            Problem(ErrorCode.LIMIT_EXCEEDED, message, ("additionalRecipients",), {"limit": 50, "actual": 51})
        ]

    @settings(derandomize=True, deadline=None, max_examples=200)
    @given(st.lists(st.text(st.sampled_from("aAb@x.;, \t"), max_size=20), max_size=8))
    def test_A15_pieces_are_trimmed_distinct_and_from_their_elements(self, values: list[str]) -> None:
        found = split_recipients(values)
        assert len({piece.casefold() for _, piece in found}) == len(found)
        assert all(piece == piece.strip() != "" and not set(piece) & {",", ";"} for _, piece in found)
        assert all(piece in values[index] for index, piece in found)
        everything = {p.strip().casefold() for value in values for p in value.replace(";", ",").split(",")}
        assert {piece.casefold() for _, piece in found} == everything - {""}


class TestPhone:
    @pytest.mark.parametrize(
        ("region", "number", "e164"),
        [
            ("DE", "030 901820", "+4930901820"),
            ("de", " 030/90 18-20 ", "+4930901820"),
            ("DE", "+49 (0)30 901820", "+4930901820"),
            ("DE", "\u202a+49 30 901820\u202c", "+4930901820"),
            ("DE", "\uff0b49 30 901820", "+4930901820"),
            ("US", "(212) 555\u20110123", "+12125550123"),
            ("EG", "\u0660\u0662 27952960", "+20227952960"),
            ("IT", "06 698 12345", "+390669812345"),
            ("CA", "+1 212 555 0123", "+12125550123"),
        ],
    )
    def test_A16_number_is_normalised_to_e164(self, region: str, number: str, e164: str) -> None:
        assert phone(region, number) == (e164, [])

    @pytest.mark.parametrize("blank", [None, "", " "])
    def test_AMB1_phone_is_optional(self, blank: str | None) -> None:
        assert phone(blank, blank) == (None, [])

    def test_AMB1_number_needs_its_country_code(self) -> None:
        assert phone(None, "030 901820") == (None, [(ErrorCode.REQUIRED, "phone.countryCode")])

    def test_AMB1_country_code_needs_its_number(self) -> None:
        assert phone("DE", " ") == (None, [(ErrorCode.REQUIRED, "phone.number")])

    @pytest.mark.parametrize("region", ["+49", "49", "ZZ", "Germany", "\x00", "\ud800"])
    def test_A16_country_code_is_of_the_list(self, region: str) -> None:
        assert phone(region, "030 901820") == (None, [(ErrorCode.INVALID_PHONE, "phone.countryCode")])

    @pytest.mark.parametrize(
        "number",
        [
            "1",
            "0301",
            "+1 212 555 0123",
            "030 901820 ext. 5",
            "030 901820;ext=5",
            "030 901820 or 030 901821",
            "call me",
            "030\x00901820",
            "030\ud800901820",
            "++49 30 901820",
        ],
    )
    def test_A16_invalid_number(self, number: str) -> None:
        assert phone("DE", number) == (None, [(ErrorCode.INVALID_PHONE, "phone.number")])

    def test_A16_number_is_bounded(self) -> None:
        assert phone("DE", "0" * 41) == (None, [(ErrorCode.TOO_LONG, "phone.number")])

    def test_A16_list_of_country_codes(self) -> None:
        codes = {code.region: code for code in phone_country_codes()}
        assert codes["DE"] == PhoneCountryCode("DE", 49, "Germany")
        assert codes["CA"] == PhoneCountryCode("CA", 1, "Canada")
        assert codes["XK"] == PhoneCountryCode("XK", 383, "Kosovo")
        assert codes.keys() == set(phonenumbers.SUPPORTED_REGIONS)

    def test_A16_list_is_in_order_of_names(self) -> None:
        names = [code.name for code in phone_country_codes()]
        assert names == sorted(names)
        assert all(names)

    @settings(derandomize=True, deadline=None, max_examples=200)
    @given(st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS)), st.text("0123456789+() -/.", max_size=20))
    def test_A16_accepted_numbers_keep_their_country(self, region: str, number: str) -> None:
        e164, _ = phone(region, number)
        code = phonenumbers.country_code_for_region(region)
        assert e164 is None or e164.startswith(f"+{code}")

    @pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
    def test_A16_example_of_every_region_is_accepted(self, region: str) -> None:
        example = phonenumbers.example_number(region)
        assert example is not None
        e164 = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
        national = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.NATIONAL)
        assert phone(region, e164) == (e164, [])
        assert phone(region, national) == (e164, [])
