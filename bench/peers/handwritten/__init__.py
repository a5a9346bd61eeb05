"""The limit: a Starlette route for each workload, with the SQL and the answer written by hand for exactly this answer.

Nothing of the platform's own machinery is in it but pure functions: how a global id is written, how text is checked,
how working time is counted. It answers partners' administrators, and customers' owners who invite support.
"""

from bench.contender import Asked, Variables, asgi
from bench.peers import prepare

ROUTES = {
    "customers": "/customers",
    "customer": "/customer",
    "viewer": "/viewer",
    "search": "/tickets/search",
    "filtered": "/customers/filtered",
    "invite": "/invite",
}


def _asks(question: str, variables: Variables) -> Asked | None:
    route = ROUTES.get(question)
    return (route, {"variables": dict(variables)}) if route else None


CONTENDER = asgi(
    "hand-written", "bench.peers.handwritten.app:create", _asks, prepare=lambda url: prepare.run(url, prepare.SESSIONS)
)
