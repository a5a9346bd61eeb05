"""The settings as the transport has them."""

from app.demo.accounts import ACCOUNTS, PASSWORD
from app.http.live import Connections, Live, LiveOptions
from app.http.manifest import Manifest
from app.http.options import Demo, DemoAccount, HttpOptions
from app.settings import Settings
from app.sign_in.callers import Authentication, Caller
from app.subscriptions import Subscriptions
from authz.powers import PrincipalKind
from execution.cost.limits import Limits


def http_options(settings: Settings) -> HttpOptions[Caller]:
    """Limits, and who may look at the schema itself: whoever is signed in, but no temporary support account."""

    def may_introspect(caller: Caller) -> bool:
        return settings.introspection and _entitled(caller)

    def may_see_suggestions(caller: Caller) -> bool:
        return settings.suggestions and _entitled(caller)

    return HttpOptions(
        limits=Limits(
            depth=settings.max_depth,
            aliases=settings.max_aliases,
            directives=settings.max_directives,
            cost=settings.max_cost,
        ),
        max_body_bytes=settings.max_body_bytes,
        max_json_depth=settings.max_json_depth,
        max_tokens=settings.max_tokens,
        max_errors=settings.max_errors,
        max_batch=settings.max_batch_size,
        body_seconds=settings.body_timeout,
        request_seconds=settings.request_timeout,
        rate_limit=settings.rate_limit,
        trusted=Manifest.read(settings.trusted_documents) if settings.trusted_documents else None,
        cors_origins=settings.cors_origins,
        may_introspect=may_introspect,
        may_see_suggestions=may_see_suggestions,
        may_upload=_signed_in,
        graphiql=settings.graphiql,
        demo=_demo() if settings.demo else None,
    )


def live_updates(settings: Settings, authentication: Authentication, subscribe: Subscriptions) -> Live[Caller]:
    """Limits of live updates, and who serves them."""
    limits = LiveOptions(
        ping_seconds=settings.ping_interval,
        send_seconds=settings.unread_timeout,
        operations=settings.max_socket_operations,
        connections=settings.max_connections,
    )
    return Live(subscribe, authentication, authentication.seconds_left, Connections(limits.connections), limits)


def _entitled(caller: Caller) -> bool:
    return caller.actor is not None and caller.actor.principal is not PrincipalKind.TEMPORARY_SUPPORT


def _signed_in(caller: Caller) -> bool:
    return caller.actor is not None


def _demo() -> Demo:
    return Demo(tuple(DemoAccount(one.email, f"{one.role}, {one.tenant}") for one in ACCOUNTS), PASSWORD)
