"""Questions drawn at random from the columns and the values of a dataset, in the words of the API and in those of DuckDB."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

import duckdb

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.staging import quote_identifier

_DRAWN = 200


@dataclass(frozen=True, slots=True)
class Drawn:
    """One question: the end of its address in the API, and the statements that DuckDB alone needs."""

    path: str
    sql: tuple[str, ...]

    @property
    def sqlite(self) -> tuple[str, ...]:
        """The same statements in the words of SQLite, where days are texts; none for what it cannot ask."""
        statements = tuple(_in_sqlite(statement) for statement in self.sql)
        return () if any("ST_" in statement for statement in statements) else statements


_SQLITE = (
    (re.compile(r"\bDATE '"), "'"),
    (re.compile(r"lower\(strip_accents\((.+?)\)\)"), r"lower(\1)"),
    (re.compile(r"starts_with\((.+?), ('.*?')\)"), r"substr(\1, 1, length(\2)) = \2"),
)


def _in_sqlite(statement: str) -> str:
    for form, replacement in _SQLITE:
        statement = form.sub(replacement, statement)
    return statement


class Drawing:
    """Draws questions on the table ``rows`` of a connection, whose columns are those of ``shape``."""

    def __init__(self, shape: TableShape, alone: duckdb.DuckDBPyConnection, chance: random.Random) -> None:
        self._chance = chance
        self._alone = alone
        self._rows = int(alone.execute("SELECT count(*) FROM rows").fetchall()[0][0])
        plain = [column for column in shape if column.name not in ("longitude", "latitude")]
        self._texts = [column for column in plain if column.type is ColumnType.TEXT]
        self._numbers = [column for column in plain if column.type.is_number]
        self._days = [column for column in plain if column.type is ColumnType.DATE]
        self._place = shape.geometry
        self._distinct = {
            column.name: self._number(f"approx_count_distinct({quote_identifier(column.name)})") for column in plain
        }
        self._values = {column.name: self._sample(column) for column in plain if not column.type.is_geographic}

    def kinds(self) -> dict[str, Callable[[], Drawn]]:
        """Ways to draw one question, by what it asks; those for which the dataset has columns."""
        few = [column for column in self._texts if self._distinct[column.name] < 5_000]
        various = sorted(self._texts, key=lambda column: -self._distinct[column.name])[:1]
        ways: dict[str, tuple[bool, Callable[[], Drawn]]] = {
            "page": (True, self._page),
            "identifiant": (bool(various), lambda: self._equal(various)),
            "filtre sur un texte": (bool(few), lambda: self._equal(few)),
            "filtre sur un jour": (bool(self._days), lambda: self._equal(self._days)),
            "filtre sur un nombre": (bool(self._numbers), lambda: self._compared("")),
            "filtre et tri": (bool(self._numbers), lambda: self._compared(self._drawn(self._numbers).name)),
            "tri par jour": (bool(self._days), lambda: self._ordered(self._days)),
            "tri par un texte": (bool(self._texts), lambda: self._ordered(self._texts)),
            "groupe filtré": (bool(few and self._numbers), lambda: self._grouped(few)),
            "début de texte": (bool(various), lambda: self._starting(various)),
            "rectangle": (self._place is not None, self._box),
        }
        return {kind: way for kind, (is_possible, way) in ways.items() if is_possible}

    def _number(self, expression: str) -> int:
        return int(self._alone.execute(f"SELECT {expression} FROM rows").fetchall()[0][0])

    def _sample(self, column: Column) -> list[object]:
        name = quote_identifier(column.name)
        sample = f"USING SAMPLE reservoir({_DRAWN} ROWS) REPEATABLE (7)"
        rows = self._alone.execute(f"SELECT {name} FROM rows WHERE {name} IS NOT NULL {sample}").fetchall()
        return [value for (value,) in rows]

    def _drawn(self, columns: list[Column]) -> Column:
        return self._chance.choice(columns)

    def _filtered(self, odsql: str, sql: str, order: str = "") -> Drawn:
        parameters = {"where": odsql, "limit": "20"} | ({"order_by": f"{order} desc"} if order else {})
        end = f" ORDER BY {quote_identifier(order)} DESC NULLS LAST, __row" if order else ""
        statements = (f"SELECT count(*) FROM rows WHERE {sql}", f"SELECT * FROM rows WHERE {sql}{end} LIMIT 20")
        return Drawn(f"records?{urlencode(parameters)}", statements)

    def _page(self) -> Drawn:
        offset = self._chance.randrange(min(self._rows - 20, 9_900))
        return Drawn(f"records?limit=20&offset={offset}", (f"SELECT * FROM rows LIMIT 20 OFFSET {offset}",))

    def _equal(self, columns: list[Column]) -> Drawn:
        column = self._drawn(columns)
        value = self._chance.choice(self._values[column.name])
        if column.type is ColumnType.DATE:
            return self._filtered(f"{column.name} = date'{value}'", f"{quote_identifier(column.name)} = DATE '{value}'")
        text = str(value).replace("'", "''")
        return self._filtered(f'{column.name} = "{value}"', f"{quote_identifier(column.name)} = '{text}'")

    def _compared(self, order: str) -> Drawn:
        column = self._drawn(self._numbers)
        value = self._chance.choice(self._values[column.name])
        return self._filtered(f"{column.name} > {value}", f"{quote_identifier(column.name)} > {value}", order)

    def _ordered(self, columns: list[Column]) -> Drawn:
        column, limit = self._drawn(columns), self._chance.randrange(10, 100)
        name = quote_identifier(column.name)
        key = f"lower(strip_accents({name}))" if column.type is ColumnType.TEXT else name
        sql = f"SELECT * FROM rows ORDER BY {key} DESC NULLS LAST, __row LIMIT {limit}"
        return Drawn(f"records?{urlencode({'order_by': f'{column.name} desc', 'limit': str(limit)})}", (sql,))

    def _grouped(self, few: list[Column]) -> Drawn:
        by, measured, filtered = self._drawn(few).name, self._drawn(self._numbers).name, self._drawn(self._numbers).name
        value = self._chance.choice(self._values[filtered])
        parameters = {
            "select": f"{by}, count(*) as n, avg({measured}) as moyenne",
            "group_by": by,
            "where": f"{filtered} > {value}",
            "limit": "100",
        }
        where = f"FROM rows WHERE {quote_identifier(filtered)} > {value}"
        counted = f"SELECT {quote_identifier(by)} AS k, count(*) AS n, avg({quote_identifier(measured)}) {where} GROUP BY k ORDER BY k LIMIT 100"
        return Drawn(f"records?{urlencode(parameters)}", (counted,))

    def _starting(self, columns: list[Column]) -> Drawn:
        column = self._drawn(columns)
        start = str(self._chance.choice(self._values[column.name]))[:8]
        text = start.replace("'", "''")
        return self._filtered(
            f'startswith({column.name}, "{start}")', f"starts_with({quote_identifier(column.name)}, '{text}')"
        )

    def _box(self) -> Drawn:
        assert self._place is not None
        name = quote_identifier(self._place.name)
        west, south = -1 + self._chance.random() * 6.5, 43.5 + self._chance.random() * 5
        box = f"in_bbox({self._place.name}, {south:.4f}, {west:.4f}, {south + 0.05:.4f}, {west + 0.05:.4f})"
        shape = f"ST_MakeEnvelope({west:.4f}, {south:.4f}, {west + 0.05:.4f}, {south + 0.05:.4f})"
        return self._filtered(box, f"ST_Intersects({name}, {shape})")
