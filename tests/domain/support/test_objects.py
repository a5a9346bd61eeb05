"""Objects in a store (spec A11, A12)."""

import hashlib
import resource
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.support.objects import (
    ObjectExistsError,
    ObjectNotFoundError,
    ObjectStore,
    ObjectTooLargeError,
    StoredObject,
)

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


def peak_memory() -> int:
    """Bytes that this process has had in memory at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


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

    @pytest.mark.parametrize(("start", "end", "part"), [(0, 3, b"hel"), (2, 4, b"ll"), (3, None, b"lo"), (4, 5, b"o")])
    async def test_A11_a_part_of_an_object(self, store: ObjectStore, start: int, end: int | None, part: bytes) -> None:
        await store.put("a", chunks(b"hello"), 5)
        assert b"".join([chunk async for chunk in await store.get("a", start, end)]) == part

    async def test_A11_a_copy_is_an_object_of_its_own(self, store: ObjectStore) -> None:
        await store.put("a", chunks(b"hello"), 5)
        await store.copy("a", "quarantine/a")
        await store.delete("a")
        assert await content(store, "quarantine/a") == b"hello"
        with pytest.raises(ObjectNotFoundError):
            await store.copy("a", "b")

    async def test_A11_the_keys_of_a_folder(self, store: ObjectStore) -> None:
        for key in ("a/1", "a/2/3", "b/1"):
            await store.put(key, chunks(b"x"), 1)
        assert sorted([key async for key in store.keys("a")]) == ["a/1", "a/2/3"]

    async def test_A11_a_large_object_is_never_whole_in_memory(self, store: ObjectStore) -> None:
        """Parts of 5 MiB are written while more comes: what has been taken says how much may wait."""
        asked = 0

        async def watched() -> AsyncIterator[bytes]:
            nonlocal asked
            for _ in range(40):
                asked += 1
                yield bytes(1_000_000)

        before = peak_memory()
        await store.put("big", watched(), 40_000_000)
        assert asked == 40
        assert peak_memory() - before < 30_000_000

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
