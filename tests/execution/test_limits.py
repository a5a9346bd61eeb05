"""Limits before execution: one pass with memory (spec 0.2)."""

from typing import Any

import pytest
from graphql import FragmentDefinitionNode, build_schema, get_operation_ast, parse

from execution.cost.limits import MAX_REPORTED, LimitExceededError, Limits, Measure, check
from execution.cost.measure import Meter

SCHEMA = build_schema(
    """
    interface Node { id: ID! }
    type PageInfo { hasNextPage: Boolean! }
    type Tag { name: String! }
    type Customer implements Node {
      id: ID!
      name: String!
      parent: Customer
      tags: [Tag!]!
      labels: [String!]!
      services(first: Int, after: String, last: Int, before: String): ServiceConnection!
      recent(first: Int = 20): [Customer!]!
    }
    type Service implements Node { id: ID!  customers(first: Int, last: Int): CustomerConnection! }
    type CustomerEdge { cursor: String! node: Customer! }
    type CustomerConnection {
      edges: [CustomerEdge!]!  nodes: [Customer!]!  pageInfo: PageInfo!  totalCount: Int
    }
    type ServiceConnection { nodes: [Service!]! pageInfo: PageInfo! }
    type Query {
      node(id: ID!): Node
      nodes(ids: [ID!]!): [Node]!
      customer(id: ID!): Customer
      customers(first: Int, after: String, last: Int, before: String): CustomerConnection!
    }
    type Mutation { customerPin(id: ID!): Customer }
    """
)


def meter(source: str, operation: str | None = None) -> Meter:
    document = parse(source)
    chosen = get_operation_ast(document, operation)
    assert chosen is not None
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    return Meter(chosen, fragments, SCHEMA)


def measured(source: str, operation: str | None = None, **variables: Any) -> Measure:
    return meter(source, operation).measure(variables)


def cost(source: str, **variables: Any) -> int:
    return measured(source, **variables).cost


def test_a_page_costs_its_size() -> None:
    assert cost("{ customers(first: 50) { nodes { id } } }") == 50


def test_edges_cost_what_their_nodes_cost() -> None:
    assert cost("{ customers(last: 50) { edges { cursor node { id } } } }") == 50


def test_nested_pages_multiply() -> None:
    assert cost("{ customers(first: 50) { nodes { services(first: 10) { nodes { id } } } } }") == 50 + 500


def test_the_wrapper_of_a_page_is_free() -> None:
    assert cost("{ customers(first: 50) { totalCount pageInfo { hasNextPage } } }") == 1


def test_a_single_object_costs_one() -> None:
    assert cost('{ customer(id: "c") { id parent { id } } }') == 2


def test_a_list_without_paging_costs_ten_and_a_list_of_scalars_nothing() -> None:
    assert cost('{ customer(id: "c") { tags { name } labels } }') == 1 + 10


def test_a_list_of_ids_costs_one_for_each() -> None:
    assert cost("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=["a", "b", "c"]) == 3
    assert cost('{ nodes(ids: ["a", "b"]) { id } }') == 2


@pytest.mark.parametrize(("given", "expected"), [(7, 7), (0, 1), (-5, 1), (10**30, 100), (None, 100), ("x", 100)])
def test_a_page_size_from_a_variable_stays_within_1_to_100(given: object, expected: int) -> None:
    assert cost("query($n: Int) { customers(first: $n) { nodes { id } } }", n=given) == expected


@pytest.mark.parametrize(("literal", "expected"), [("0", 1), ("-9", 1), ("9" * 400, 100), ("true", 100)])
def test_a_literal_page_size_stays_within_1_to_100(literal: str, expected: int) -> None:
    assert cost(f"{{ customers(first: {literal}) {{ nodes {{ id }} }} }}") == expected


def test_a_variable_that_is_not_given_has_its_default() -> None:
    assert cost("query($n: Int = 30) { customers(first: $n) { nodes { id } } }") == 30


def test_a_page_without_a_size_costs_the_largest_page() -> None:
    assert cost("{ customers { nodes { id } } }") == 100


def test_a_default_of_the_schema_counts() -> None:
    assert cost('{ customer(id: "c") { recent { id } } }') == 1 + 20


def test_fragments_and_inline_fragments_cost_what_they_select() -> None:
    source = """
      { customers(first: 10) { ...page } }
      fragment page on CustomerConnection { nodes { ... on Customer { ...more } } }
      fragment more on Customer { services(first: 3) { nodes { id } } }
    """
    assert cost(source) == 10 + 30


def test_one_fragment_under_pages_of_two_sizes_is_measured_for_each() -> None:
    source = """
      { a: customers(first: 10) { ...page } b: customers(first: 20) { ...page } }
      fragment page on CustomerConnection { nodes { id } }
    """
    assert cost(source) == 30


def test_depth_aliases_directives_and_root_fields_are_counted_through_fragments() -> None:
    found = measured(
        """
        query Q @a { x: customer(id: "c") @skip(if: true) { ...f } ...g }
        fragment f on Customer { y: parent { id } }
        fragment g on Query { z: customer(id: "d") { id } }
        """
    )
    assert (found.depth, found.aliases, found.directives, found.root_fields) == (3, 3, 2, 2)


def test_only_the_operation_asked_for_is_measured() -> None:
    source = "query A { customers(first: 50) { nodes { id } } } query B { customers(first: 3) { nodes { id } } }"
    assert measured(source, "B").cost == 3


def test_a_mutation_is_measured() -> None:
    assert cost('mutation { customerPin(id: "c") { id } }') == 1


def test_the_most_expensive_path_is_named_by_its_response_keys() -> None:
    found = measured(
        """
        { customer(id: "c") { id }
          all: customers(first: 9) { nodes { id services(first: 9) { nodes { id } } } } }
        """
    )
    assert found.most_expensive_field_path == ("all", "nodes", "services", "nodes")


def test_introspection_costs_one_and_is_told() -> None:
    found = measured("{ __schema { types { fields { type { ofType { ofType { name } } } } } } }")
    assert (found.cost, found.depth, found.introspects) == (1, 1, True)
    assert not measured("{ __typename }").introspects


def test_what_validation_will_refuse_is_measured_without_harm() -> None:
    source = "{ nope(first: 3) { x { y } } ...gone ...loop } fragment loop on Nothing { a { ...loop } }"
    assert measured(source).depth == 3


def bomb(levels: int, body: str) -> str:
    steps = [f"fragment f{n} on Customer {{ {body.format(next=n + 1)} }}" for n in range(levels)]
    return '{ customer(id: "c") { ...f0 } } ' + " ".join(steps) + f" fragment f{levels} on Customer {{ id }}"


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("...f{next} ...f{next}", "fields"),
        ("a: parent {{ ...f{next} }} b: parent {{ ...f{next} }}", "depth"),
        ("id @skip(if: false) ...f{next} ...f{next}", "fields"),
    ],
)
def test_a_fragment_bomb_of_30_levels_is_refused(body: str, what: str) -> None:
    """Without memory this would not end."""
    with pytest.raises(LimitExceededError) as refused:
        check(measured(bomb(30, body)), Limits())
    assert refused.value.extensions["what"] == what


