"""What can be configured, with defaults and reasons. The README's table is made from these descriptions."""

from email.errors import HeaderParseError
from email.headerregistry import Address
from email.utils import parseaddr
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import AliasChoices, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from domain.webhooks.networks import network

CHECKOUT = Path(__file__).resolve().parent.parent


def default_data_folder() -> Path:
    """`.bailiwick` of the checkout, or of the working directory where there is none."""
    home = CHECKOUT if (CHECKOUT / "pyproject.toml").is_file() else Path.cwd()
    return home / ".bailiwick"


class Settings(BaseSettings):
    """The configuration of one process, read from the environment."""

    model_config = SettingsConfigDict(env_prefix="BAILIWICK_", extra="ignore", env_ignore_empty=True, frozen=True)

    # Where it listens
    host: str = Field("127.0.0.1", validation_alias="HOST", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, validation_alias="PORT", description="Port to listen on.")
    workers: int = Field(1, ge=1, le=256, validation_alias="WORKERS", description="Processes that answer.")

    # PostgreSQL
    database_url: SecretStr | None = Field(
        None,
        validation_alias="DATABASE_URL",
        description="PostgreSQL 16+, as the application's role: `postgresql://user:password@host/name`. "
        "Without it an embedded server is started in the data folder.",
    )
    owner_database_url: SecretStr | None = Field(
        None,
        description="The same database as the role that owns the tables; used by `bailiwick migrate` alone.",
    )
    live_database_url: SecretStr | None = Field(
        None,
        description="The same database without a pooler in transaction mode between, which passes on nothing of what "
        "live updates listen for. By default `DATABASE_URL`.",
    )
    pool_size: int = Field(
        10, ge=1, le=1000, description="Database connections of each process that read, and as many that write."
    )
    statement_timeout: float = Field(15.0, gt=0, description="Seconds after which one SQL statement is given up.")
    statement_cache: bool = Field(
        True, description="Whether to keep prepared statements; `false` behind PgBouncer older than 1.21."
    )

    # What is kept beside the database
    data_folder: Path = Field(
        default_factory=default_data_folder,
        description="Folder of the embedded server, the demo's secret key and, by default, of objects.",
    )
    object_store_url: str | None = Field(
        None,
        description="Where attachments and exports go: `s3://name/prefix`, `gs://…`, `az://…`, `file:///…`. "
        "By default the folder `objects` of the data folder.",
    )
    scanner_url: str | None = Field(
        None,
        description="ClamAV's daemon, which looks at every file: `tcp://host:3310` or `unix:///run/clamav/clamd.ctl`. "
        "With it no file is handed out before it was found clean; without it nothing is scanned.",
    )

    # Secrets and sign-in
    secret_key: SecretStr | None = Field(
        None,
        description="At least 32 characters; seals the signing keys, hashes what is looked up by secret. "
        "Required outside demo mode; in demo mode one is made and kept in the data folder.",
    )
    demo: bool = Field(
        False,
        description="Demo data with well-known passwords, and sign-in by one click. Never on a network.",
    )
    access_token_lifetime: int = Field(900, ge=30, description="Seconds that an access token is good for.")
    refresh_token_lifetime: int = Field(
        30 * 24 * 3600,
        ge=60,
        description="Seconds after which somebody must sign in again, whatever longer time-outs organizations set.",
    )
    signing_key_lifetime: int = Field(
        30 * 24 * 3600, ge=3600, description="Seconds after which a new key signs the access tokens."
    )

    # Mail
    smtp_url: SecretStr | None = Field(
        None,
        description="The mail server: `smtp://user:password@host:587`, encrypted by STARTTLS, which a password "
        "demands, or `smtps://…:465`. Without it mail waits; in demo mode it is kept, to be read at `/mail`.",
    )
    mail_from: str | None = Field(
        None, description="Who mail is from: `Support <support@your-company.com>`. Required with `BAILIWICK_SMTP_URL`."
    )
    mail_reply_to: str | None = Field(
        None,
        description="Address for replies by mail: mail to `reply+TOKEN@…` of `reply@…` must be piped to "
        "`bailiwick mail receive`. Without it nobody answers by mail.",
    )
    mail_authserv_id: str | None = Field(
        None,
        description="Name by which your mail server signs `Authentication-Results`: replies must have passed DMARC or "
        "DKIM there. Without it the token of the address alone speaks for a reply.",
    )
    mail_attempts: int = Field(10, ge=1, le=30, description="How often a mail is tried before it is given up.")
    mail_retry_delay: float = Field(
        30.0,
        gt=0,
        description="Seconds before the second attempt; then twice as many each time, at most an hour.",
    )
    portal_url: str | None = Field(
        None, description="Address of your portal: mail about a ticket links to `/tickets/NUMBER` there."
    )

    public_url: str | None = Field(
        None,
        description="Address of this server as browsers reach it: links to set a password lead to `/account/password` "
        "there. By default `http://HOST:PORT`.",
    )

    # Push
    push_gateway_url: SecretStr | None = Field(
        None,
        description="Gateway to the platforms' push services that has the Matrix Push Gateway API, such as Sygnal: "
        "`https://push.your-company.com/_matrix/push/v1/notify`. Without it devices are kept, and nothing is pushed.",
    )
    push_timeout: float = Field(10.0, ge=0.1, le=60, description="Seconds that the gateway has to answer.")

    # Webhooks
    webhook_timeout: float = Field(10.0, ge=0.1, le=60, description="Seconds that an endpoint has to answer.")
    webhook_attempts: int = Field(10, ge=1, le=20, description="How often a webhook is tried before it is given up.")
    webhook_retry_delay: float = Field(
        15.0,
        gt=0,
        description="Seconds before the second attempt, more or less; then four times as many each time, at most "
        "12 hours.",
    )
    webhook_patience_days: float = Field(
        5.0, ge=0, description="Days of failures alone after which an endpoint is disabled, and its owner told by mail."
    )
    webhook_networks: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Networks to which webhooks may lead besides public addresses, separated by commas: `10.1.0.0/16`.",
    )
    webhook_http: bool = Field(False, description="Whether webhooks may go to `http://`, unencrypted.")

    # Jobs
    worker_heartbeat: float = Field(
        30.0, ge=1, description="Seconds without a sign of life after which a worker's jobs are another's."
    )
    auto_close_days: int = Field(
        14,
        ge=14,
        description="Days after which a resolved ticket is closed (a reply opens it again for 14); not in demo mode.",
    )

    # What is forgotten; not in demo mode
    mail_log_days: int = Field(
        90,
        ge=30,
        description="Days that the logs of mail are kept after its end, and the outbox. A reply by mail brings files "
        "for as long.",
    )
    webhook_log_days: int = Field(
        30, ge=1, description="Days that the log of webhooks is kept: for as long they are sent again when asked for."
    )
    notification_days: int = Field(365, ge=1, description="Days that `viewer.notifications` goes back.")
    expired_days: int = Field(
        30,
        ge=1,
        description="Days that expired sessions and links are kept, and the answers for retries of mutations.",
    )

    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Addresses or networks of reverse proxies, separated by commas, whose `X-Forwarded-For` and "
        "`X-Forwarded-Proto` are believed: attempts to sign in are counted for each address.",
    )

    # Browsers
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Origins whose pages may call the API, separated by commas: `https://portal.example`."
    )

    # What clients may ask of the schema
    introspection: bool = Field(
        True,
        description="Whether those entitled to it may read the schema by introspection; `false`: nobody.",
    )
    suggestions: bool = Field(
        False,
        description="Whether error messages suggest names (“Did you mean …”), which reveals the schema.",
    )
    graphiql: bool = Field(True, description="Whether a browser that opens `/graphql` gets the GraphiQL editor.")
    trusted_documents: Path | None = Field(
        None,
        description="Manifest of the only documents that may run, as `generate-persisted-query-manifest`, "
        "`graphql-codegen` or `relay-compiler` writes it. Without it every document may.",
    )

    # Limits of one request
    max_body_bytes: int = Field(1_048_576, ge=1024, description="Bytes of a request's body, after decompression.")
    body_timeout: float = Field(10.0, gt=0, description="Seconds in which a request's body must arrive.")
    request_timeout: float = Field(30.0, gt=0, description="Seconds after which an answer is given up.")
    max_json_depth: int = Field(64, ge=4, description="Nesting of the JSON of a request's body.")
    max_tokens: int = Field(10_000, ge=100, description="Tokens of a GraphQL document.")
    max_depth: int = Field(16, ge=4, description="Nesting of fields in a GraphQL operation, fragments included.")
    max_aliases: int = Field(100, ge=1, description="Aliases in a GraphQL operation, fragments included.")
    max_directives: int = Field(100, ge=1, description="Directives in a GraphQL operation, fragments included.")
    max_errors: int = Field(50, ge=1, description="Errors that one answer lists at most.")
    max_batch_size: int = Field(
        1, ge=1, le=100, description="Operations that one request may carry as a list; 1 turns lists off."
    )
    max_cost: int = Field(500_000, ge=1000, description="Cost of one operation, in nodes computed from its page sizes.")
    rate_limit: int = Field(
        5_000_000, ge=1000, description="Cost that one principal may spend in an hour, at each worker."
    )

    # Limits of live updates
    max_connections: int = Field(
        2_000,
        ge=1,
        description="WebSockets and event streams that one principal may have open, at each worker.",
    )
    max_socket_operations: int = Field(1_000, ge=1, description="Operations that go on at once in one WebSocket.")
    ping_interval: float = Field(
        30.0, gt=0, description="Seconds between pings of a WebSocket; one that does not answer in as many is closed."
    )
    unread_timeout: float = Field(
        10.0, gt=0, description="Seconds that a client may leave unread what is sent to it before it is dropped."
    )

    # Running
    log_level: str = Field(
        "info", pattern="^(debug|info|warning|error)$", description="`debug`, `info`, `warning` or `error`."
    )
    shutdown_timeout: int = Field(
        20, ge=1, description="Seconds that running requests are given to finish when the server stops."
    )

    @field_validator("cors_origins", "trusted_proxies", "webhook_networks", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(origin.strip().rstrip("/") for origin in value.split(",") if origin.strip())
        return value

    @field_validator("webhook_networks", mode="after")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(str(network(text)) for text in value)

    @field_validator("data_folder", "trusted_documents", mode="after")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        return value.expanduser().absolute() if value else None

    @field_validator("secret_key", mode="after")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < 32:
            raise ValueError("must have at least 32 characters")
        return value

    @model_validator(mode="after")
    def _mail_has_a_sender(self) -> Self:
        if self.smtp_url is not None and self.mail_from is None and not self.demo:
            raise ValueError("BAILIWICK_SMTP_URL needs BAILIWICK_MAIL_FROM")
        return self

    @field_validator("mail_from", "mail_reply_to", mode="after")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                Address(addr_spec=parseaddr(value)[1])
            except (HeaderParseError, ValueError, IndexError) as error:
                raise ValueError("is no mail address") from error
        return value

    @property
    def reached_at(self) -> str:
        """Where browsers reach this server, without a slash at its end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def objects_url(self) -> str:
        """Where objects are stored, as a URL."""
        return self.object_store_url or (self.data_folder / "objects").as_uri()


def environment_name(field: str) -> str:
    """The environment variable of a setting, for messages and for the README's table."""
    alias = Settings.model_fields[field].validation_alias
    if isinstance(alias, AliasChoices):
        raise TypeError(f"{field} has several names")
    return str(alias) if alias else f"BAILIWICK_{field.upper()}"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process."""
    return Settings()
