"""Indicators that are not kept yet: where one starts from, and its figures or what is wrong with it. Nothing is written."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _

from parvis.core.charts.marks import CALCULATIONS
from parvis.core.errors import ParvisError
from parvis.core.indicators.definition import Definition
from parvis.core.indicators.faults import Fault, faults_of
from parvis.core.indicators.figures import Figure
from parvis.domains.indicators.computation import cause_of, figures
from parvis.hub.accounts.rules import Actor
from parvis.hub.charts.answers import answer
from parvis.hub.charts.selectors import chart_at
from parvis.hub.drawings.questions import readable_dataset

_MOMENT = re.compile(r"(date_format\(`\w+`, \"[\w-]+\"\)) as c_group")


def body_from_dataset(actor: Actor, dataset_id: str) -> dict[str, Any]:
    """The count of the rows of a dataset; NotFound or DataOnRequest when the actor may not read it."""
    dataset = readable_dataset(actor, dataset_id)
    return {
        "title": _("Nombre de lignes · %(title)s") % {"title": dataset.title},
        "organisation": dataset.organisation.slug,
        "parts": {"valeur": {"dataset": dataset.dataset_id, "select": "count(*)"}},
    }


def body_from_chart(actor: Actor, slug: str) -> dict[str, Any]:
    """What a chart measures first, with its conditions, by its period or its territory; the same errors."""
    chart = chart_at(actor, slug)
    answered = answer(actor, chart.described, "fr")
    source, query = answered.description.sources[0], answered.asked[0]
    measured = f"`{source.measure}`" if source.measure else "*"
    usual = CALCULATIONS[source.calculation].odsql.format(column=measured)
    moment = _MOMENT.search(query.question.group_by)
    part = {
        "dataset": query.dataset.dataset_id,
        "select": source.select.split(" as ")[0] if source.select else usual,
        "where": source.where,
        "period": moment[1] if moment else "",
        "territory": source.grouping if source.territory and not moment else "",
    }
    return {
        "title": chart.title,
        "organisation": chart.organisation.slug,
        "unit": answered.description.unit,
        "level": source.territory,
        "parts": {"valeur": part},
    }


def figures_or_faults(actor: Actor, definition: Definition) -> tuple[list[Figure], list[Fault]]:
    """What a definition gives from the versions of the day: rights are the actor's, limits are those of every question."""
    faults = []
    for name, part in definition.parts.items():
        try:
            readable_dataset(actor, part.dataset)
        except ParvisError as error:
            faults.append(Fault(name, "dataset", error))
    if faults:
        return [], faults
    try:
        return _figures_now(definition), []
    except ParvisError as error:
        return [], faults_of(definition, _figures_now) or [Fault("", "formula", error)]


def _figures_now(definition: Definition) -> list[Figure]:
    cause = cause_of(definition)
    return figures(definition, cause.versions, cause.population)
