"""Where a new indicator starts from: a dataset, or the figures of a chart."""

from __future__ import annotations

import re

from django.utils.text import slugify
from django.utils.translation import gettext as _

from parvis.core.charts import CALCULATIONS
from parvis.domains.indicators.forms import Start
from parvis.hub.accounts.rules import Actor
from parvis.hub.charts.answers import answer
from parvis.hub.charts.selectors import chart_at
from parvis.hub.drawings.questions import readable_dataset

BLANK = Start({"direction": "neutral", "refresh": "publication"})
"""What a form of nothing holds."""

_MOMENT = re.compile(r"(date_format\(`\w+`, \"[\w-]+\"\)) as c_group")


def from_dataset(actor: Actor, dataset_id: str) -> Start:
    """The count of the rows of a dataset; NotFound or DataOnRequest when the actor may not read it."""
    dataset = readable_dataset(actor, dataset_id)
    facts = {
        "title": _("Nombre de lignes · %(title)s") % {"title": dataset.title},
        "slug": slugify(dataset.title)[:80],
        **BLANK.facts,
    }
    return Start(facts, [{"name": "valeur", "dataset": dataset.dataset_id, "select": "count(*)"}])


def from_chart(actor: Actor, slug: str) -> Start:
    """What a chart measures first, with its conditions, by its period or its territory; the same errors."""
    chart = chart_at(actor, slug)
    answered = answer(actor, chart.described, "fr")
    source, query = answered.description.sources[0], answered.asked[0]
    measured = f"`{source.measure}`" if source.measure else "*"
    usual = CALCULATIONS[source.calculation].odsql.format(column=measured)
    moment = _MOMENT.search(query.question.group_by)
    part = {
        "name": "valeur",
        "dataset": query.dataset.dataset_id,
        "select": source.select.split(" as ")[0] if source.select else usual,
        "where": "\n".join(source.where),
        "period": moment[1] if moment else "",
        "territory": source.grouping if source.territory and not moment else "",
    }
    facts = {
        "title": chart.title,
        "slug": slugify(chart.title)[:80],
        "unit": answered.description.unit,
        "level": source.territory,
        **BLANK.facts,
    }
    return Start(facts, [part])
