"""A bounded cache that forgets what was used longest ago, and counts how often it helped."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

V = TypeVar("V")


class Cache(Generic[V]):
    """At most `size` values, or values of that weight; `hits`, `misses` and `evictions` since it was made."""

    def __init__(self, size: int, weigh: Callable[[V], int] = lambda _value: 1) -> None:
        self._size = size
        self._weigh = weigh
        self._weight = 0
        self._values: OrderedDict[Hashable, V] = OrderedDict()
        self.hits = 0
        self.misses = 0
        self.evictions = 0

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: Hashable) -> V | None:
        """The value kept under `key`, which is now the one used last, or None."""
        value = self._values.get(key)
        if value is None:
            self.misses += 1
            return None
        self.hits += 1
        self._values.move_to_end(key)
        return value

    def keep(self, key: Hashable, value: V) -> V:
        """Keep `value` under `key`, in the place of those used longest ago where there is no room."""
        before = self._values.pop(key, None)
        if before is not None:
            self._weight -= self._weigh(before)
        self._values[key] = value
        self._weight += self._weigh(value)
        while self._weight > self._size:
            _, dropped = self._values.popitem(last=False)
            self._weight -= self._weigh(dropped)
            self.evictions += 1
        return value
