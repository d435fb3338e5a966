"""Statements that are the same in every turn, compiled once and run on the driver's own cursor.

SQLAlchemy writes the statement, converts every value and names every error, as always; what is left out is its
own way from the statement to the cursor and back: 60 to 100 µs of Python for a statement that the database
answers in 5. Statements that are put together anew, or are rare, run through SQLAlchemy as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import Dialect

Row = Mapping[str, Any]
_Convert = Callable[[Any], Any] | None


@dataclass(frozen=True)
class _Form:
    """One statement as one kind of database wants it. ``fixed``: parameters that are part of the statement."""

    sql: str
    positions: tuple[str, ...] | None
    fixed: Mapping[str, Any]
    #: name in the statement, name it is given by, place in a list or -1
    given: tuple[tuple[str, str, int, _Convert], ...]
    columns: tuple[tuple[str, _Convert], ...]

    def parameters(self, values: Mapping[str, Any]) -> Any:
        found = dict(self.fixed)
        for name, key, place, convert in self.given:
            value = values[key] if place < 0 else values[key][place]
            found[name] = value if convert is None else convert(value)
        return found if self.positions is None else [found[name] for name in self.positions]

    def row(self, found: Iterable[Any]) -> Row:
        return {
            name: value if convert is None else convert(value)
            for (name, convert), value in zip(self.columns, found, strict=True)
        }


class Prepared:
    """A statement. Its parameters, and the values of a row to write, are given by name when it is run; a list fills
    ``IN``, in a statement that reads."""

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._forms: dict[tuple[Any, ...], _Form] = {}

    def rows(self, connection: Connection, **values: Any) -> list[Row]:
        form = self._form(connection.dialect, values)
        cursor = _execute(connection, form, values)
        found = [form.row(row) for row in cursor.fetchall()]
        cursor.close()
        return found

    def first(self, connection: Connection, **values: Any) -> Row | None:
        return next(iter(self.rows(connection, **values)), None)

    def one(self, connection: Connection, **values: Any) -> Row:
        """Raises: LookupError when there is none."""
        found = self.first(connection, **values)
        if found is None:
            raise LookupError("the row is not there")
        return found

    def write(self, connection: Connection, **values: Any) -> int:
        """How many rows were written."""
        cursor = _execute(connection, self._form(connection.dialect, values), values)
        written = int(cursor.rowcount)
        cursor.close()
        return written

    def add(self, connection: Connection, **values: Any) -> int:
        """The key of the row that was inserted."""
        form = self._form(connection.dialect, values)
        cursor = _execute(connection, form, values)
        key = int(cursor.fetchone()[0] if form.columns else cursor.lastrowid)
        cursor.close()
        return key

    def _form(self, dialect: Dialect, values: Mapping[str, Any]) -> _Form:
        """The statement for these parameters, compiled when they are given for the first time."""
        lists = self._statement.is_select and tuple(len(v) for v in values.values() if isinstance(v, list))
        which = (dialect.name, *values, lists)
        form = self._forms.get(which)
        if form is None:
            form = self._forms[which] = _compiled(self._statement, dialect, values)
        return form


def _compiled(statement: Any, dialect: Dialect, values: Mapping[str, Any]) -> _Form:
    filled = statement.params(**values) if statement.is_select else statement
    compiled = filled.compile(
        dialect=dialect, column_keys=list(values), compile_kwargs={"render_postcompile": True}
    )
    converts, given, fixed = compiled._bind_processors, [], {}
    for bind, name in compiled.bind_names.items():
        key = bind.key if bind.key in values else name
        convert = converts.get(name)
        if key in values:
            is_list = statement.is_select and isinstance(values[key], list)
            place = int(name.removeprefix(f"{key}_")) - 1 if is_list else -1
            given.append((name, key, place, convert))
        else:
            fixed[name] = bind.value if convert is None else convert(bind.value)
    return _Form(
        str(compiled),
        tuple(compiled.positiontup) if compiled.positional else None,
        fixed,
        tuple(given),
        tuple(
            (str(name), kind._cached_result_processor(dialect, None))
            for _, name, _, kind in compiled._result_columns
        ),
    )


def _execute(connection: Connection, form: _Form, values: Mapping[str, Any]) -> Any:
    """A cursor with the answer. Raises: as `on_cursor`."""
    if not connection.in_transaction():  # a look begins with its first statement
        connection.begin()
    return on_cursor(connection, form.sql, form.parameters(values))


def on_cursor(connection: Connection, sql: str, parameters: Any = ()) -> Any:
    """A cursor of the driver that has run ``sql``. Raises: what SQLAlchemy raises for the driver's error."""
    cursor = connection.connection.cursor()
    try:
        cursor.execute(sql, parameters)
    except connection.dialect.dbapi.Error as error:
        connection._handle_dbapi_exception(error, sql, parameters, cursor, None)
    return cursor
