"""What schemathesis checks of every answer. It runs in the tools' environment, which has nothing of ours."""

from typing import Any, Final

import schemathesis  # type: ignore[import-not-found]  # installed in the tools' environment alone

REFUSALS: Final = frozenset(
    {
        "BAD_REQUEST",
        "BAD_USER_INPUT",
        "FORBIDDEN",
        "GRAPHQL_PARSE_FAILED",
        "GRAPHQL_VALIDATION_FAILED",
        "INVALID_CURSOR",
        "LIMIT_EXCEEDED",
        "NOT_FOUND",
        "OUT_OF_RANGE",
    }
)


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
