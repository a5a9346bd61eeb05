"""A bounded cache."""

from execution.cache import Cache


def kept(cache: Cache[str], *keys: str) -> list[str]:
    return [key for key in keys if cache.get(key) is not None]


def test_what_was_used_longest_ago_is_dropped() -> None:
    cache: Cache[str] = Cache(2)
    for key in ("a", "b"):
        cache.keep(key, key)
    cache.get("a")
    cache.keep("c", "c")
    assert kept(cache, "a", "b", "c") == ["a", "c"]


def test_values_may_weigh_more_than_one() -> None:
    cache: Cache[str] = Cache(10, len)
    for value in ("aaaa", "bbbb", "cc", "ddddddd"):
        cache.keep(value[0], value)
    assert kept(cache, "a", "b", "c", "d") == ["c", "d"]


def test_what_is_heavier_than_the_cache_is_not_kept() -> None:
    cache: Cache[str] = Cache(3, len)
    assert cache.keep("a", "aaaa") == "aaaa"
    assert len(cache) == 0


def test_another_value_under_the_same_key_takes_its_place() -> None:
    cache: Cache[str] = Cache(4, len)
    for value in ("aaaa", "a", "aaa"):
        cache.keep("a", value)
    cache.keep("b", "b")
    assert kept(cache, "a", "b") == ["a", "b"]


def test_lookups_and_what_was_dropped_are_counted() -> None:
    cache: Cache[str] = Cache(1)
    kept(cache, "a")
    cache.keep("a", "a")
    kept(cache, "a", "a")
    cache.keep("b", "b")
    assert (cache.hits, cache.misses, cache.evictions) == (2, 1, 1)
