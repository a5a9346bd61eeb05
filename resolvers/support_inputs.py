"""What the forms of invitations and requests have in common (A13-A16)."""

import strawberry

from domain.tickets.attachments import Files
from domain.tickets.opening import Contact
from resolvers.inputs import any_key


@strawberry.input(description="Whom to answer.")
class ContactInput:
    """A13, A14."""

    name: str = strawberry.field(description="The name, up to 200 characters on one line.")
    email: str = strawberry.field(description="The e-mail address.")


@strawberry.input(description="A telephone number.")
class PhoneInput:
    """A16, AMB-1."""

    country_code: str = strawberry.field(
        description="A region of `supportInviteForm.phoneCountryCodes`, such as DE; it comes together with the number."
    )
    number: str = strawberry.field(description="The number, without extension.")


def contact_of(given: ContactInput, phone: PhoneInput | None, recipients: list[str] | None) -> Contact:
    """As the domain has it."""
    return Contact(
        given.name,
        given.email,
        phone.country_code if phone else None,
        phone.number if phone else None,
        tuple(recipients or ()),
    )


def files_of(ids: list[strawberry.ID] | None, version: str | None) -> Files:
    """As the domain has it."""
    return Files(tuple(any_key("attachment", text) for text in ids or ()), version)
