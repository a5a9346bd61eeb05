"""What every table has in common."""

import enum
from datetime import date, datetime
from functools import cache
from typing import Any, ClassVar, Self
from uuid import UUID

import uuid_utils.compat as uuid_utils
from sqlalchemy import (
    BigInteger,
    ColumnDefault,
    ColumnElement,
    Date,
    DateTime,
    Enum,
    ForeignKey,
    MetaData,
    Text,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.orm.attributes import manager_of_class

from authz.powers import Powers

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def new_id() -> UUID:
    """A UUIDv7: unique, and in order of creation."""
    return uuid_utils.uuid7()


class Base(DeclarativeBase):
    """A table. Nobody sees its rows until `visible_to` says who does."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        UUID: Uuid(),
        str: Text(),
        int: BigInteger(),
        date: Date(),
        enum.Enum: Enum(enum.Enum, native_enum=False, create_constraint=True, length=40),
        datetime: DateTime(timezone=True),
        list[str]: ARRAY(Text()),
        list[UUID]: ARRAY(Uuid()),
        dict[str, Any]: JSONB(),
    }

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """The one predicate that decides lists, single objects, counts, search, exports and streams alike.

        Values of the actor are the named parameters of `authz.binds`, so that one compiled statement serves every
        actor of the same permissions.
        """
        raise NotImplementedError(f"{cls.__name__}.visible_to: nobody has written who may see these rows")

    @classmethod
    def row(cls, **given: Any) -> dict[str, Any]:
        """A new row as plain columns: those `given`, and the others as the model has them by default."""
        return {name: default(None) if callable(default) else default for name, default in _defaults(cls)} | given

    @classmethod
    def seen(cls, row: dict[str, Any]) -> Self:
        """The object of a `row` that is written by itself: to be looked at, without what follows changes in objects."""
        made: Self = manager_of_class(cls).new_instance()
        made.__dict__.update(row)
        return made


@cache
def _defaults(model: type[Base]) -> tuple[tuple[str, Any], ...]:
    """Columns with a default of the model's; one that is made is a function of a context."""
    defaults = {column.name: column.default for column in model.__table__.columns}
    return tuple((name, default.arg) for name, default in defaults.items() if isinstance(default, ColumnDefault))


class Identified:
    """A row with an identifier of its own."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)


class Timestamped:
    """A row that remembers when it was made and last changed."""

    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())


class Versioned:
    """A row whose concurrent edits are told apart by `version` (spec 3, 19)."""

    version: Mapped[int] = mapped_column(default=1, server_default="1")

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__table__.c.version, "eager_defaults": True}  # type: ignore[attr-defined]  # set by the mapper


class TenantOwned:
    """A row that belongs to one tenant."""

    @declared_attr
    @classmethod
    def tenant_id(cls) -> Mapped[UUID]:
        return mapped_column(ForeignKey("tenant.id"))


class CustomerOwned(TenantOwned):
    """A row of a customer that its managing partner may reach.

    The database keeps `managing_partner_id` true (spec 4): stamped when the row is made, it follows the relationship.
    """

    managing_partner_id: Mapped[UUID | None] = mapped_column()
