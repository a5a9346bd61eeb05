"""Statements are made from what somebody may do, never from who it is: all of the same powers share their text."""

import inspect
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from enum import Enum
from importlib import import_module
from pkgutil import walk_packages
from typing import Any, get_type_hints
from uuid import UUID

import pytest
from sqlalchemy import Select
from sqlalchemy.dialects.postgresql import asyncpg

import domain
from authz.actor import Actor
from authz.errors import ForbiddenError
from authz.gate import Gate
from authz.party import QueryGrantError
from authz.permissions import Permission
from authz.roles import Role
from domain.base import new_id
from domain.customers.criteria import CustomerCriteria
from domain.services.conditions import SubscribedTo
from domain.tickets.conditions import OpenTickets
from execution.paging import Listing
from execution.relation import Parents
from tests.support.powers import powers

IDS = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}|\b\d{4}-\d{2}-\d{2}", re.IGNORECASE)
GIVEN = new_id()
VALUES: dict[Any, Any] = {Parents: lambda: Parents(lateral=False), UUID: lambda: GIVEN, str: lambda: "anything"}


def batch_functions() -> dict[str, Callable[..., Any]]:
    """Every function that a permission guards and that makes a statement, by its name."""
    return {
        f"{module.__name__}.{name}": function
        for module in modules()
        for name, function in vars(module).items()
        if inspect.isfunction(function) and hasattr(function, "permission") and makes_statements(function)
    }


def modules() -> Iterator[Any]:
    for found in walk_packages(domain.__path__, "domain."):
        yield import_module(found.name)


def makes_statements(function: Callable[..., Any]) -> bool:
    made = get_type_hints(function).get("return")
    return made is Listing or getattr(made, "__origin__", made) is Select


def some(kind: Any) -> Any:
    """A value of the kind."""
    return next(iter(kind)) if issubclass(kind, Enum) else VALUES.get(kind, kind)()


def called(function: Callable[..., Any], gate: Gate) -> Select[Any]:
    """What it makes, with a value for everything that it cannot do without."""
    hints, arguments = get_type_hints(function), list(inspect.signature(function).parameters.values())[1:]
    needed = (argument.name for argument in arguments if argument.default is inspect.Parameter.empty)
    made = function(gate, **{name: some(hints[name]) for name in needed})
    return made.statement if isinstance(made, Listing) else made


BATCHES = batch_functions()


def somebody(role: Role, **more: Any) -> Actor:
    """A new person of a role, in a tenant of its own."""
    return Actor(
        powers=powers(role),
        user_id=new_id(),
        name="Ada Finch",
        email="ada@alder.example",
        tenant_id=new_id(),
        tenant_name="Alder & Finch",
        environment="COMMERCIAL",
        now=datetime.now(UTC),
        **more,
    )


def test_the_batch_functions_are_found() -> None:
    assert {"domain.customers.queries.listing", "domain.tickets.queries.by_ids"} <= set(BATCHES)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", BATCHES)
def test_a_statement_needs_powers_alone_and_holds_nobodys_values(name: str, role: Role) -> None:
    try:
        statement = called(BATCHES[name], Gate(powers(role)))
    except ForbiddenError:
        assert not powers(role).holds(BATCHES[name].permission)  # type: ignore[attr-defined]  # set by `requires`
        return
    compiled = statement.compile(dialect=asyncpg.dialect())  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it so
    held = {value for value in compiled.params.values() if isinstance(value, UUID | datetime)}
    assert (IDS.findall(compiled.string), held - {GIVEN}) == ([], set())


@pytest.mark.parametrize("role", Role)
def test_equal_powers_are_one_object_with_one_hash(role: Role) -> None:
    one, other = somebody(role), somebody(role)
    assert one.powers is other.powers
    assert hash(powers(role)) == hash(one.powers)


def test_powers_that_differ_in_one_act_are_others() -> None:
    less = powers(Role.AGENT, permissions=powers(Role.AGENT).permissions - {Permission.TICKET_READ})
    assert less != powers(Role.AGENT)


@pytest.mark.parametrize("told", ["actor", "now", "session"])
def test_a_querys_grant_tells_nothing_of_who_asks(told: str) -> None:
    grant = Gate(powers(Role.AGENT)).grant(Permission.TICKET_READ)
    with pytest.raises(QueryGrantError):
        getattr(grant, told)


def test_criteria_are_equal_by_value() -> None:
    made = [
        CustomerCriteria("alder", tags=("a",), further=(SubscribedTo("serviceIds", (GIVEN,)), OpenTickets(True)))
        for _ in range(2)
    ]
    assert len(set(made)) == 1
