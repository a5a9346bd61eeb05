"""Answers in parts as they are planned, beside the reference: the same cuts, and joined again the whole answer."""

import pytest
from graphql import ExecutionResult

from authz.actor import Actor
from execution.parts.deferring import InitialCountError
from tests.support.parts import InParts, assert_announced, assert_as_cut, place, plain

NAMES = "{ customers(first: 2) { nodes { organizationName } } }"
PARTNER = {
    "the root": '{ ...V @defer(label: "v") } fragment V on Query { viewer { name role } rateLimit { limit } }',
    "a part that saves nothing": "{ viewer { name ... @defer { name } } }",
    "an object each": "{ customers(first: 2) { nodes { id ... @defer { organizationName tags } } } }",
    "several at an object": """{ customers(first: 2) { nodes { id
        ... @defer(label: "a") { country } ... @defer(label: "b") { version status } } } }""",
    "relations, also selected outside": """{ customers(first: 2) { nodes { id services(first: 1) { nodes { id } }
        ... @defer { services(first: 1) { nodes { id service { id name } } totalCount } openTicketCount } } } }""",
    "a connection": """{ customers(first: 1) {
        ... @defer { totalCount pageInfo { hasNextPage endCursor } nodes { id } } } }""",
    "an edge": "{ customers(first: 2) { edges { cursor ... @defer { cursor node { id displayName } } } } }",
    "a node of an edge": "{ customers(last: 2) { edges { node { ... @defer { id viewerCan { pin } } } } } }",
    "nested": """{ viewer { name ... @defer(label: "1") { email ... @defer(label: "2") { tenant { id
        ... @defer(label: "3") { name } } } } } }""",
    "nested in the root": """{ ... @defer(label: "o") { customers(first: 2) { nodes { id
        ... @defer(label: "i") { tags services(first: 1) { nodes { id } } } } }
        ... @defer(label: "r") { rateLimit { cost } } } }""",
    "the root beside a list": """{ customers(first: 1) { nodes { id } }
        ... @defer(label: "n") { viewer { ... on Viewer { name } } } }""",
    "computed objects": "{ viewer { memberships { role ... @defer { tenant { id name } } } } }",
    "conditions": """query($yes: Boolean! = true, $no: Boolean! = false) { customers(first: 2) { nodes { id
        ... @defer(if: $no) { version } ... @defer(if: $yes, label: "l") { country @skip(if: $yes) tags }
        ... @defer @include(if: $no) { notes } ... @defer @skip(if: $yes) { notes } } } }""",
    "a fragment used twice": """{ customers(first: 2) { nodes { ...C } } again: customers(last: 1) { nodes { ...C } } }
        fragment C on Customer { id ...D @defer(label: "d") } fragment D on Customer { organizationName }""",
    "a fragment met twice at an object": """{ customers(first: 2) { nodes { ...C ... { ...C } } nodes { ...C } } }
        fragment C on Customer { id ... @defer { organizationName } }""",
    "streamed nodes": "{ customers(first: 2) { nodes @stream(initialCount: 1) { id organizationName } } }",
    "streamed from the first": '{ customers(first: 2) { edges @stream(label: "s") { cursor node { id } } } }',
    "relations of streamed nodes": """{ customers(first: 2) { nodes @stream(initialCount: 1) { id tenant { id }
        services(first: 2) { nodes { id } pageInfo { hasNextPage } } } } }""",
    "deferred in streamed": """{ customers(first: 2) { nodes @stream(initialCount: 1, label: "s") { id
        ... @defer(label: "d") { organizationName tenant { id ... @defer(label: "n") { name } } } } } }""",
    "streamed in deferred": "{ ... @defer { customers(first: 2) { nodes @stream(initialCount: 1) { id } } } }",
    "streamed by a variable": """query($n: Int = 1, $on: Boolean! = true) {
        customers(first: 2) { nodes @stream(initialCount: $n, if: $on) { id } } }""",
    "lists without pages": "{ viewer { memberships @stream { role } permissions @stream(initialCount: 2) } }",
}
OWNER = {
    "lists of lists": """{ tickets(first: 4) { nodes { id conversation(first: 3) { nodes { id
        ... @defer(label: "m") { body attachments { id } } } totalCount } } } }""",
    "lists of lists, deferred twice": """{ tickets(first: 4) { edges { node { id ... @defer(label: "t") { summary
        conversation(first: 2) { edges { cursor node { id ... @defer(label: "m") { body } } } } } } } } }""",
    "streamed lists in streamed lists": """{ tickets(first: 4) { nodes @stream(initialCount: 2, label: "t") { id
        conversation(first: 3) { nodes @stream(initialCount: 1, label: "m") { id body } } } } }""",
    "streamed lists in lists": """{ tickets(first: 4) { nodes { id
        conversation(last: 3) { edges @stream(initialCount: 2) { cursor node { body author: authorName } } } } } }""",
    "streamed lists with deferred items": """{ tickets(first: 4) { nodes { ... @defer(label: "t") { number }
        conversation(first: 3) {
        nodes @stream(initialCount: 1, label: "m") { id ... @defer(label: "b") { body } } } } } }""",
    "one row in many places": "{ tickets(first: 4) { nodes { tenant { id ... @defer { name kind } } } } }",
    "leaves": "{ tickets(first: 4) { nodes { viewerRelation @stream jobIds @stream } } }",
}
BY_ID = {
    "a type of an interface": """query($ids: [ID!]!) { nodes(ids: $ids) { id __typename
        ... on Ticket @defer(label: "t") { summary conversation(first: 1) { nodes { body } } }
        ... on Tenant @defer(label: "e") { name } ... @defer(label: "n") { id } } }""",
    "nodes, streamed": """query($ids: [ID!]!) { nodes(ids: $ids) @stream(initialCount: 1) { id
        ... on Ticket { summary conversation(first: 1) { nodes { body } } ... @defer { number } }
        ... on Tenant { name } } }""",
    "a node": """query($ids: [ID!]!) { nodes(ids: $ids) { id } node(id: "TICKET") { ... @defer { id
        ... on Ticket { number } } } }""",
}


