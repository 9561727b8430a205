"""Rows by exact values, without what Django takes to put a statement together.

Each write and each request asks for the same few rows. Django builds the text of a statement anew
every time, which takes ten times as long as the database does; here it is built once.
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from django.db import connection, models

M = TypeVar("M", bound=models.Model)


def some(model: type[M], **by: Any) -> list[M]:
    """The rows of a table whose columns have just these values, by their primary key."""
    with connection.cursor() as cursor:
        cursor.execute(_select(model, tuple(by)), _params(model, by))
        rows = cursor.fetchall()
    names, reading = _reading(model)
    return [model.from_db(connection.alias, names, [_read(value, steps) for value, steps in zip(
        row, reading, strict=True)]) for row in rows]


def one(model: type[M], **by: Any) -> M | None:
    """The first row whose columns have just these values, or None."""
    found = some(model, **by)
    return found[0] if found else None


def texts(model: type[M], column: str, **by: Any) -> list[Any]:
    """One column, of text or whole numbers, of the rows whose columns have just these values."""
    with connection.cursor() as cursor:
        cursor.execute(_select(model, tuple(by), column), _params(model, by))
        return [row[0] for row in cursor.fetchall()]


def put(model: type[M], **values: Any) -> Any:
    """Write a new row; its primary key. Columns that are not named are blank (null)."""
    with connection.cursor() as cursor:
        cursor.execute(_insert(model, tuple(values)), _params(model, values))
        return cursor.fetchone()[0]


def change(model: type[M], by: dict[str, Any], **values: Any) -> None:
    """Set columns of the rows whose columns have just the values of `by`."""
    with connection.cursor() as cursor:
        cursor.execute(_update(model, tuple(by), tuple(values)),
                       [*_params(model, values), *_params(model, by)])


def newer(model: type[M], than: int, **by: Any) -> bool:
    """Whether a table has a row with these values and a greater primary key."""
    with connection.cursor() as cursor:
        cursor.execute(_newer(model, tuple(by)), [*_params(model, by), than])
        return cursor.fetchone() is not None


Steps = tuple[tuple[Any, Any], ...]
"""What Django does to a value of the database before a field has it, each with its column."""


@cache
def _reading(model: type[models.Model]) -> tuple[list[str], list[Steps]]:
    """The names of a table's fields, and how the value of each is read from this database."""
    fields = model._meta.concrete_fields
    columns = [field.get_col(model._meta.db_table) for field in fields]
    return [field.attname for field in fields], [tuple(
        (step, column) for step in (*connection.ops.get_db_converters(column),
                                    *column.get_db_converters(connection)))
        for column in columns]


def _read(value: Any, steps: Steps) -> Any:
    for step, column in steps:
        value = step(value, column, connection)
    return value


def _params(model: type[models.Model], values: dict[str, Any]) -> list[Any]:
    return [model._meta.get_field(name).get_db_prep_value(value, connection)  # type: ignore[union-attr]
            for name, value in values.items()]


def _quoted(model: type[models.Model], names: tuple[str, ...]) -> list[str]:
    return [connection.ops.quote_name(str(model._meta.get_field(name).column))  # type: ignore[union-attr]
            for name in names]


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _where(model: type[models.Model], names: tuple[str, ...]) -> str:
    return " AND ".join(f"{name} = %s" for name in _quoted(model, names))


def _pk(model: type[models.Model]) -> str:
    assert model._meta.pk is not None
    return connection.ops.quote_name(str(model._meta.pk.column))


@cache
def _select(model: type[models.Model], names: tuple[str, ...], column: str = "") -> str:
    wanted = (column,) if column else tuple(f.attname for f in model._meta.concrete_fields)
    columns = ", ".join(_quoted(model, wanted))
    return (f"SELECT {columns} FROM {_table(model)} "  # noqa: S608 - names of columns alone
            f"WHERE {_where(model, names)} ORDER BY {_pk(model)}")


@cache
def _insert(model: type[models.Model], names: tuple[str, ...]) -> str:
    marks = ", ".join(["%s"] * len(names))
    return (f"INSERT INTO {_table(model)} ({', '.join(_quoted(model, names))}) "  # noqa: S608
            f"VALUES ({marks}) RETURNING {_pk(model)}")


@cache
def _update(model: type[models.Model], by: tuple[str, ...], names: tuple[str, ...]) -> str:
    values = ", ".join(f"{name} = %s" for name in _quoted(model, names))
    return f"UPDATE {_table(model)} SET {values} WHERE {_where(model, by)}"  # noqa: S608


@cache
def _newer(model: type[models.Model], names: tuple[str, ...]) -> str:
    return (f"SELECT 1 FROM {_table(model)} WHERE {_where(model, names)} "  # noqa: S608
            f"AND {_pk(model)} > %s LIMIT 1")
