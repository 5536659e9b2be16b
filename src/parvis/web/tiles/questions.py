"""Which rows a tile draws: the conditions of an address, in the words of the Explore API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest, QueryDict

from parvis.core.explore import ExploreRequest
from parvis.core.explore.query import condition
from parvis.core.odsql import Names
from parvis.core.odsql.bound import ALWAYS, Test
from parvis.core.odsql.shared_words import check_work
from parvis.hub.datastore.selectors import shape_of

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset, Version

CONDITIONS = ("where", "refine", "exclude", "facet", "timezone", "lang")
"""Parameters of the Explore API that a tile takes, each as often as there (specification, section 5)."""


@dataclass(frozen=True, slots=True)
class Question:
    """The rows asked for. Two ways of writing one question have the same ``key``."""

    where: Test
    key: str
    lasting: bool
    """False when the same words may keep other rows later (``now()``)."""


def question_of(request: HttpRequest, dataset: Dataset, version: Version) -> Question:
    """The question of an address, checked; the errors of the language come before anything is computed."""
    pairs = [(name, value) for name in CONDITIONS for value in request.GET.getlist(name)]
    explore_request = ExploreRequest.from_query(pairs)
    test = condition(Names(shape_of(dataset, version)), explore_request)
    if test == ALWAYS:
        return Question(ALWAYS, "", lasting=True)
    check_work(test)
    lasting = not any("now" in text.lower() for text in explore_request.where)
    return Question(test, repr(test), lasting)


def conditions_of(request: HttpRequest) -> str:
    """The conditions of an address, encoded for another one; empty when there is none."""
    conditions = QueryDict(mutable=True)
    for name in CONDITIONS:
        if values := [value for value in request.GET.getlist(name) if value.strip()]:
            conditions.setlist(name, values)
    return conditions.urlencode()
