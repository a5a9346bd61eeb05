"""Ids that are the same at every load, so that what is written about the demo stays true."""

from collections.abc import Callable
from itertools import count
from operator import methodcaller
from typing import TypeAlias
from uuid import UUID

from asyncpg.pgproto import pgproto

Ids: TypeAlias = Callable[[], UUID]
"""What gives the next id."""

_MILLISECOND = 1_767_225_600_000  # the start of 2026: a constant, where a UUIDv7 has the time of its making
_BASE = (_MILLISECOND << 80) | (7 << 76) | (2 << 62)
_BLOCK_BITS = 24
_CUSTOMER_BITS = 22


def block_of(partner: int, customer: int = 0) -> int:
    """The number of a block of ids: of a partner (from 1, 0 is the platform), or of one of its customers (from 1)."""
    if not 0 <= customer < 1 << _CUSTOMER_BITS:
        raise ValueError(f"a partner has fewer than {1 << _CUSTOMER_BITS} customers")
    return (partner << _CUSTOMER_BITS) | customer


def ids_of(block: int) -> Ids:
    """The ids of one block, one after another: UUIDs of version 7, in order of creation.

    Every organisation has a block of its own, so that a row more of one does not change the ids of the next. They are
    of the driver's own class, which is made and sent several times faster.
    """
    numbers = count((_BASE | (block << _BLOCK_BITS)) + 1)
    return map(pgproto.UUID, map(methodcaller("to_bytes", 16, "big"), numbers)).__next__
