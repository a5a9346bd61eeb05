"""The form of an invitation as clients see it (A3)."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.tenants import queries as tenants
from domain.tickets import subject
from resolvers.enums.tickets import SupportIssueType, SupportTicketType, TemporaryAccessChoice
from schema.fields import many, one, plain
from schema.services import Service

if TYPE_CHECKING:
    from schema.tenants import User


@strawberry.type(description="One step of the scale of severities (A8).")
class SeverityLevel:
    """Of `domain.tickets.states.SEVERITIES`."""

    level: int = plain("1 to 5; bigger is worse.")
    label: str = plain("What it is called.")


@strawberry.type(description="A country whose telephone numbers can be given (A16).")
class PhoneCountryCode:
    """`domain.support.contact.PhoneCountryCode`."""

    region: str = plain("The region, such as DE: what `phone.countryCode` takes.")
    calling_code: int = plain("The number dialled from abroad, such as 49.")
    name: str = plain("The country's name in English.")


@strawberry.type(description="One version of a text that must be accepted.")
class Agreement:
    """Rows of `domain.support.model.Agreement`."""

    version: str = plain("The version, to be given back by those who accept it.")
    url: str = plain("Where the text is.")
    published_at: datetime = plain("Since when it stands.")


@strawberry.type(description="The question whether the vendor may look into the environment (A17).")
class TemporaryAccessOption:
    """Made by `resolvers.invitations`."""

    default: TemporaryAccessChoice = plain("What counts where nothing is chosen.")
    account_lifetime_days: int = plain("After how many days a temporary account ends by itself (A19).")


@strawberry.type(description="What a form is filled in with before anybody types.")
class ContactDefaults:
    """Made by `resolvers.invitations`."""

    name: str = plain("Your name.")
    email: str = plain("Your e-mail address; empty for machines.")


@strawberry.type(description="What the form of an invitation shows: it differs with role, tenant and provider (A3).")
class SupportInviteForm:
    """Made by `resolvers.invitations`."""

    ticket_types: list[SupportTicketType] = plain("What an invitation can be about here (A4, A24).")
    issue_types: list[SupportIssueType] = plain("What support can be invited for (A7).")
    severities: list[SeverityLevel] = plain("The scale of severities, from the least.")
    services: list[Service] = many(
        subject.offered_services_of,
        key="tenant_id",
        description="The services for which you can invite support, by name (A2).",
    )
    tenant_owner: Annotated["User", strawberry.lazy("schema.tenants")] | None = one(
        tenants.owner_of_tenants, key="tenant_id", description="The tenant's owner, shown and not asked for (A10)."
    )
    phone_country_codes: list[PhoneCountryCode] = plain("The country codes to choose from, by name (A16).")
    privacy_agreement: Agreement = plain("What must be accepted to send files (A12).")
    temporary_access: TemporaryAccessOption | None = plain(
        "The question of a temporary account; null where it is not asked (A21, A22)."
    )
    contact_defaults: ContactDefaults = plain("Whom to answer, unless something else is entered.")
