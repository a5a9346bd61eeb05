"""What is asked, of whom, and how it is known that the answer is right."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import httpx

from bench.expected import customers, detail, viewer
from bench.load import UNIQUE
from bench.targets import Postgres, Target

REFERENCE = "bare: token, session"
PARTNER, WRITERS_PARTNER, WRITERS = "admin@meridian.example", "admin@borealis.example", 8
OWNERS = "{ customers(first: 40) { nodes { registeredAccount status tenant { id } } } }"
FORM = "query ($id: ID!) { supportInviteForm(tenantId: $id) { services { id } } }"
CUSTOMERS = """query ($first: Int!) { customers(first: $first) { nodes {
  organizationName
  services(first: 10) { nodes { service { name } } }
  tickets(first: 5, filter: {openOnly: true}) { nodes { number summary status severity } }
  entitlements(first: 10) { nodes { unit available total } }
} } }"""
DETAIL = """query ($id: ID!) { customer(id: $id) {
  organizationName
  tickets(first: 10) { nodes { number
    participants(first: 10) { nodes { email } }
    conversation(first: 10) { nodes { body } }
  } }
} }"""
INVITE = """mutation ($input: SupportInviteNewIssueInput!) { supportInviteNewIssue(input: $input) {
  ticket { number } userErrors { code field message }
} }"""


@dataclass(frozen=True, slots=True)
class Message:
    """A request, and the answer: the `expected` body, or, unless `exact`, a part of it."""

    path: str
    headers: dict[str, str]
    body: str
    expected: str
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Workload:
    """What one line of the table measures; connections take turns with the messages."""

    name: str
    target: Target
    messages: list[Message]


def workloads(postgres: Postgres, platform: Target, bare: Target) -> list[Workload]:
    """All of them; raises where an answer is not right."""
    token = platform.token(PARTNER)

    def reading(name: str, right: Callable[[Any], bool], query: str, **variables: Any) -> Workload:
        return Workload(name, platform, [_checked(platform, "/graphql", token, _body(query, variables), right)])

    expected = customers(postgres, 50)
    key, conversation = detail(postgres)
    person = {"viewer": {"id": viewer(postgres, PARTNER)}}

    def reference(name: str, path: str) -> Workload:
        message = _checked(bare, path, token, _body("{ viewer { id } }", {}), lambda data: data == person)
        return Workload(name, bare, [message])

    return [
        reading("(a) 50 customers", lambda data: data == expected, CUSTOMERS, first=50),
        reading("(b) 5 customers", lambda data: data == customers(postgres, 5), CUSTOMERS, first=5),
        reading("(c) one, 3 levels", lambda data: data == conversation, DETAIL, id=key),
        reading("(d) viewer", lambda data: data == person, "{ viewer { id } }"),
        reference(REFERENCE, "/session"),
        reference("bare: token alone", "/signature"),
        Workload("(e) 8 writers", platform, invitations(platform)),
    ]


def invitations(platform: Target) -> list[Message]:
    """An invitation for each of several customers, whose owners may and can invite: each was tried once.

    They are another partner's customers than those that are read: what is read stays as it was checked.
    """
    with httpx.Client() as client:
        nodes = _data(client, platform, platform.token(WRITERS_PARTNER), OWNERS)["customers"]["nodes"]
        active = [each for each in nodes if each["status"] == "ACTIVE"]
        return [_invitation(client, platform, each) for each in active[:WRITERS]]


def _invitation(client: httpx.Client, platform: Target, customer: dict[str, Any]) -> Message:
    tenant, email = customer["tenant"]["id"], customer["registeredAccount"]
    token = platform.token(email)
    services = _data(client, platform, token, FORM, id=tenant)["supportInviteForm"]["services"]
    invitation = {
        "idempotencyKey": UNIQUE.decode(),
        "tenantId": tenant,
        "serviceId": services[0]["id"],
        "summary": "Restore stops at 40 %",
        "issueType": "TROUBLESHOOT",
        "severity": 4,
        "details": "Every restore since Monday.",
        "contact": {"name": "Zoë Dvořák", "email": email},
    }
    body = _body(INVITE, {"input": invitation})
    done = _checked(platform, "/graphql", token, body, lambda data: not data["supportInviteNewIssue"]["userErrors"])
    return replace(done, expected='"userErrors":[]', exact=False)


def _checked(target: Target, path: str, token: str, body: str, right: Callable[[Any], bool]) -> Message:
    """The message, once its answer was found right."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Accept-Encoding": "identity"}
    answer = httpx.post(f"{target.url}{path}", content=body, headers=headers)
    if answer.status_code != 200 or "errors" in answer.json() or not right(answer.json()["data"]):
        raise SystemExit(f"{target.name}{path} gave a wrong answer: {answer.text[:3000]}")
    return Message(path, headers, body, answer.text)


def _data(client: httpx.Client, target: Target, token: str, query: str, **variables: Any) -> Any:
    headers = {"Authorization": f"Bearer {token}"}
    answer = client.post(f"{target.url}/graphql", json={"query": query, "variables": variables}, headers=headers)
    return answer.json()["data"]


def _body(query: str, variables: dict[str, Any]) -> str:
    return json.dumps({"query": query, "variables": variables})
