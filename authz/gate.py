"""The gate: do these powers hold this permission?"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, overload

from sqlalchemy.ext.asyncio import AsyncSession

from authz.actor import Actor
from authz.errors import ForbiddenError
from authz.grant import Grant
from authz.party import Party
from authz.permissions import Permission
from authz.powers import Powers

P = ParamSpec("P")
R = TypeVar("R")


class Gate(Party):
    """Turns what is held into grants: those of a command, or, of powers alone, for statements."""

    __slots__ = ()

    @overload
    def __init__(self, who: Powers) -> None: ...

    @overload
    def __init__(self, who: Actor, session: AsyncSession) -> None: ...

    def __init__(self, who: Actor | Powers, session: AsyncSession | None = None) -> None:
        if isinstance(who, Actor):
            super().__init__(who.powers, who, session)
        else:
            super().__init__(who, None, None)

    def holds(self, permission: Permission) -> bool:
        """Whether a grant for `permission` would be given."""
        return self.powers.holds(permission)

    def grant(self, permission: Permission) -> Grant:
        """A grant, or `ForbiddenError`."""
        if not self.powers.holds(permission):
            raise ForbiddenError
        return Grant(self.powers, permission, self._actor, self._session)


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
