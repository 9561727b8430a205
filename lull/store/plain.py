"""Rows by exact values, without what Django takes to put a statement together and to run it.

Each write and each request asks for the same few rows. Django builds the text of a statement anew
every time, and a cursor and a query around it, which takes ten times as long as the database does;
here the text is built once, of Django's own names of tables and columns, and is handed to the
driver of Django's own connection, within its transactions and with its errors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC
from functools import cache
from threading import local
from typing import Any, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models.base import ModelState

M = TypeVar("M", bound=models.Model)

_READ: dict[str, Callable[[Any], Any]] = {
    "DateTimeField": lambda naive: naive.replace(tzinfo=UTC),
    "UUIDField": UUID,
}
"""What SQLite has no values of, by the kind of a field, from what Django's driver gives instead."""


_known = local()


def _here() -> Any:
    """This thread's connection, as Django keeps it."""
    try:
        return _known.here
    except AttributeError:
        _known.here = connections[DEFAULT_DB_ALIAS]
        return _known.here


def ask(statement: str, params: Sequence[Any] = ()) -> list[Any]:
    """All rows that the database answers to a statement in its own words; raises DatabaseError."""
    here = _here()
    if here.needs_rollback:
        here.validate_no_broken_transaction()
    if not here.health_check_done:
        here.close_if_health_check_failed()
    if here.connection is None:
        here.ensure_connection()
    with here.wrap_database_errors:
        answer = here.connection.execute(statement, params)
        return answer.fetchall() if answer.description else []


def some(model: type[M], **by: Any) -> list[M]:
    """The rows of a table whose columns have just these values, by their primary key."""
    names, kinds = _columns(model)
    found = []
    for row in ask(_select(model, tuple(by)), _params(model, by)):
        made = model.__new__(model)  # as one that was pickled; its __init__ does nothing else
        made._state = state = ModelState()
        state.adding, state.db = False, DEFAULT_DB_ALIAS
        vars(made).update(zip(names, row, strict=True))
        for name, kind in kinds:
            if (value := getattr(made, name)) is not None:
                setattr(made, name, kind(value))
        found.append(made)
    return found


def one(model: type[M], **by: Any) -> M | None:
    """The first row whose columns have just these values, or None."""
    found = some(model, **by)
    return found[0] if found else None


def texts(model: type[M], column: str, **by: Any) -> list[Any]:
    """One column, of text or whole numbers, of the rows whose columns have just these values."""
    return [row[0] for row in ask(_select(model, tuple(by), column), _params(model, by))]


def put(model: type[M], **values: Any) -> Any:
    """Write a new row; its primary key. Columns that are not named are blank (null)."""
    return ask(_insert(model, tuple(values)), _params(model, values))[0][0]


def change(model: type[M], by: dict[str, Any], **values: Any) -> None:
    """Set columns of the rows whose columns have just the values of `by`."""
    ask(_update(model, tuple(by), tuple(values)), _params(model, values) + _params(model, by))


def newer(model: type[M], column: str, than: int, **by: Any) -> list[tuple[int, str]]:
    """Primary keys and one column of text of the rows with these values and a greater key."""
    return ask(_newer(model, tuple(by), column), [*_params(model, by), than])


def _params(model: type[models.Model], values: dict[str, Any]) -> list[Any]:
    here = _here()
    return [field.get_db_prep_value(value, here)
            for field, value in zip(_fields(model, tuple(values)), values.values(), strict=True)]


@cache
def _fields(model: type[models.Model], names: tuple[str, ...]) -> tuple[Any, ...]:
    """The fields of these names; of a foreign key the field that it names in the other table."""
    found = []
    for name in names:
        field: Any = model._meta.get_field(name)
        while field.remote_field is not None:
            field = field.target_field
        found.append(field)
    return tuple(found)


@cache
def _columns(model: type[models.Model]
             ) -> tuple[tuple[str, ...], tuple[tuple[str, Callable[[Any], Any]], ...]]:
    """The attributes of a row in order, and those that are read where there is no such value."""
    names = tuple(f.attname for f in model._meta.concrete_fields)
    kinds = [(name, _READ.get(field.get_internal_type()))
             for name, field in zip(names, _fields(model, names), strict=True)]
    return names, tuple((name, kind) for name, kind in kinds
                        if kind and connection.vendor == "sqlite")


def _quoted(model: type[models.Model], names: tuple[str, ...]) -> list[str]:
    return [connection.ops.quote_name(str(model._meta.get_field(name).column))  # type: ignore[union-attr]
            for name in names]


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _mark() -> str:
    """What stands in a statement for a value."""
    return "?" if connection.vendor == "sqlite" else "%s"


def _where(model: type[models.Model], names: tuple[str, ...]) -> str:
    return " AND ".join(f"{name} = {_mark()}" for name in _quoted(model, names))


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
    marks = ", ".join([_mark()] * len(names))
    return (f"INSERT INTO {_table(model)} ({', '.join(_quoted(model, names))}) "  # noqa: S608
            f"VALUES ({marks}) RETURNING {_pk(model)}")


@cache
def _update(model: type[models.Model], by: tuple[str, ...], names: tuple[str, ...]) -> str:
    values = ", ".join(f"{name} = {_mark()}" for name in _quoted(model, names))
    return f"UPDATE {_table(model)} SET {values} WHERE {_where(model, by)}"  # noqa: S608


@cache
def _newer(model: type[models.Model], names: tuple[str, ...], column: str) -> str:
    return (f"SELECT {_pk(model)}, {_quoted(model, (column,))[0]} "  # noqa: S608
            f"FROM {_table(model)} WHERE {_where(model, names)} "
            f"AND {_pk(model)} > {_mark()} ORDER BY {_pk(model)}")
