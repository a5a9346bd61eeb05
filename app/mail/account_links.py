"""Links to set a password, made anew whenever they are needed: they are kept nowhere."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from app.settings import Settings
from app.sign_in.secrets import derived_key
from domain.tenants.account_tokens import token_of

PAGE = "/account/password"


@dataclass(frozen=True, slots=True)
class AccountLinks:
    """Those of one installation."""

    key: bytes
    server: str

    @classmethod
    def of(cls, settings: Settings, secret: str) -> Self:
        """As it is configured."""
        return cls(derived_key(secret, "account links"), settings.reached_at)

    def token(self, mail_id: UUID) -> str:
        """The secret of the link in a mail."""
        return token_of(self.key, mail_id)

    def url(self, mail_id: UUID) -> str:
        """The link in a mail."""
        return f"{self.server}{PAGE}?token={self.token(mail_id)}"
