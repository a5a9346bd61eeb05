"""How the transport is set up; the defaults are those of a public server."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic

from app.http.manifest import Manifest
from app.http.operation import CallerT
from execution.cost.limits import Limits


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account that the GraphiQL page offers for one click, in demo mode only."""

    email: str
    label: str


@dataclass(frozen=True, slots=True)
class Demo:
    """Demo mode: its accounts and the one password that they share."""

    accounts: tuple[DemoAccount, ...]
    password: str


def _nobody(_caller: object) -> bool:
    return False


@dataclass(frozen=True)  # no slots: Python 3.11 cannot make generic ones
class HttpOptions(Generic[CallerT]):
    """Limits in bytes, seconds and counts, `document_cache` in characters; `max_batch` 1 turns batches off.

    `demo` None is no demo mode. `example` is the document that GraphiQL opens with. Where there are `trusted`
    documents, no others run.

    A request with files has at most `max_uploads` of them and `max_upload_bytes` in all, within `upload_seconds`.

    `cors_origins` are whole origins (`https://app.example`), or one `*`. A `rate_limit` is cost an hour for
    each principal and worker; None sets no limit.
    """

    limits: Limits = field(default_factory=Limits)
    max_body_bytes: int = 1024 * 1024
    max_json_depth: int = 64
    max_tokens: int = 5_000
    max_errors: int = 20
    max_batch: int = 1
    body_seconds: float = 10.0
    request_seconds: float = 30.0
    max_uploads: int = 10
    max_upload_bytes: int = 100 * 1024 * 1024
    upload_seconds: float = 300.0
    ready_seconds: float = 2.0
    document_cache: int = 1_000_000
    trusted: Manifest | None = None
    compress_from_bytes: int = 1_000
    rate_limit: int | None = None
    cors_origins: tuple[str, ...] = ()
    may_introspect: Callable[[CallerT], bool] = _nobody
    may_see_suggestions: Callable[[CallerT], bool] = _nobody
    may_upload: Callable[[CallerT], bool] = _nobody
    graphiql: bool = True
    example: str = "{ __typename }"
    demo: Demo | None = None
