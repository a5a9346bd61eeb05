"""Objects in a store, and permits to upload into it (spec A11, A12)."""

import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import pytest

from domain.support.objects import (
    InvalidUploadTokenError,
    ObjectExistsError,
    ObjectNotFoundError,
    ObjectStore,
    ObjectTooLargeError,
    StoredObject,
    UploadPermit,
    sign_upload,
    verify_upload,
)

SECRET = bytes(range(32))
NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=15)
BAD_KEYS = [
    "",
    "/a",
    "a/",
    "a//b",
    "../a",
    "a/../b",
    "a/./b",
    ".a",
    "a b",
    "a\x00",
    "ä",
    "a\n",
    "x" * 201,
    "a%2fb",
]


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def broken(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
    raise ConnectionResetError("the client left")


async def content(store: ObjectStore, key: str) -> bytes:
    return b"".join([chunk async for chunk in await store.get(key)])


def files(directory: Path) -> list[str]:
    return sorted(str(path.relative_to(directory)) for path in directory.rglob("*") if path.is_file())


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "objects"


@pytest.fixture
def store(directory: Path) -> ObjectStore:
    return ObjectStore.from_url(directory.as_uri())


class TestStore:
    async def test_A11_object_is_stored_with_size_and_hash(self, store: ObjectStore) -> None:
        stored = await store.put("attachments/0192ab", chunks(b"hel", b"", b"lo"), 5)
        assert stored == StoredObject(5, hashlib.sha256(b"hello").hexdigest())
        assert await content(store, "attachments/0192ab") == b"hello"

    async def test_A11_object_in_many_chunks(self, store: ObjectStore) -> None:
        parts = [bytes([n]) * 1_000_000 for n in range(12)]
        stored = await store.put("big", chunks(*parts), 12_000_000)
        assert stored == StoredObject(12_000_000, hashlib.sha256(b"".join(parts)).hexdigest())
        assert await content(store, "big") == b"".join(parts)

    async def test_A11_empty_object(self, store: ObjectStore) -> None:
        assert await store.put("empty", chunks(), 5) == StoredObject(0, hashlib.sha256().hexdigest())
        assert await content(store, "empty") == b""

    async def test_A11_too_large_stores_nothing(self, store: ObjectStore, directory: Path) -> None:
        with pytest.raises(ObjectTooLargeError) as error:
            await store.put("a", chunks(b"x" * 5, b"x"), 5)
        assert error.value.limit == 5
        assert not await store.exists("a")
        assert files(directory) == []

    async def test_A11_too_large_stops_reading(self, store: ObjectStore) -> None:
        read: list[int] = []

        async def endless() -> AsyncIterator[bytes]:
            while True:
                read.append(1)
                yield b"x" * 10

        with pytest.raises(ObjectTooLargeError):
            await store.put("a", endless(), 25)
        assert len(read) == 3

    async def test_A11_interrupted_upload_stores_nothing_and_can_be_repeated(
        self, store: ObjectStore, directory: Path
    ) -> None:
        with pytest.raises(ConnectionResetError, match="the client left"):
            await store.put("a", broken(b"half"), 100)
        assert files(directory) == []
        await store.put("a", chunks(b"whole"), 100)
        assert await content(store, "a") == b"whole"

    async def test_A12_object_is_never_replaced(self, store: ObjectStore) -> None:
        await store.put("a", chunks(b"first"), 100)
        with pytest.raises(ObjectExistsError):
            await store.put("a", chunks(b"second"), 100)
        assert await content(store, "a") == b"first"

    async def test_A11_missing_object_is_not_found(self, store: ObjectStore) -> None:
        with pytest.raises(ObjectNotFoundError):
            await store.get("a")
        assert not await store.exists("a")

    async def test_A11_delete_can_be_repeated(self, store: ObjectStore) -> None:
        await store.put("a", chunks(b"x"), 1)
        assert await store.exists("a")
        await store.delete("a")
        await store.delete("a")
        assert not await store.exists("a")

    @pytest.mark.parametrize("key", BAD_KEYS)
    async def test_A11_key_is_opaque_and_cannot_leave_the_store(
        self, store: ObjectStore, directory: Path, key: str
    ) -> None:
        with pytest.raises(ValueError, match="not an object key"):
            await store.put(key, chunks(b"x"), 1)
        with pytest.raises(ValueError, match="not an object key"):
            await store.get(key)
        with pytest.raises(ValueError, match="not an object key"):
            await store.delete(key)
        with pytest.raises(ValueError, match="not an object key"):
            await store.exists(key)
        assert files(directory) == []

    @pytest.mark.parametrize("url", ["memory:///", "http://files.example/a", "/var/objects", "ftp://x.example"])
    def test_A11_other_kinds_of_store_are_refused(self, url: str) -> None:
        with pytest.raises(ValueError, match="objects are stored at"):
            ObjectStore.from_url(url)

    @pytest.mark.parametrize(
        ("url", "kind"),
        [
            ("s3://bucket/prefix", "S3Store"),
            ("gs://bucket/prefix", "GCSStore"),
            ("az://account/box", "AzureStore"),
        ],
    )
    def test_A11_buckets_by_url(self, monkeypatch: pytest.MonkeyPatch, url: str, kind: str) -> None:
        monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", "account")
        assert type(ObjectStore.from_url(url)._store).__name__ == kind


class TestUploadToken:
    def test_A11_token_permits_what_was_signed(self) -> None:
        token = sign_upload("attachments/0192ab", 1000, LATER, SECRET)
        assert verify_upload(token, NOW, SECRET) == UploadPermit("attachments/0192ab", 1000)

    def test_A11_token_ends_at_its_expiry(self) -> None:
        token = sign_upload("a", 1000, LATER, SECRET)
        assert verify_upload(token, LATER - timedelta(microseconds=1), SECRET).key == "a"
        with pytest.raises(InvalidUploadTokenError):
            verify_upload(token, LATER, SECRET)

    def test_A11_token_of_another_secret_is_refused(self) -> None:
        token = sign_upload("a", 1000, LATER, SECRET[::-1])
        with pytest.raises(InvalidUploadTokenError):
            verify_upload(token, NOW, SECRET)

    @pytest.mark.parametrize("part", [0, 1, 2])
    def test_A11_altered_token_is_refused(self, part: int) -> None:
        parts = sign_upload("a", 1000, LATER, SECRET).split(".")
        other = sign_upload("b", 1000, LATER, SECRET).split(".")
        parts[part] = other[part] if part else jwt.encode({}, SECRET * 2, algorithm="HS512").split(".")[0]
        with pytest.raises(InvalidUploadTokenError):
            verify_upload(".".join(parts), NOW, SECRET)

    @pytest.mark.parametrize("token", ["", "a", "a.b.c", "\x00", "é.é.é", "\ud800", "." * 1000])
    def test_A11_garbage_is_refused(self, token: str) -> None:
        with pytest.raises(InvalidUploadTokenError):
            verify_upload(token, NOW, SECRET)

    def test_A11_unsigned_token_is_refused(self) -> None:
        claims = {"aud": "object-upload", "key": "a", "size": 1, "exp": int(LATER.timestamp())}
        with pytest.raises(InvalidUploadTokenError):
            verify_upload(jwt.encode(claims, "", algorithm="none"), NOW, SECRET)

    def test_A11_token_for_another_purpose_is_refused(self) -> None:
        claims = {"aud": "sign-in", "key": "a", "size": 1, "exp": int(LATER.timestamp())}
        with pytest.raises(InvalidUploadTokenError):
            verify_upload(jwt.encode(claims, SECRET, algorithm="HS256"), NOW, SECRET)

    @pytest.mark.parametrize("missing", ["aud", "key", "size", "exp"])
    def test_A11_token_lacking_a_claim_is_refused(self, missing: str) -> None:
        claims = {"aud": "object-upload", "key": "a", "size": 1, "exp": int(LATER.timestamp())}
        del claims[missing]
        with pytest.raises(InvalidUploadTokenError):
            verify_upload(jwt.encode(claims, SECRET, algorithm="HS256"), NOW, SECRET)

    def test_A11_short_secrets_are_refused(self) -> None:
        with pytest.raises(ValueError, match="fewer than 32 bytes"):
            sign_upload("a", 1000, LATER, SECRET[:31])
        with pytest.raises(ValueError, match="fewer than 32 bytes"):
            verify_upload("a.b.c", NOW, b"")

    @pytest.mark.parametrize("size_limit", [0, -1])
    def test_A11_upload_has_a_positive_limit(self, size_limit: int) -> None:
        with pytest.raises(ValueError, match="no bytes"):
            sign_upload("a", size_limit, LATER, SECRET)

    def test_A11_bad_key_cannot_be_signed(self) -> None:
        with pytest.raises(ValueError, match="not an object key"):
            sign_upload("../a", 1000, LATER, SECRET)

    def test_A11_times_must_be_instants(self) -> None:
        naive = LATER.replace(tzinfo=None)
        with pytest.raises(ValueError, match="without a zone"):
            sign_upload("a", 1000, naive, SECRET)
        with pytest.raises(ValueError, match="without a zone"):
            verify_upload(sign_upload("a", 1000, LATER, SECRET), naive, SECRET)
