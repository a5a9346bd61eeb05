"""What errors tell: public ones keep their code, the rest is masked; the schema is told to the entitled."""

import pytest
import structlog
from structlog.testing import capture_logs

from app.http.errors import WITHHELD
from tests.app.http.client import client, code
from tests.app.http.server import Options

INTROSPECTION = "{ __schema { queryType { name } } }"


async def test_an_unexpected_error_is_masked_and_logged_under_the_request_id() -> None:
    with capture_logs() as logged:
        async with client() as bailiwick:
            answer = await bailiwick.ask("{ hello broken }")
    (error,) = answer.json()["errors"]
    request_id = answer.headers["x-request-id"]
    assert error == {
        "message": "Internal error",
        "locations": [{"line": 1, "column": 9}],
        "path": ["broken"],
        "extensions": {"requestId": request_id, "code": "INTERNAL"},
    }
    (entry,) = [entry for entry in logged if entry["event"] == "unexpected error"]
    assert (entry["request_id"], entry["path"]) == (request_id, ["broken"])
    assert isinstance(entry["exc_info"], ValueError)
    assert "hunter2" not in answer.text


async def test_a_public_error_keeps_its_message_code_and_extensions() -> None:
    async with client() as bailiwick:
        answer = await bailiwick.ask("{ refused }")
    (error,) = answer.json()["errors"]
    assert error["message"] == "There is no such thing."
    assert error["extensions"] == {"id": "x", "code": "NOT_FOUND"}


async def test_a_value_that_its_type_cannot_hold_is_masked() -> None:
    async with client() as bailiwick:
        answer = await bailiwick.ask("{ wrong }")
    assert code(answer) == "INTERNAL"
    assert "secret" not in answer.text


async def test_an_argument_that_graphql_refuses_while_running_is_the_callers_mistake() -> None:
    async with client() as bailiwick:
        answer = await bailiwick.ask("query($n: Int = 1) { hello(times: $n) }", variables={"n": None})
    assert code(answer) == "BAD_USER_INPUT"


async def test_a_failure_outside_the_operation_is_masked_too() -> None:
    async with client() as bailiwick:
        answer = await bailiwick.ask("{ hello }", as_="crash")
    assert (answer.status_code, code(answer)) == (500, "INTERNAL")
    assert answer.json()["errors"][0]["extensions"]["requestId"] == answer.headers["x-request-id"]
    assert "root" not in answer.text


async def test_no_more_errors_are_reported_than_the_limit() -> None:
    fields = " ".join(f"a{n}: refused" for n in range(30))
    async with client(Options(max_errors=5)) as bailiwick:
        answer = await bailiwick.ask(f"{{ {fields} }}")
    errors = answer.json()["errors"]
    assert len(errors) == 6
    assert errors[-1]["message"] == "25 more errors are not shown."
    assert errors[-1]["extensions"]["code"] == "LIMIT_EXCEEDED"


async def test_no_more_validation_errors_are_reported_than_the_limit() -> None:
    fields = " ".join(f"nope{n}" for n in range(30))
    async with client(Options(max_errors=5)) as bailiwick:
        answer = await bailiwick.ask(f"{{ {fields} }}")
    assert len(answer.json()["errors"]) == 6


@pytest.mark.parametrize(("caller", "told"), [("staff", True), ("partner", False), ("", False)])
async def test_suggestions_are_for_the_entitled(caller: str, told: bool) -> None:
    async with client() as bailiwick:
        answer = await bailiwick.ask("{ helo }", as_=caller)
    assert ("Did you mean" in answer.text) is told


@pytest.mark.parametrize(("caller", "told"), [("staff", True), ("partner", False)])
async def test_suggestions_for_variables_are_for_the_entitled(caller: str, told: bool) -> None:
    query = "query($mood: Mood!) { feel(mood: $mood) }"
    async with client() as bailiwick:
        answer = await bailiwick.ask(query, as_=caller, variables={"mood": "HAPPPY"})
    assert ("Did you mean" in answer.text) is told


@pytest.mark.parametrize(("caller", "told"), [("staff", True), ("partner", False), ("", False)])
@pytest.mark.parametrize("query", ["{ customers }", "{ viewer { id } }", "{ feel }", "{ nope }"])
async def test_names_of_the_schema_are_for_the_entitled(query: str, caller: str, told: bool) -> None:
    async with client() as bailiwick:
        answer = await bailiwick.ask(query, as_=caller)
    error = answer.json()["errors"][0]
    assert (error["message"] != WITHHELD) is told
    assert error["locations"][0]["column"] > 1
    assert code(answer) == "GRAPHQL_VALIDATION_FAILED"


async def test_introspection_is_for_the_entitled_even_when_the_document_is_known() -> None:
    async with client() as bailiwick:
        allowed = await bailiwick.ask(INTROSPECTION, as_="staff")
        refused = await bailiwick.ask(INTROSPECTION, as_="partner")
    assert (allowed.status_code, allowed.json()["data"]["__schema"]["queryType"]["name"]) == (200, "Query")
    assert (refused.status_code, code(refused)) == (403, "INTROSPECTION_DISABLED")
    assert "data" not in refused.json()


@pytest.mark.parametrize(
    "query",
    ['{ __type(name: "Query") { name } }', "{ ...f } fragment f on Query { x: __schema { description } }"],
)
async def test_no_way_to_introspect_is_overlooked(query: str) -> None:
    async with client() as bailiwick:
        refused = await bailiwick.ask(query, as_="partner")
    assert code(refused) == "INTROSPECTION_DISABLED"


async def test_typename_is_no_introspection() -> None:
    async with client() as bailiwick:
        answer = await bailiwick.ask("{ __typename }")
    assert answer.json() == {"data": {"__typename": "Query"}}


async def test_the_log_has_one_line_for_a_request_and_no_variables_or_tokens() -> None:
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as logged:
        async with client() as bailiwick:
            await bailiwick.ask(
                "query Greet($name: String) { hello(name: $name) }",
                as_="token-of-staff",
                operationName="Greet",
                variables={"name": "private"},
            )
            await bailiwick.http.get("/graphql", params={"query": '{ hello(name: "private") }'})
    first, second = [entry for entry in logged if entry["event"] == "request"]
    assert (first["operation"], first["kind"], first["cost"], first["status"]) == ("Greet", "query", 1, 200)
    assert second["path"] == "/graphql"
    assert "private" not in str(logged)
    assert "token-of-staff" not in str(logged)
