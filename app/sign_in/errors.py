"""Refusals of the token endpoint, as OAuth 2.0 has them (RFC 6749, 5.2)."""


class OAuthError(Exception):
    """`code` for programs, `description` for people; `retry_after` in seconds, where waiting helps."""

    def __init__(self, code: str, description: str, status: int = 400, retry_after: int | None = None) -> None:
        super().__init__(f"{code}: {description}")
        self.code = code
        self.description = description
        self.status = status
        self.retry_after = retry_after


def invalid_request(description: str) -> OAuthError:
    """A parameter is missing or malformed."""
    return OAuthError("invalid_request", description)


def invalid_grant(description: str) -> OAuthError:
    """What was presented is wrong, used up, expired or revoked."""
    return OAuthError("invalid_grant", description)


def too_many_attempts(retry_after: int) -> OAuthError:
    """Guessing is slowed down."""
    return OAuthError("temporarily_unavailable", "Too many attempts: wait a moment.", 429, retry_after)
