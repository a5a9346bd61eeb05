"""What the gate and the grant refuse with."""

from execution.errors import PublicError


class UnauthenticatedError(PublicError):
    """Nobody is signed in, or what was presented is expired, revoked or forged."""

    code = "UNAUTHENTICATED"

    def __init__(self, message: str = "Sign in to use this.") -> None:
        super().__init__(message)


class ForbiddenError(PublicError):
    """The actor's roles do not hold the act; told only of things that the actor can see (spec 0.2)."""

    code = "FORBIDDEN"

    def __init__(self, message: str = "Your role does not allow this.") -> None:
        super().__init__(message)


class NotFoundError(PublicError):
    """There is no such object, or the actor cannot see it: the answer is the same (spec 0.2)."""

    code = "NOT_FOUND"

    def __init__(self, message: str = "There is nothing with this id that you can see.") -> None:
        super().__init__(message)
