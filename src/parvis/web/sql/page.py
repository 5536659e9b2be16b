"""``/sql/``: write a statement, see its first rows, share its address; all by plain forms and links."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parvis.core.columns import Column, ColumnType
from parvis.core.errors import ParvisError
from parvis.core.sandbox import Limits, SandboxFailed
from parvis.core.sandbox.pool import LONGEST
from parvis.core.staging import quote_identifier
from parvis.hub.accounts.rules import Actor
from parvis.hub.addresses import absolute_path
from parvis.hub.apikeys.requests import actor_of_request
from parvis.hub.catalogue.rules import may_see
from parvis.hub.datastore.selectors import shape_of
from parvis.hub.quotas.metering import working
from parvis.hub.search.rules import SearchRequest
from parvis.hub.search.selectors import search
from parvis.hub.ui.errors import with_headers
from parvis.hub.ui.formatting import cell
from parvis.web.sql.formats import FORMATS
from parvis.web.sql.query import SqlReply, a_place, ask, sandbox

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

SHOWN_ROWS = 1_000
SHOWN_BYTES = 8_000_000
SHOWN_CELLS = 50_000
SHOWN_DATASETS = 20
LONG = 160
_TYPES = {
    ColumnType.INT: "BIGINT",
    ColumnType.DOUBLE: "DOUBLE",
    ColumnType.BOOLEAN: "BOOLEAN",
    ColumnType.DATE: "DATE",
    ColumnType.DATETIME: "TIMESTAMPTZ",
    ColumnType.GEO_POINT: "GEOMETRY",
    ColumnType.GEO_SHAPE: "GEOMETRY",
}
_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")


@dataclass(frozen=True, slots=True)
class Cell:
    """One value as text."""

    text: str
    is_number: bool

    @property
    def is_long(self) -> bool:
        """Whether it is cut on screen."""
        return len(self.text) > LONG


@dataclass(frozen=True, slots=True)
class Offered:
    """A dataset that may be asked, with its columns and a first statement."""

    dataset: Dataset
    columns: list[tuple[Column, str]]
    address: str


@require_safe
def sql_page(request: HttpRequest) -> HttpResponse:
    """The form, the datasets, and the answer to ``q`` when there is one."""
    text = request.GET.get("q", "")
    facts: dict[str, Any] = {
        "text": text,
        "longest": LONGEST,
        "words": request.GET.get("jeux", ""),
        "shown": SHOWN_ROWS,
    }
    failed: ParvisError | None = None
    try:
        actor = actor_of_request(request)
        facts["offered"], facts["offered_total"] = _offered(actor, facts["words"])
        if text.strip():
            with a_place(request, actor), working():
                reply = ask(actor, text, Limits(SHOWN_ROWS, SHOWN_BYTES, SHOWN_CELLS))
            with contextlib.closing(reply.answer):
                facts |= _presented(reply)
        else:
            with contextlib.suppress(SandboxFailed):
                sandbox().warm()  # the first statement then finds a child ready
    except ParvisError as error:
        language = get_language() or "fr"
        facts |= {"error": error.message(language), "remedy": error.hint(language), "code": error.code}
        facts |= {"mark": _mark(text, error.details)}
        failed = error
    facts["examples"] = _examples(facts.get("offered", []))
    response = render(request, "sql/page.html", facts, status=failed.status if failed else 200)
    return with_headers(response, failed) if failed else response


def _presented(reply: SqlReply) -> dict[str, Any]:
    answer = reply.answer
    kinds = [_kind(column.type) for column in answer.columns]
    rows = [
        [Cell(_written(value, kind), kind in ("int", "double")) for value, kind in zip(row, kinds, strict=True)]
        for batch in answer.batches()
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True)
    ]
    parameters = {"q": reply.text}
    return {
        "asked": reply,
        "answer": answer,
        "heads": [(column, kind in ("int", "double")) for column, kind in zip(answer.columns, kinds, strict=True)],
        "rows": rows,
        "downloads": [
            (name, f"{absolute_path('/api/parvis/v1/sql')}?{urlencode(parameters | {'format': name})}")
            for name in ("csv", "parquet", "json")
        ],
        "most": FORMATS["csv"].rows,
    }


def _kind(type_: str) -> str:
    """The word of ``hub.ui.formatting`` for a type of DuckDB."""
    if type_ in _NUMBERS:
        return "int"
    if type_ in ("DOUBLE", "FLOAT") or type_.startswith("DECIMAL"):
        return "double"
    return {"DATE": "date", "TIMESTAMP": "datetime", "TIMESTAMP WITH TIME ZONE": "datetime"}.get(type_, "text")


def _written(value: Any, kind: str) -> str:
    return "" if value is None else cell(value, kind)


def _offered(actor: Actor, words: str) -> tuple[list[Offered], int]:
    hits = search(actor, SearchRequest(text=words, page_size=SHOWN_DATASETS))
    readable = [dataset for dataset in hits.datasets if may_see(actor, dataset.guarded)]
    return [_offer(dataset) for dataset in readable], hits.total


def _offer(dataset: Dataset) -> Offered:
    columns = [(column, _sql_type(column)) for column in shape_of(dataset)]
    statement = f"SELECT *\nFROM {quote_identifier(dataset.dataset_id)}\nLIMIT 20"
    return Offered(dataset, columns, f"?{urlencode({'q': statement})}#resultat")


def _sql_type(column: Column) -> str:
    written = _TYPES.get(column.type, "VARCHAR")
    return f"{written}[]" if column.annotations.get("multivalued") else written


def _examples(offered: list[Offered]) -> list[tuple[str, str]]:
    """Statements to begin with, over the datasets shown: title and address."""
    examples: list[tuple[str, str]] = []
    for title, make in _EXAMPLES:
        statement = next((text for offer in offered if (text := make(offer))), None)
        if statement:
            examples.append((_(title), f"?{urlencode({'q': statement})}#resultat"))
    return examples


def _first(offer: Offered, *types: str) -> str | None:
    return next((quote_identifier(column.name) for column, type_ in offer.columns if type_ in types), None)


def _count(offer: Offered) -> str | None:
    table, text = quote_identifier(offer.dataset.dataset_id), _first(offer, "VARCHAR")
    return text and f"SELECT {text}, count(*) AS nombre\nFROM {table}\nGROUP BY ALL\nORDER BY nombre DESC\nLIMIT 20"


def _figures(offer: Offered) -> str | None:
    table, number = quote_identifier(offer.dataset.dataset_id), _first(offer, "BIGINT", "DOUBLE")
    return number and (
        f"SELECT min({number}) AS minimum, median({number}) AS mediane, max({number}) AS maximum\nFROM {table}"
    )


def _years(offer: Offered) -> str | None:
    table, day = quote_identifier(offer.dataset.dataset_id), _first(offer, "DATE", "TIMESTAMPTZ")
    return day and f"SELECT year({day}) AS annee, count(*) AS nombre\nFROM {table}\nGROUP BY ALL\nORDER BY annee"


def _around(offer: Offered) -> str | None:
    table, place = quote_identifier(offer.dataset.dataset_id), _first(offer, "GEOMETRY")
    return place and (
        f"SELECT round(ST_X(ST_Centroid({place})), 2) AS longitude, round(ST_Y(ST_Centroid({place})), 2) AS latitude,\n"
        f"  count(*) AS nombre\nFROM {table}\nGROUP BY ALL\nORDER BY nombre DESC\nLIMIT 20"
    )


_EXAMPLES: tuple[tuple[str, Callable[[Offered], str | None]], ...] = (
    (gettext_noop("Compter par valeur"), _count),
    (gettext_noop("Plus petit, médiane, plus grand"), _figures),
    (gettext_noop("Compter par année"), _years),
    (gettext_noop("Compter par endroit"), _around),
)


def _mark(text: str, details: dict[str, object]) -> dict[str, Any] | None:
    """The line of the statement at fault, cut before the fault, when its place is known."""
    line, column = details.get("line"), details.get("column")
    lines = text.splitlines()
    if not isinstance(line, int) or not isinstance(column, int) or not 1 <= line <= len(lines):
        return None
    written = lines[line - 1]
    start = max(column - 41, 0)
    return {"line": line, "before": written[start : column - 1], "after": written[column - 1 : column + 60]}
