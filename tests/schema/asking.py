"""The documents by which tests ask for support, and forms filled in as they should be."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from domain.records.model import AuditEvent, OutboxEvent
from domain.tickets.model import Attachment, TemporarySupportAccount, Ticket, TicketMessage, TicketParticipant
from execution.ids import decode, encode
from tests.support.app import Client, Running
from tests.support.world import World

ERRORS = """userErrors {
  __typename code field message
  ... on OptionUnavailableError { option }
  ... on TransitionError { from to allowed }
  ... on LimitExceededError { limit actual }
  ... on ConflictError { currentVersion }
  ... on EntitlementError { eligible }
}"""
TICKET = """ticket {
  id number status portalStatus kind origin severity severityLabel issueType summary details jobIds version onBehalf
  contact { name email phone } tenantOwner { name email } requester { name side user { id } }
  tenant { id } service { id }
  responseTarget { minutes clock dueAt state remainingMinutes }
  temporarySupportAccount { id status expiresAt }
  viewerRelation viewerCan { reply resolve close closeNondecrement assign noteInternal revokeTemporaryAccount }
  participants(first: 50) { totalCount nodes { kind email name hasAccount } }
  entitlementUse { quantity credited entitlement { id available } contract { id } }
  assignee { name } createdAt updatedAt closedAt closureCode
}"""
INVITE = f"""mutation Invite($input: SupportInviteNewIssueInput!) {{
  supportInviteNewIssue(input: $input) {{ clientMutationId {TICKET} {ERRORS} }}
}}"""
CREATE = f"""mutation Create($input: TicketCreateInput!) {{ ticketCreate(input: $input) {{ {TICKET} {ERRORS} }} }}"""
REPLY = f"""mutation Reply($id: ID!, $input: TicketReplyAddInput!) {{
  ticketReplyAdd(ticketId: $id, input: $input) {{
    {TICKET} message {{ id body authorSide attachments {{ id }} }} {ERRORS}
  }}
}}"""
NOTE = f"""mutation Note($id: ID!, $input: TicketNoteAddInput!) {{
  ticketNoteAdd(ticketId: $id, input: $input) {{ {TICKET} message {{ id visibility }} {ERRORS} }}
}}"""
RESOLVE = f"""mutation Resolve($id: ID!, $version: Int) {{
  ticketResolve(ticketId: $id, expectedVersion: $version, input: {{}}) {{ {TICKET} {ERRORS} }}
}}"""
CLOSE = f"""mutation Close($id: ID!, $code: ClosureCode!, $version: Int, $key: String) {{
  ticketClose(ticketId: $id, expectedVersion: $version, input: {{closureCode: $code, idempotencyKey: $key}}) {{
    {TICKET} {ERRORS}
  }}
}}"""
ASSIGN = f"""mutation Assign($id: ID!, $agent: ID) {{
  ticketAssign(ticketId: $id, input: {{assigneeId: $agent}}) {{ {TICKET} {ERRORS} }}
}}"""
REVOKE = f"""mutation Revoke($id: ID!) {{
  temporarySupportAccountRevoke(temporarySupportAccountId: $id, input: {{}}) {{
    temporarySupportAccount {{ id status revokedAt }} {ERRORS}
  }}
}}"""
UPLOAD = f"""mutation Upload($input: AttachmentUploadCreateInput!) {{
  attachmentUploadCreate(input: $input) {{
    attachment {{ id fileName size state upload {{ url expiresAt }} }} {ERRORS}
  }}
}}"""
FORM = """query Form($tenant: ID!) { supportInviteForm(tenantId: $tenant) {
  ticketTypes issueTypes severities { level label } services { id name } tenantOwner { name email }
  phoneCountryCodes { region callingCode name } privacyAgreement { version url }
  temporaryAccess { default accountLifetimeDays } contactDefaults { name email }
} }"""
WRITTEN = (Ticket, TicketParticipant, TicketMessage, TemporarySupportAccount, OutboxEvent, AuditEvent)


def form(world: World, **changes: Any) -> dict[str, Any]:
    """An invitation for Alder & Finch that nothing is wrong with."""
    return {
        "tenantId": encode("tenant", world.alder.tenant),
        "summary": "The backup stops",
        "serviceId": encode("service", world.catalogue.backup),
        "issueType": "TROUBLESHOOT",
        "severity": 4,
        "details": "Every night at two.\nSince Monday.",
        "contact": {"name": "Ada Finch", "email": "ada@alder.example"},
    } | changes


async def invited(who: Client, world: World, **changes: Any) -> dict[str, Any]:
    """The payload of an invitation."""
    return dict((await who.query(INVITE, input=form(world, **changes))).data["supportInviteNewIssue"])


async def done(who: Client, document: str, /, **variables: Any) -> dict[str, Any]:
    """The payload of a document's only field."""
    (payload,) = (await who.query(document, **variables)).data.values()
    return dict(payload)


def problems(payload: dict[str, Any]) -> list[tuple[str, str]]:
    """Codes and paths of what was refused."""
    return sorted((error["code"], ".".join(error["field"] or ())) for error in payload["userErrors"])


def made(payload: dict[str, Any]) -> dict[str, Any]:
    """The ticket of a payload in which nothing was refused."""
    assert payload["userErrors"] == []
    return dict(payload["ticket"])


async def counted(client: Running) -> dict[str, int]:
    """How many rows there are of everything that asking for support writes."""
    async with client.session() as session:
        return {
            model.__name__: (await session.execute(select(func.count()).select_from(model))).scalar_one()
            for model in WRITTEN
        }


async def row(client: Running, model: Any, global_id: str) -> Any:
    """A row as it is stored."""
    async with client.session() as session:
        return (await session.execute(select(model).where(model.id == decode(global_id)[1]))).scalar_one()


async def mails(client: Running, template: str) -> list[dict[str, Any]]:
    """What waits to be sent of one kind, by address."""
    async with client.session() as session:
        found = (await session.execute(select(OutboxEvent).where(OutboxEvent.topic == "mail"))).scalars().all()
    letters = [event.payload for event in found if event.payload["template"] == template]
    return sorted(letters, key=lambda letter: str(letter["to"]))


async def uploaded(client: Running, who: Client, content: bytes = b"a log", name: str = "night.log") -> str:
    """The id of a file that has been uploaded."""
    given = {"fileName": name, "mediaType": "text/plain", "size": len(content)}
    attachment = (await done(who, UPLOAD, input=given))["attachment"]
    response = await client.http.put(attachment["upload"]["url"], content=content)
    assert response.status_code == 204, response.text
    return str(attachment["id"])


async def stored(client: Running, attachment_id: str) -> Attachment:
    """An attachment's row."""
    found: Attachment = await row(client, Attachment, attachment_id)
    return found


def key(global_id: str) -> UUID:
    """The key of a global id."""
    return decode(global_id)[1]


AGENT, LEAD = "agent@northstar.example", "lead@northstar.example"


def of(world: World) -> str:
    """The ticket that `user@alder.example` has raised."""
    return encode("ticket", world.alder.ticket)


async def reply(who: Client, ticket_id: str, **more: Any) -> dict[str, Any]:
    return await done(who, REPLY, id=ticket_id, input={"body": "Hello"} | more)
