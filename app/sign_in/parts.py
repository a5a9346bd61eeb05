"""Puts sign-in together."""

from dataclasses import dataclass
from datetime import timedelta

from app.clock import Clock
from app.settings import Settings
from app.sign_in.access_tokens import AccessTokens
from app.sign_in.callers import Authentication
from app.sign_in.grants import Grants
from app.sign_in.identity import LocalPasswords
from app.sign_in.keyring import Keyring
from app.sign_in.refresh_tokens import RefreshTokens
from app.sign_in.routes import SignInRoutes
from domain.tenants.passwords import Passwords
from tenancy.database import Database


@dataclass(frozen=True, slots=True)
class SignIn:
    """What the rest of the application needs of it."""

    tokens: AccessTokens
    authentication: Authentication
    grants: Grants
    routes: SignInRoutes


def sign_in(settings: Settings, database: Database, secret_key: str, clock: Clock) -> SignIn:
    """All parts over one database and one secret key."""
    keyring = Keyring(database, settings, secret_key, clock)
    tokens = AccessTokens(keyring, timedelta(seconds=settings.access_token_lifetime), clock)
    authentication = Authentication(database, tokens, clock)
    grants = Grants(
        database,
        LocalPasswords(database, Passwords()),
        tokens,
        RefreshTokens(secret_key),
        authentication,
        session_lifetime=timedelta(seconds=settings.refresh_token_lifetime),
        clock=clock,
    )
    return SignIn(tokens, authentication, grants, SignInRoutes(settings, grants, keyring))
