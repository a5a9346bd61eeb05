"""What surrounds GraphQL: request ids, headers, CORS, cross-site requests, compression, health and metrics."""

import asyncio
import gzip

import pytest
import zstandard
from structlog.testing import capture_logs

from app.http.documents import LEAST_WEIGHT
from app.http.metrics import SOON, Metrics
from execution.cache import Cache
from tests.app.http.client import client, code
from tests.app.http.server import Options

SITE = "http://bailiwick.example"
QUERY = {"query": "{ hello }"}


async def test_a_well_formed_request_id_is_kept() -> None:
    async with client() as bailiwick:
        answer = await bailiwick.http.get("/healthz", headers={"x-request-id": "abc-123.DEF_4"})
    assert answer.headers["x-request-id"] == "abc-123.DEF_4"


@pytest.mark.parametrize("given", ["short", "x" * 65, "has spaces in it", "evil\tlog", "{jndi:ldap://x}"])
async def test_another_request_id_is_replaced(given: str) -> None:
    async with client() as bailiwick:
        answer = await bailiwick.http.get("/healthz", headers={"x-request-id": given})
    assert len(answer.headers["x-request-id"]) == 32
    assert answer.headers["x-request-id"] != given


@pytest.mark.parametrize("path", ["/graphql", "/healthz", "/nowhere"])
async def test_every_answer_has_the_security_headers(path: str) -> None:
    async with client() as bailiwick:
        answer = await bailiwick.http.get(path)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_answers_of_graphql_are_not_stored() -> None:
    async with client() as bailiwick:
        answer = await bailiwick.ask("{ hello }")
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
        {"origin": SITE},
        {"sec-fetch-site": "cross-site", "x-bailiwick-request": "1"},
        {"sec-fetch-site": "cross-site", "apollo-require-preflight": "true"},
        {"sec-fetch-site": "cross-site", "content-type": "application/json"},
        {"sec-fetch-site": "cross-site", "authorization": "Bearer staff"},
        {"sec-fetch-site": "cross-site", "origin": "https://app.example"},
    ],
)
async def test_a_get_that_no_foreign_page_can_cause_unasked_is_answered(headers: dict[str, str]) -> None:
    async with client(Options(cors_origins=("https://app.example",))) as bailiwick:
        answer = await bailiwick.http.get("/graphql", params=QUERY, headers=headers)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site", "origin": SITE},
        {"sec-fetch-site": "cross-site", "content-type": "text/plain"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ],
)
async def test_a_get_that_a_foreign_page_can_cause_is_refused(headers: dict[str, str]) -> None:
    async with client(Options(cors_origins=("https://app.example",))) as bailiwick:
        answer = await bailiwick.http.get("/graphql", params=QUERY, headers=headers)
    assert (answer.status_code, code(answer)) == (403, "CROSS_SITE_REQUEST")
    assert bailiwick.executor.seen.operations == []


async def test_cors_allows_the_origins_that_are_configured() -> None:
    preflight = {"access-control-request-method": "POST", "access-control-request-headers": "authorization"}
    async with client(Options(cors_origins=("https://app.example",))) as bailiwick:
        allowed = await bailiwick.http.options("/graphql", headers={"origin": "https://app.example", **preflight})
        refused = await bailiwick.http.options("/graphql", headers={"origin": "https://evil.example", **preflight})
    assert allowed.headers["access-control-allow-origin"] == "https://app.example"
    assert "access-control-allow-credentials" not in allowed.headers
    assert (refused.status_code, "access-control-allow-origin" in refused.headers) == (400, False)


@pytest.mark.parametrize("asked", ["gzip", "zstd", "gzip, zstd", "zstd;q=0, gzip", "br, gzip;q=0.5"])
async def test_a_large_answer_is_compressed_as_the_client_asks(asked: str) -> None:
    async with client() as bailiwick:
        request = bailiwick.http.build_request(
            "POST", "/graphql", json={"query": "{ big }"}, headers={"accept-encoding": asked}
        )
        answer = await bailiwick.http.send(request, stream=True)
        raw = b"".join([chunk async for chunk in answer.aiter_raw()])
    encoding = answer.headers["content-encoding"]
    assert encoding == ("zstd" if "zstd" in asked and "zstd;q=0" not in asked else "gzip")
    plain = gzip.decompress(raw) if encoding == "gzip" else zstandard.ZstdDecompressor().decompressobj().decompress(raw)
    assert plain == b'{"data":{"big":"%s"}}' % (b"0123456789" * 1000)
    assert int(answer.headers["content-length"]) == len(raw) < 1000
    assert "Accept-Encoding" in answer.headers["vary"]


