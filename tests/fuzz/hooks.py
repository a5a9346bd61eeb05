"""What schemathesis checks of every answer. It runs in the tools' environment, which has nothing of ours."""

import os
import zlib
from typing import Any, Final

import graphql
import schemathesis  # type: ignore[import-not-found]  # installed in the tools' environment alone
from hypothesis import strategies as st
from schemathesis.graphql import nodes, scalar  # type: ignore[import-not-found]  # as above

IDS: Final = os.environ["BAILIWICK_IDS"].split()

REFUSALS: Final = frozenset(
    {
        "ACCESS_DISABLED",
        "BAD_REQUEST",
        "BAD_USER_INPUT",
        "FORBIDDEN",
        "GRAPHQL_PARSE_FAILED",
        "GRAPHQL_VALIDATION_FAILED",
        "INVALID_CURSOR",
        "LIMIT_EXCEEDED",
        "NO_ADVOCATE_ASSIGNED",
        "NOT_FOUND",
        "OUT_OF_RANGE",
    }
)

MOST: Final = 2**31

# Values that lead somewhere, beside those that do not.
scalar("Int", st.one_of(st.integers(1, 20), st.integers(-MOST, MOST - 1)).map(nodes.Int))
scalar("Decimal", st.decimals(allow_nan=False, places=2).map(str).map(nodes.String))
scalar("Upload", st.text(max_size=20).map(nodes.String))  # a file is none that stands in the document: always refused
scalar("ID", st.one_of(st.sampled_from(IDS), st.sampled_from(IDS), st.text(max_size=50)).map(nodes.String))

PAGE: Final = frozenset({"first", "after", "last", "before"})
PAGES: Final = ({"first"}, {"last"}, {"first", "after"}, {"last", "before"}, PAGE, set[str]())


class Aim(graphql.Visitor):
    """Makes generated documents reach rows: they have all arguments there are, and ids of all sorts in all places."""

    def enter_field(self, node: Any, *_: Any) -> Any:
        """The field with one way to page, chosen by what it is, and ids of the kind that its arguments name."""
        if {argument.name.value for argument in node.arguments} >= PAGE:
            kept = PAGES[number(graphql.print_ast(node)) % len(PAGES)]
            node.arguments = tuple(each for each in node.arguments if each.name.value not in PAGE - kept)
        for argument in node.arguments:
            kind = (argument.name.value.removesuffix("Id") if argument.name.value != "id" else node.name.value).lower()
            same = [each for each in IDS if each.startswith(f"{kind}_")]
            if same and getattr(argument.value, "value", None) in IDS:
                argument.value = nodes.String(same[number(argument.value.value) % len(same)])
        return node


def number(text: str) -> int:
    """A number for a choice that is the same in each run."""
    return zlib.crc32(text.encode("utf-8", "replace"))


@schemathesis.hook  # type: ignore[untyped-decorator]  # as above
def map_body(context: Any, body: Any) -> Any:
    """Every generated document; those that are meant to be invalid stay as they are."""
    meant_to_be_invalid = graphql.validate(context.operation.schema.client_schema, body)
    return body if meant_to_be_invalid else graphql.visit(body, Aim())


@schemathesis.check  # type: ignore[untyped-decorator]  # as above
def answers_or_refuses(_context: Any, response: Any, _case: Any) -> None:
    """No fault of the server: a GraphQL response, whose errors each have a code of a refusal."""
    assert response.status_code < 500, f"status {response.status_code}"
    answer = response.json()
    assert "data" in answer or answer.get("errors"), answer
    assert set(answer) <= {"data", "errors", "extensions"}, sorted(answer)
    for error in answer.get("errors", []):
        assert set(error) <= {"message", "locations", "path", "extensions"}, error
        assert error["message"], error
        assert error["extensions"]["code"] in REFUSALS, error
        assert "path" in error or answer.get("data") is None, error