@pytest.mark.parametrize("query", PARTNER.values(), ids=PARTNER)
async def test_a_partners_answer_is_cut_as_the_reference_cuts_it(in_parts: InParts, staff: Actor, query: str) -> None:
    asked = await in_parts.ask(staff, query)
    assert asked.pending
    assert_as_cut(asked, await in_parts.cut(staff, query), await in_parts.whole(staff, query))


@pytest.mark.parametrize("query", OWNER.values(), ids=OWNER)
async def test_an_owners_answer_is_cut_as_the_reference_cuts_it(in_parts: InParts, owner: Actor, query: str) -> None:
    asked = await in_parts.ask(owner, query)
    assert asked.pending
    assert_as_cut(asked, await in_parts.cut(owner, query), await in_parts.whole(owner, query))


@pytest.mark.parametrize("query", BY_ID.values(), ids=BY_ID)
async def test_nodes_of_several_types_are_cut_as_the_reference_cuts_them(
    in_parts: InParts, owner: Actor, query: str
) -> None:
    known = await in_parts.whole(owner, "{ viewer { tenant { id } } tickets(first: 2) { nodes { id } } }")
    first, second = (ticket["id"] for ticket in known["tickets"]["nodes"])
    query, ids = query.replace("TICKET", first), [first, known["viewer"]["tenant"]["id"], second, first]
    asked = await in_parts.ask(owner, query, ids=ids)
    assert asked.pending
    assert_as_cut(asked, await in_parts.cut(owner, query, ids=ids), await in_parts.whole(owner, query, ids=ids))


@pytest.mark.parametrize(
    "query",
    [
        NAMES,
        "{ customers(first: 2) { nodes { organizationName ... @defer(if: false) { id } } } }",
        "{ customers(first: 2) { nodes @stream(initialCount: 2) { organizationName } } }",
        "{ customers(first: 2) { nodes @stream(if: false) { organizationName } } }",
        '{ customers(first: 2, search: "nothing") { nodes @stream { id ... @defer { tags } } } }',
        "{ viewer { name ... @defer @skip(if: true) { role } } }",
        '{ customers(first: 1) { nodes { id } } node(id: "tenant_x") @skip(if: true) { ... @defer { id } } }',
    ],
)
async def test_where_nothing_is_put_off_the_answer_is_ordinary(in_parts: InParts, staff: Actor, query: str) -> None:
    answer = await in_parts.run(staff, query)
    assert isinstance(answer, ExecutionResult)
    assert answer.errors is None
    assert plain(answer.data) == await in_parts.whole(staff, query)


async def test_a_document_is_planned_apart_for_those_who_take_parts(in_parts: InParts, staff: Actor) -> None:
    query = "query($on: Boolean!, $n: Int!) { customers(first: 2) { nodes @stream(if: $on, initialCount: $n) { id } } }"
    sizes = []
    for on, count in ((True, 1), (True, 0), (False, 1), (True, 1)):
        whole = await in_parts.whole(staff, query, on=on, n=count)
        asked = await in_parts.ask(staff, query, on=on, n=count)
        sizes.append((len(whole["customers"]["nodes"]), len((asked.initial.data or {})["customers"]["nodes"])))
    assert sizes == [(2, 1), (2, 0), (2, 2), (2, 1)]


async def test_a_directive_that_several_parts_meet_at_an_object_is_announced_once(
    in_parts: InParts, staff: Actor
) -> None:
    query = """{ viewer { ...V } ... @defer(label: "again") { viewer { ...V } } }
        fragment V on Viewer { name ... @defer(label: "v") { role } }"""
    asked = await in_parts.ask(staff, query)
    assert_announced(asked)
    assert [place(part.pending) for part in asked.parts] == [(("viewer",), "v"), ((), "again")]
    assert asked.parts[1].announced == ()


@pytest.mark.parametrize("count", [-1, None])
async def test_an_initial_count_that_is_none_is_refused(in_parts: InParts, staff: Actor, count: int | None) -> None:
    query = "query($n: Int) { customers(first: 2) { nodes @stream(initialCount: $n) { id } } }"
    with pytest.raises(InitialCountError) as refusal:
        await in_parts.run(staff, query, n=count)
    assert (refusal.value.code, refusal.value.extensions) == ("BAD_USER_INPUT", {"argument": "initialCount"})
    assert await in_parts.whole(staff, query, n=count) == await in_parts.whole(staff, query, n=1)


async def test_mutations_are_answered_whole(in_parts: InParts, staff: Actor) -> None:
    [customer] = (await in_parts.whole(staff, "{ customers(first: 1) { nodes { id } } }"))["customers"]["nodes"]
    query = """mutation($id: ID!) { customerPin(customerId: $id, input: {}) {
        customer { id ... @defer { pinned } } userErrors { message } } }"""
    answer = await in_parts.run(staff, query, id=customer["id"])
    assert isinstance(answer, ExecutionResult)
    assert answer.data == {"customerPin": {"customer": {"id": customer["id"], "pinned": True}, "userErrors": []}}
