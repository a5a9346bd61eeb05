"""`/account/password`, to which the links in mail lead (C5, C15)."""

import httpx

from tests.mail.accounts import PASSWORD, sign_in, signed_up
from tests.mail.conftest import Post
from tests.support.app import Running
from tests.support.world import World

PAGE = "/account/password"


async def sent(client: Running, token: str, password: str, **headers: str) -> httpx.Response:
    return await client.http.post(PAGE, data={"token": token, "password": password}, headers=headers)


async def test_C5_the_page_of_a_link_sets_the_password(post: Post, world: World) -> None:
    token = await signed_up(post)
    opened = [await post.client.http.get(PAGE, params={"token": token}) for _ in range(2)]
    assert [page.status_code for page in opened] == [200, 200]
    assert f'name="token" value="{token}"' in opened[0].text
    assert (await sent(post.client, token, PASSWORD)).status_code == 200
    assert (await sign_in(post.client)).status_code == 200
    assert (await sent(post.client, token, PASSWORD)).status_code == 422


async def test_C5_the_page_is_kept_nowhere_and_tells_nobody_of_the_link(client: Running, world: World) -> None:
    headers = (await client.http.get(PAGE, params={"token": "bwa_secret"})).headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


async def test_C5_another_sites_form_is_refused(post: Post, world: World) -> None:
    token = await signed_up(post)
    assert (await sent(post.client, token, PASSWORD, **{"sec-fetch-site": "cross-site"})).status_code == 403
    assert (await sent(post.client, token, PASSWORD, **{"sec-fetch-site": "same-origin"})).status_code == 200


async def test_C5_the_page_says_all_that_is_wrong_and_runs_nothing(client: Running, world: World) -> None:
    page = await sent(client, '"><script>', "short")
    assert page.text.count("<li>") == 2
    assert "<script>" not in page.text


async def test_C5_the_page_has_its_style_from_here(client: Running, world: World) -> None:
    page = (await client.http.get(PAGE)).text
    style = page.partition('<link rel="stylesheet" href="')[2].partition('"')[0]
    answer = await client.http.get(style)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/css; charset=utf-8")
