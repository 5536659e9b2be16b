"""SQL on the table, for whoever knows some: an expression on each row, or a question whose answer is the new table.

The text is read by DuckDB's parser and checked node by node (``core.statements``): no file, no setting, no other table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from parvis.core.columns import ColumnType
from parvis.core.errors import ParvisError
from parvis.core.staging import ROWS, StagedColumn, quote_identifier
from parvis.core.statements.check import tables_of
from parvis.core.statements.parsing import guarded, parse
from parvis.core.transforms.preparation.model import Choice, Group, Kind, Parameter, Preparation
from parvis.core.transforms.preparation.work import MOST_COLUMNS, MOST_ROWS, Cell, Failure, Result, Work
from parvis.core.translation import Sentence, gettext_noop

DATA = "data"
"""What the table is called in a question."""
LINE = "__line"
"""The line of a row, in a question."""
_HINTS: Mapping[str, ColumnType] = {
    "INTEGER": ColumnType.INT, "BIGINT": ColumnType.INT, "SMALLINT": ColumnType.INT, "TINYINT": ColumnType.INT, "HUGEINT": ColumnType.DOUBLE,
    "DOUBLE": ColumnType.DOUBLE, "FLOAT": ColumnType.DOUBLE, "BOOLEAN": ColumnType.BOOLEAN, "DATE": ColumnType.DATE,
    "TIMESTAMP": ColumnType.DATETIME, "TIMESTAMP WITH TIME ZONE": ColumnType.DATETIME,
}  # fmt: skip
_CHOSEN: Mapping[str, ColumnType | None] = {
    "auto": None, "text": ColumnType.TEXT, "int": ColumnType.INT, "double": ColumnType.DOUBLE, "boolean": ColumnType.BOOLEAN, "date": ColumnType.DATE,
}  # fmt: skip
_HIDDEN = "·"
_NOT_TRIED: Mapping[str, Sentence] = {
    "with a volatile function": Sentence(
        "l’expression emploie une fonction qui change à chaque calcul (random, uuid) ou qui arrête tout (error)"
    ),
    "with a scalar subquery": Sentence(
        "l’expression contient une requête (SELECT) : prenez une fonction de liste (list_max, list_sum…), ou l’étape « query »"
    ),
}
"""What DuckDB says of an expression that it cannot try row by row, and ours."""


def _named(work: Work) -> str:
    """SQL: the table under the headers of its columns, by which SQL names them."""
    named: dict[str, str] = {}
    for column in work.staged.columns:
        header = (column.header or column.name)[:200]
        if header.lower() not in (label.lower() for label in named):
            named[header] = column.name
    return ", ".join(f"{quote_identifier(name)} AS {quote_identifier(header)}" for header, name in named.items())


def check_expression(work: Work, text: str) -> None:
    """Refuse what is not one expression on the row: an answer of several columns, of another table, grouped, of several statements."""
    try:
        tree = parse(work.connection, f"SELECT (\n{text}\n)")
        tables = tables_of(tree, text)
    except ParvisError as error:
        raise work.refuse(
            Sentence("l’expression SQL n’est pas acceptée : {reason}", {"reason": error.message().rstrip(".")})
        ) from error
    except RecursionError as error:
        raise work.refuse(Sentence("l’expression SQL est trop imbriquée")) from error
    node = tree["statements"][0]["node"]
    alone = (
        node.get("type") == "SELECT_NODE"
        and len(node.get("select_list", ())) == 1
        and node["from_table"]["type"] == "EMPTY"
    )
    others = (
        node.get("where_clause")
        or node.get("group_expressions")
        or node.get("modifiers")
        or node["cte_map"]["map"]
        or node.get("having")
        or node.get("qualify")
    )
    if not alone or others or tables or node["select_list"][0].get("alias"):
        raise work.refuse(Sentence("une seule expression est attendue, sur les colonnes de la ligne"))


def _compute(work: Work, values: Mapping[str, Any]) -> Result:
    header, text = values["to"], values["sql"]
    check_expression(work, text)
    old = next((column for column in work.staged.columns if column.header == header), None)
    # Their own names would hide a column whose header is « c1 » or « line ».
    names = [(quote_identifier(c.name), quote_identifier(_HIDDEN + c.name)) for c in work.staged.columns]
    line = quote_identifier(_HIDDEN + LINE)
    hidden = ", ".join([f"line AS {line}", *(f"{name} AS {other}" for name, other in names)])
    back = ", ".join([f"{line} AS line", *(f"{other} AS {name}" for name, other in names)])
    # TRY gives nothing instead of stopping at the first row that cannot be computed; in a struct, an empty result stays apart.
    inner = f"SELECT {back}, TRY({{'v': (\n{text}\n)}}) AS computed FROM (SELECT {hidden}, {_named(work)} FROM {ROWS})"
    with guarded(text, work.refuse, _NOT_TRIED), _rows_apart(work):
        kind = work.execute(f"SELECT typeof((computed).v) FROM ({inner}) LIMIT 1").fetchone()
    hint = _CHOSEN[values["type"]] or _HINTS.get(str(kind[0]) if kind else "")
    failure = Failure("computed IS NULL", f"concat_ws(' · ', {_shown(work)})", "not-computed")
    cell = Cell("((computed).v)::VARCHAR", hint, (failure,))
    with guarded(text, work.refuse, _NOT_TRIED), _rows_apart(work):
        return work.put({header if old else work.free(header): cell}, source=f"({inner})")


@contextmanager
def _rows_apart(work: Work) -> Iterator[None]:
    """Within it, TRY holds all of an expression: what DuckDB computes once for two places of it would be taken out of TRY, and one
    cell would stop them all."""
    connection = work.connection
    before = connection.execute("SELECT current_setting('disabled_optimizers')").fetchone()
    connection.execute(f"SET disabled_optimizers = '{before[0] if before else ''},common_subexpressions'")
    try:
        yield
    finally:
        connection.execute(f"SET disabled_optimizers = '{before[0] if before else ''}'")


def _shown(work: Work) -> str:
    return ", ".join(f"left({quote_identifier(c.name)}::VARCHAR, 40)" for c in work.staged.columns[:8])


def _query(work: Work, values: Mapping[str, Any]) -> Result:
    text = values["sql"]
    try:
        tables = tables_of(parse(work.connection, text), text)
    except ParvisError as error:
        raise work.refuse(
            Sentence("la requête SQL n’est pas acceptée : {reason}", {"reason": error.message().rstrip(".")})
        ) from error
    except RecursionError as error:
        raise work.refuse(Sentence("la requête SQL est trop imbriquée")) from error
    if stranger := next((table.name for table in tables if table.name.lower() != DATA), None):
        raise work.refuse(
            Sentence("la seule table s’appelle « {data} », et non « {name} »", {"data": DATA, "name": stranger})
        )
    work.connection.execute(f"CREATE OR REPLACE TEMP VIEW {DATA} AS SELECT line AS {LINE}, {_named(work)} FROM {ROWS}")
    try:
        with guarded(text, work.refuse):
            described = work.connection.execute(f"DESCRIBE (\n{text}\n)").fetchall()
            return _answer(work, text, [(str(row[0]), str(row[1])) for row in described])
    finally:
        work.connection.execute(f"DROP VIEW IF EXISTS {DATA}")


def _answer(work: Work, text: str, described: list[tuple[str, str]]) -> Result:
    if len(described) > MOST_COLUMNS:
        raise work.refuse(Sentence("il y aurait plus de {limit} colonnes", {"limit": MOST_COLUMNS}))
    given_line = LINE in [name for name, _kind in described]
    shown = [(name, kind) for name, kind in described if name != LINE]
    if not shown:
        raise work.refuse(Sentence("il ne resterait aucune colonne"))
    cells = ", ".join(f"{_as_text(quote_identifier(name), kind)} AS c{rank}" for rank, (name, kind) in enumerate(shown))
    line = f"TRY_CAST({LINE} AS BIGINT)" if given_line else "row_number() OVER ()"
    columns = [StagedColumn(f"c{rank}", name, _HINTS.get(kind)) for rank, (name, kind) in enumerate(shown)]
    result = work.select(f"SELECT {line} AS line, {cells} FROM (\n{text}\n) LIMIT {MOST_ROWS + 1}", columns)
    work.check_rows(result.staged.rows)
    return result


def _as_text(cell: str, kind: str) -> str:
    if kind.startswith("GEOMETRY"):
        return cell
    return (
        f"to_json({cell})::VARCHAR" if kind.endswith("]") or kind.startswith(("STRUCT", "MAP")) else f"{cell}::VARCHAR"
    )


_SQL = Parameter("sql", Kind.SQL, gettext_noop("Expression SQL"))

EXPRESSIONS: tuple[Preparation, ...] = (
    Preparation(
        "compute", Group.VALUES, gettext_noop("Calculer par une expression SQL"),
        gettext_noop("Calcule une colonne par une expression sur les colonnes de la ligne, qui sont des textes : « montant::DOUBLE / 100 »."),
        gettext_noop("{to} calculé : {sql}"),
        (
            Parameter("to", Kind.NEW, gettext_noop("Colonne, nouvelle ou non")), _SQL,
            Parameter(
                "type", Kind.CHOICE, gettext_noop("Type"), required=False, default="auto",
                choices=(
                    Choice("auto", gettext_noop("celui de l’expression")), Choice("text", gettext_noop("texte")), Choice("int", gettext_noop("nombre entier")),
                    Choice("double", gettext_noop("nombre décimal")), Choice("boolean", gettext_noop("oui ou non")), Choice("date", gettext_noop("date")),
                ),
            ),
        ), _compute, fails=True,
    ),
    Preparation(
        "query", Group.SHAPE, gettext_noop("Refaire la table par une requête SQL"),
        gettext_noop("Remplace la table par la réponse à une requête ; la table y est « data », le numéro de ligne « __line »."),
        gettext_noop("Table refaite par une requête SQL : {sql}"), (_SQL,), _query,
    ),
)  # fmt: skip
"""One row a step."""
