"""Columns as every table here means them: required unless said otherwise, and never deleted along with another row."""

from typing import Any

from piccolo.columns import (
    JSONB,
    UUID,
    Array,
    BigInt,
    Boolean,
    Bytea,
    Date,
    ForeignKey,
    Integer,
    Text,
    Timestamptz,
)
from piccolo.columns.base import OnDelete
from piccolo.table import Table


def identity() -> UUID:
    """A UUIDv7 made by `program.database.new_id`."""
    return UUID(primary_key=True, null=False, default=None)


def same_as(*, optional: bool = False) -> UUID:
    """An id whose foreign key has several columns and stands in the migration."""
    return UUID(null=optional, default=None)


def reference(table: type[Table], *, optional: bool = False, unique: bool = False) -> ForeignKey[Any]:
    return ForeignKey(table, null=optional, default=None, on_delete=OnDelete.restrict, unique=unique)


def words(*, optional: bool = False, unique: bool = False) -> Text:
    return Text(null=optional, default=None, unique=unique)


def several_words(*, optional: bool = False) -> Array:
    return Array(Text(null=False, default=None), null=optional, default=None)


def moment(*, optional: bool = False) -> Timestamptz:
    return Timestamptz(null=optional, default=None)


def day(*, optional: bool = False) -> Date:
    return Date(null=optional, default=None)


def whole(*, optional: bool = False) -> Integer:
    return Integer(null=optional, default=None)


def large(*, optional: bool = False) -> BigInt:
    return BigInt(null=optional, default=None)


def yes_or_no() -> Boolean:
    return Boolean(null=False, default=None)


def document(*, optional: bool = False) -> JSONB:
    return JSONB(null=optional, default=None)


def octets(*, optional: bool = False) -> Bytea:
    return Bytea(null=optional, default=None)