def test_a_long_chain_of_fragments_is_refused_before_it_nests_too_deeply() -> None:
    with pytest.raises(LimitExceededError) as refused:
        measured(bomb(5000, "parent {{ ...f{next} }}"))
    assert refused.value.extensions["what"] == "nesting"


def test_cost_over_the_limit_names_the_path_and_the_figures() -> None:
    found = measured("{ customers(first: 100) { nodes { services(first: 100) { nodes { id } } } } }")
    with pytest.raises(LimitExceededError) as refused:
        check(found, Limits(cost=10_000))
    assert refused.value.extensions == {
        "what": "cost",
        "limit": 10_000,
        "actual": 10_100,
        "field": ["customers", "nodes", "services", "nodes"],
    }
    assert refused.value.message == (
        "The cost of this request is 10,100; at most 10,000 is allowed."
        " Most of it is asked for at customers.nodes.services.nodes."
    )


def test_a_measure_too_large_for_json_is_reported_as_the_largest_safe_number() -> None:
    assert LimitExceededError("cost", 1, 10**40).extensions["actual"] == MAX_REPORTED


def test_what_is_within_the_limits_passes() -> None:
    check(measured("{ customers(first: 50) { nodes { services(first: 10) { nodes { id } } } } }"), Limits())


PAGES = """
  query($n: Int = 30, $ids: [ID!]!, $name: String) {
    customers(first: $n) { nodes { id recent(first: $n) { id } } }
    nodes(ids: $ids) { id }
    named: customer(id: $name) { id }
  }
"""


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, 30 + 900 + 1 + 1),
        ({"n": 7}, 7 + 49 + 1 + 1),
        ({"n": None}, 100 + 2000 + 1 + 1),
        ({"n": True}, 100 + 10_000 + 1 + 1),
        ({"n": 1}, 1 + 1 + 1 + 1),
        ({"n": 1.0}, 1 + 1 + 1 + 1),
        ({"n": [1]}, 100 + 10_000 + 1 + 1),
        ({"n": "x"}, 100 + 10_000 + 1 + 1),
        ({"n": 1, "ids": ["a", "b"]}, 1 + 1 + 2 + 1),
        ({"n": 1, "ids": "a", "name": "x"}, 1 + 1 + 1 + 1),
    ],
)
def test_an_operation_that_was_measured_before_is_measured_by_the_sizes_of_now(
    given: dict[str, Any], expected: int
) -> None:
    known = meter(PAGES)
    for before in ({"n": 1}, {"n": True}, {"n": None}, {"n": 1, "ids": ["a"]}, {}):
        known.measure(before)
    assert known.measure(given).cost == expected


def test_an_operation_is_walked_once_for_all_values_that_are_no_sizes() -> None:
    known = meter(PAGES)
    first = known.measure({"n": 5, "ids": ["a", "b"], "name": "x"})
    assert known.measure({"n": 5, "ids": ["c", "d"], "name": "y", "other": 1}) is first
    assert known.measure({"n": 6, "ids": ["c", "d"]}) is not first