@pytest.mark.parametrize(
    ("query", "asked"), [("{ hello }", "gzip, zstd"), ("{ big }", "identity"), ("{ big }", "gzip;q=0")]
)
async def test_small_answers_and_those_nobody_wants_compressed_are_plain(query: str, asked: str) -> None:
    async with client() as bailiwick:
        answer = await bailiwick.http.post("/graphql", json={"query": query}, headers={"accept-encoding": asked})
    assert "content-encoding" not in answer.headers


async def test_healthz_answers() -> None:
    async with client() as bailiwick:
        assert (await bailiwick.http.get("/healthz")).text == "ok"


async def test_readyz_tells_whether_requests_can_be_answered() -> None:
    async def no() -> bool:
        return False

    async def fails() -> bool:
        raise OSError("no database at 10.0.0.1")

    async with client() as bailiwick:
        assert (await bailiwick.http.get("/readyz")).status_code == 200
    for ready in (no, fails):
        async with client(ready=ready) as bailiwick:
            answer = await bailiwick.http.get("/readyz")
            assert (answer.status_code, answer.text) == (503, "not ready")


@pytest.mark.parametrize("path", ["/readyz", "/healthz"])
async def test_polls_are_told_in_detailed_logs_alone(path: str) -> None:
    with capture_logs() as logged:
        async with client() as bailiwick:
            await bailiwick.http.get(path)
            await bailiwick.ask("{ hello }")
    assert [(entry["path"], entry["log_level"]) for entry in logged] == [(path, "debug"), ("/graphql", "info")]


async def test_without_origins_no_page_of_another_site_is_allowed() -> None:
    preflight = {"origin": "https://app.example", "access-control-request-method": "POST"}
    async with client() as bailiwick:
        asked = await bailiwick.http.options("/graphql", headers=preflight)
        answer = await bailiwick.http.post("/graphql", json=QUERY, headers={"origin": "https://app.example"})
    assert asked.status_code == 405
    assert not [name for name in (*asked.headers, *answer.headers) if name.startswith("access-control")]


async def test_metrics_count_lookups_of_documents() -> None:
    unknown = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}}
    async with client(Options(document_cache=LEAST_WEIGHT)) as bailiwick:
        for query in ("{ hello }", "{ hello }", "{ viewer }"):
            await bailiwick.ask(query)
        await bailiwick.http.post("/graphql", json=unknown)
        page = (await bailiwick.http.get("/metrics")).text
    assert 'bailiwick_cache_lookups_total{cache="documents",result="hit"} 1.0' in page
    assert 'bailiwick_cache_lookups_total{cache="documents",result="miss"} 3.0' in page
    assert 'bailiwick_cache_evictions_total{cache="documents"} 1.0' in page
    assert 'bailiwick_cache_lookups_total{cache="persisted_documents",result="hit"} 0.0' in page
    assert 'bailiwick_cache_lookups_total{cache="persisted_documents",result="miss"} 1.0' in page


async def test_metrics_follow_the_caches_that_they_are_given() -> None:
    plans: Cache[str] = Cache(1)
    async with client(caches={"plans": plans}) as bailiwick:
        for key in ("a", "b", "b"):
            plans.get(key) or plans.keep(key, "plan")
            await bailiwick.http.get("/healthz")
        page = (await bailiwick.http.get("/metrics")).text
    assert 'bailiwick_cache_lookups_total{cache="plans",result="hit"} 1.0' in page
    assert 'bailiwick_cache_lookups_total{cache="plans",result="miss"} 2.0' in page
    assert 'bailiwick_cache_evictions_total{cache="plans"} 1.0' in page


async def test_metrics_count_requests_by_route_and_operations_by_kind() -> None:
    async with client() as bailiwick:
        await bailiwick.ask("{ hello }")
        await bailiwick.ask("{ nope }")
        await bailiwick.http.get("/a/path/made/up/by/a/client")
        page = (await bailiwick.http.get("/metrics")).text
    assert 'bailiwick_http_requests_total{method="POST",route="/graphql",status="200"} 1.0' in page
    assert 'bailiwick_http_requests_total{method="POST",route="/graphql",status="400"} 1.0' in page
    assert 'bailiwick_http_requests_total{method="GET",route="other",status="404"} 1.0' in page
    assert 'bailiwick_graphql_operation_seconds_count{kind="query",status="200"} 1.0' in page
    assert "made/up" not in page


async def test_requests_are_counted_though_nobody_looks() -> None:
    metrics = Metrics(frozenset({"/graphql"}), {})
    for _ in range(2):
        metrics.observe("/graphql", "POST", 200, 0.01, "query", 1)
    await asyncio.sleep(SOON * 1.5)
    counted = {"route": "/graphql", "method": "POST", "status": "200"}
    assert metrics._registry.get_sample_value("bailiwick_http_requests_total", counted) == 2
