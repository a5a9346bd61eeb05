"""Who asks, as far as it matters: powers alone where statements are made, somebody and a transaction in a command."""

from sqlalchemy.ext.asyncio import AsyncSession

from authz.actor import Actor
from authz.powers import Powers


class QueryGrantError(RuntimeError):
    """A statement was about to depend on who asks: what is made and kept for all of the same powers may not."""

    def __init__(self) -> None:
        super().__init__("statements are made from powers: there is no actor, no time and no transaction")


class Party:
    """What gates and grants have in common."""

    __slots__ = ("_actor", "_session", "powers")

    def __init__(self, powers: Powers, actor: Actor | None, session: AsyncSession | None) -> None:
        self.powers = powers
        self._actor = actor
        self._session = session

    @property
    def actor(self) -> Actor:
        """Who runs the command. Statements know it by `authz.binds` alone; raises `QueryGrantError` there."""
        if self._actor is None:
            raise QueryGrantError
        return self._actor

    @property
    def session(self) -> AsyncSession:
        """The transaction of the command; raises `QueryGrantError` where only statements are made."""
        if self._session is None:
            raise QueryGrantError
        return self._session
