"""Questions of blocks: made from what editors chose and what the address filters, answered side by side."""

from __future__ import annotations

import contextvars
import re
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache

from django.conf import settings
from django.utils.translation import gettext as _

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.errors import ParvisError
from parvis.core.explore import ExploreRequest
from parvis.core.odsql.criteria import separate
from parvis.core.official_codes import is_commune
from parvis.hub.accounts.rules import Actor
from parvis.hub.drawings.places import places
from parvis.hub.drawings.questions import Asked, Rows, opened, rows_of
from parvis.hub.pages.block_values import Reader
from parvis.hub.pages.rules import Chosen, Filters
from parvis.hub.quotas.metering import current_account
from parvis.hub.territories.models import Territory
from parvis.hub.ui.filters import OPERATOR_BY_NAME, BadFilter, field

AT_ONCE = 4
"""Questions computed at the same time for one process: the engine shares the machine between them anyway."""

VALUE = "valeur"
"""Key of the answer to a question that wants one number."""


def filtered_query(reader: Reader, dataset_id: str, **question: object) -> tuple[Asked, tuple[str, ...]]:
    """A question to a dataset under the filters of the page, and what is to be said of those filters.

    NotFound or DataOnRequest when the reader may not read the dataset.
    """
    dataset, version, source = opened(reader.actor, dataset_id)
    conditions, notes = filtered(source.shape, reader.filters)
    texts: tuple[str, ...] = tuple(question.pop("where", ()) or ())  # type: ignore[call-overload]
    own_conditions = [condition for text in texts for condition in separate(text, source.shape)]
    request = ExploreRequest(where=(*own_conditions, *conditions), timezone=settings.TIME_ZONE, **question)  # type: ignore[arg-type]
    return Asked(dataset, version, source, request), notes


def filtered(shape: TableShape, filters: Filters) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The conditions that the filters of the page make for a dataset of these columns, and what to say of each filter."""
    conditions: list[str] = []
    notes: list[str] = []
    for choice in filters.chosen:
        column = column_of(shape, choice)
        if column is None:
            notes.append(_("Ne dépend pas du filtre « %s ».") % choice.label)
            continue
        try:
            conditions += _conditions(column, choice.value)
        except BadFilter:
            notes.append(_("Le filtre « %s » ne peut pas s’appliquer ici.") % choice.label)
            continue
        notes.append(
            _("%(label)s : %(value)s")
            % {"label": choice.label, "value": column.label_of(choice.value) or spoken(choice)}
        )
    return tuple(conditions), tuple(notes)


def column_of(shape: TableShape, choice: Chosen) -> Column | None:
    """The column of a dataset that a filter is about: one of its names, else one that holds the same kind of codes."""
    named = next((column for name in choice.offered.columns if (column := shape.get(name)) is not None), None)
    if named is not None or choice.offered.kind != COMMUNE:
        return named
    return next((column for column in shape if column.kind == COMMUNE), None)


def spoken(choice: Chosen) -> str:
    """The value of a filter as it is said: a commune by its name."""
    if choice.offered.kind == COMMUNE and is_commune(choice.value):
        communes = places(COMMUNE, [choice.value], "commune")
        return communes[choice.value].name if choice.value in communes else choice.value
    return choice.value


COMMUNE = "insee_commune"


def _conditions(column: Column, value: str) -> list[str]:
    """Equal to the value; for dates, within the year; communes are understood by code and by name."""
    if column.type in (ColumnType.DATE, ColumnType.DATETIME) and re.fullmatch(r"\d{4}", value, re.ASCII):
        if column.type is ColumnType.DATE:
            first = OPERATOR_BY_NAME["min"].condition(column, f"{value}-01-01")
            return [first, OPERATOR_BY_NAME["max"].condition(column, f"{value}-12-31")]
        return [f"year({field(column.name)}) = {int(value)}"]
    if column.kind == COMMUNE and not is_commune(value):
        codes = list(Territory.objects.filter(kind="commune", name__iexact=value).values_list("code", flat=True)[:50])
        if codes:
            return [" or ".join(OPERATOR_BY_NAME["egal"].condition(column, code) for code in codes)]
    if column.kind != COMMUNE and is_commune(value) and column.type is ColumnType.TEXT:
        names = places(COMMUNE, [value], "commune")
        if value in names:
            return [OPERATOR_BY_NAME["egal"].condition(column, names[value].name)]
    return [OPERATOR_BY_NAME["egal"].condition(column, value)]


@lru_cache(maxsize=1)
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="parvis-pages")


type Key = tuple[str | None, ExploreRequest]
"""What names a question and the rows it is asked of."""


def key_of(query: Asked) -> Key:
    """The key of a question among ``answers``."""
    return query.source.key, query.question


def answers(reader: Reader, questions: Iterable[Asked]) -> dict[Key, Rows | ParvisError]:
    """The rows of each question, or the error it met, asked side by side with the lens and the language of the reader.

    What is not remembered is taken from the budget of the reader.
    """
    queries = list({key_of(one): one for one in questions}.items())
    account = current_account()
    if account is not None and queries[1:]:
        account.identify()
    waiting = {key: _ask(reader.actor, one) for key, one in queries[1:]}
    outcomes = {key: _outcome(reader.actor, one) for key, one in queries[:1]}
    return outcomes | {key: future.result() for key, future in waiting.items()}


def _ask(actor: Actor, query: Asked) -> Future[Rows | ParvisError]:
    return _pool().submit(contextvars.copy_context().run, _outcome, actor, query)


def _outcome(actor: Actor, query: Asked) -> Rows | ParvisError:
    try:
        return rows_of(actor, query)
    except ParvisError as error:
        return error


def narrowed(query: Asked, *conditions: str) -> Asked:
    """The same question with more conditions."""
    return replace(query, question=replace(query.question, where=(*query.question.where, *conditions)))
