"""One gate per request: does this actor hold this permission?"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from authz.actor import Actor
from authz.errors import ForbiddenError
from authz.grant import Grant
from authz.permissions import Permission

P = ParamSpec("P")
R = TypeVar("R")


class Gate:
    """Turns what an actor holds into grants: over a command's transaction, or, without one, for statements alone."""

    __slots__ = ("actor", "session")

    def __init__(self, actor: Actor, session: AsyncSession | None = None) -> None:
        self.actor = actor
        self.session = session

    def holds(self, permission: Permission) -> bool:
        """Whether a grant for `permission` would be given."""
        return self.actor.holds(permission)

    def grant(self, permission: Permission) -> Grant:
        """A grant, or `ForbiddenError`."""
        if not self.actor.holds(permission):
            raise ForbiddenError
        return Grant(self.actor, permission, self.session)


def requires(
    permission: Permission,
) -> Callable[[Callable[Concatenate[Grant, P], R]], Callable[Concatenate[Gate, P], R]]:
    """Make a domain function that takes a grant one that takes a gate, which mints that grant or refuses."""

    def decorate(function: Callable[Concatenate[Grant, P], R]) -> Callable[Concatenate[Gate, P], R]:
        @wraps(function)
        def guarded(gate: Gate, /, *args: P.args, **kwargs: P.kwargs) -> R:
            return function(gate.grant(permission), *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]  # read by the tests that hold the matrix against the code
        return guarded

    return decorate
