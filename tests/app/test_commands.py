"""`bailiwick token` and `bailiwick policy explain`."""

from typing import Any

import pytest
from pydantic import SecretStr

from app.errors import SetupError
from app.policy import explain
from app.settings import Settings
from app.tokens import access_token
from authz.roles import Role
from domain.tenants.model import User, UserStatus
from tests.support import factories as make
from tests.support.app import SECRET, Running
from tests.support.world import World


async def token_of(client: Running, email: str, **changed: Any) -> str:
    settings = Settings().model_copy(update={"secret_key": SecretStr(SECRET), **changed})
    return await access_token(settings, client.addresses.application_url, email)


async def explained(client: Running, email: str) -> list[str]:
    return (await explain(client.addresses.application_url, email)).splitlines()


def line_of(lines: list[str], permission: str) -> str:
    """What is said of a permission."""
    return next((line.split(maxsplit=1)[1] for line in lines if line.strip().startswith(f"{permission} ")), "")


async def test_a_token_of_the_command_line_works(client: Running, world: World) -> None:
    token = await token_of(client, "Owner@alder.example")

    actor = await client.sign_in.authentication.actor(token)

    assert actor.user_id == world.alder.owner


async def test_it_needs_the_installations_secret(client: Running, world: World) -> None:
    other = SecretStr("another secret key of the tests, long enough")
    token = await token_of(client, "owner@alder.example", secret_key=other)

    assert (await client.with_token(token).query("{ __typename }")).codes == ["UNAUTHENTICATED"]


async def test_nobody_gets_a_token_without_an_active_account(client: Running, world: World) -> None:
    async with client.session() as session:
        await make.change(session, User, world.alder.owner, status=UserStatus.DISABLED)

    for email in ("owner@alder.example", "nobody@alder.example"):
        with pytest.raises(SetupError, match=f"there is no active account {email}"):
            await token_of(client, email)


async def test_explain_says_where_a_permission_comes_from(client: Running, world: World) -> None:
    lines = await explained(client, "custom@alder.example")

    assert line_of(lines, "support:invite") == "by the role"
    assert line_of(lines, "security:update") == "by ADMINISTRATION of Security desk"
    assert line_of(lines, "user:invite") == ""


async def test_explain_names_denials(client: Running, world: World) -> None:
    async with client.session() as session:
        role = await make.custom_role(session, world.alder.tenant, [], ["support:invite"], name="Quiet")
        await make.person(
            session, world.alder.tenant, Role.CUSTOMIZED_ADMINISTRATOR, "quiet@alder.example", custom_role_id=role
        )

    assert line_of(await explained(client, "quiet@alder.example"), "support:invite") == "denied by Quiet"


async def test_explain_tells_how_far_a_partner_reaches(client: Running, world: World) -> None:
    lines = await explained(client, "admin@meridian.example")

    assert line_of(lines, "ticket:read") == "by the role; at customers that it manages"
    assert line_of(lines, "subscription:update") == "by the role; at all its customers"
    assert line_of(lines, "security:update") == "by the role"


async def test_explain_tells_limits(client: Running, world: World) -> None:
    assert "  limited to 1 of the services" in await explained(client, "apps@alder.example")


async def test_explain_knows_nobody_else(client: Running, world: World) -> None:
    with pytest.raises(SetupError, match="there is no account"):
        await explained(client, "nobody@alder.example")
