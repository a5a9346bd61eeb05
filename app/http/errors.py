"""How the transport itself refuses, each with its HTTP status and a code."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from graphql import GraphQLError

from execution.errors import PublicError

WITHHELD: Final = "This does not fit the schema, which you may not read here."


class HttpError(PublicError):
    """The request is no GraphQL request that this server takes; the status holds for every media type."""

    status: ClassVar[int] = 400
    code = "BAD_REQUEST"
    headers: ClassVar[Mapping[str, str]] = {}


class MethodNotAllowedError(HttpError):
    """Neither GET nor POST."""

    status = 405
    code = "METHOD_NOT_ALLOWED"
    headers: ClassVar[Mapping[str, str]] = {"Allow": "GET, POST"}


class QueryOnlyError(MethodNotAllowedError):
    """A GET that asks for something else than a query."""

    headers: ClassVar[Mapping[str, str]] = {"Allow": "POST"}


class NotAcceptableError(HttpError):
    """None of the media types that the client accepts is one of ours."""

    status = 406
    code = "NOT_ACCEPTABLE"


class BodyTimeoutError(HttpError):
    """The body did not arrive in time."""

    status = 408
    code = "TIMEOUT"


class BodyTooLargeError(HttpError):
    """The body is larger than allowed, by its header or as it arrives."""

    status = 413
    code = "LIMIT_EXCEEDED"


class SignInRequiredError(PublicError):
    """Somebody who is not known sends files: nothing of them is taken."""

    code = "UNAUTHENTICATED"

    def __init__(self) -> None:
        super().__init__("Sign in first: send `Authorization: Bearer` with an access token.")


class UnsupportedMediaTypeError(HttpError):
    """The body is not JSON in UTF-8."""

    status = 415
    code = "UNSUPPORTED_MEDIA_TYPE"


class CrossSiteError(HttpError):
    """A browser sends this from another site, without having asked first (CORS preflight)."""

    status = 403
    code = "CROSS_SITE_REQUEST"


class PersistedQueryMismatchError(HttpError):
    """A document is sent with the hash of another."""

    code = "PERSISTED_QUERY_MISMATCH"


class PersistedQueryNotFoundError(PublicError):
    """Nothing is registered under this hash; clients know this message and code, and send the document as well."""

    code = "PERSISTED_QUERY_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("PersistedQueryNotFound")


class DocumentNotTrustedError(PublicError):
    """Only registered documents run, and this is none of them."""

    code = "DOCUMENT_NOT_TRUSTED"


class UnknownOperationError(PublicError):
    """The document holds no operation of this name, or several and no name is given."""

    code = "OPERATION_RESOLUTION_FAILURE"


class IntrospectionDisabledError(PublicError):
    """The caller may not read the schema."""

    code = "INTROSPECTION_DISABLED"


class BadUserInputError(PublicError):
    """A value that no field can take."""

    code = "BAD_USER_INPUT"


class OutOfTimeError(PublicError):
    """The operation ran longer than a request may."""

    code = "TIMEOUT"


class InternalError(PublicError):
    """What stands in the answer for anything unexpected; the log has the rest, under the request id."""

    code = "INTERNAL"

    def __init__(self, request_id: str) -> None:
        super().__init__("Internal error", requestId=request_id)


class RequestError(Exception):
    """GraphQL's own request errors: the document or its variables are wrong; all with one code."""

    def __init__(self, code: str, errors: Sequence[GraphQLError]) -> None:
        super().__init__(code)
        self.code = code
        self.errors = errors

    def withheld(self) -> "RequestError":
        """The same errors for those who may not read the schema: where they are, not what would be right."""
        return RequestError(self.code, [GraphQLError(WITHHELD, error.nodes) for error in self.errors])

    def presented(self) -> list[dict[str, Any]]:
        """The errors as the response has them."""
        return [{**dict(error.formatted), "extensions": {"code": self.code}} for error in self.errors]
