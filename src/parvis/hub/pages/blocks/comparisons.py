"""Territories compared: a bar for each, the largest first, one of them set off."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks

from parvis.core.text import fold
from parvis.hub.charts.answers import from_rows, prepared
from parvis.hub.charts.trails import trails_of
from parvis.hub.drawings.frames import credit_of
from parvis.hub.drawings.questions import opened
from parvis.hub.pages.block_queries import column_of, filtered
from parvis.hub.pages.block_values import Answers, Cells, Plan, Reader, Shown
from parvis.hub.pages.blocks import choices
from parvis.hub.pages.blocks.charts import described
from parvis.hub.pages.blocks.data import DATA_GROUP, DataBlock, DatasetBlock, column_block, condition_block, finer
from parvis.hub.pages.rules import Filters

WIDTH = 1000
USUAL = 25


class ComparisonBlock(DataBlock):
    """A measure by territory (or by any category), as bars with their figures."""

    kind = "comparison"

    title = blocks.CharBlock(label=gettext_lazy("Titre"), required=False, max_length=200)
    dataset = DatasetBlock()
    grouping = column_block(
        gettext_lazy("Colonne des territoires"),
        "grouping",
        required=True,
        help_text=gettext_lazy("Une colonne de communes, par leur nom ou leur code."),
    )
    territory = choices.OfferedBlock(label=gettext_lazy("Rassembler par"), choices=choices.territories, required=False)
    calculation = choices.OfferedBlock(label=gettext_lazy("Calcul"), choices=choices.calculations, required=False)
    measure = column_block(
        gettext_lazy("Mesure"), "measure", help_text=gettext_lazy("Vide : les lignes sont comptées.")
    )
    per = choices.OfferedBlock(label=gettext_lazy("Rapporter à"), choices=choices.rates, required=False)
    where = condition_block()
    highlight = blocks.CharBlock(
        label=gettext_lazy("Territoire mis en avant"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Son nom. Le filtre de la page, s’il en choisit un, le remplace."),
    )
    unit = blocks.CharBlock(label=gettext_lazy("Unité"), required=False, max_length=60)
    limit = blocks.IntegerBlock(
        label=gettext_lazy("Nombre au plus"), required=False, min_value=2, max_value=100, default=USUAL
    )

    class Meta:
        label = gettext_lazy("Comparaison de territoires")
        icon = "list-ol"
        group = DATA_GROUP
        description = gettext_lazy("Une barre par territoire, de la plus grande à la plus petite, l’un mis en avant.")
        label_format = "{title} {dataset}"
        form_layout = blocks.BlockGroup(
            [
                *("dataset", "grouping", "calculation", "measure", "per", "title"),
                finer("territory", "where", "highlight", "unit", "limit"),
            ]
        )

    def plan(self, value: Any, reader: Reader) -> Plan:
        """Asked as a chart of bars; a filter on the territories sets one off instead of hiding the others."""
        wished = {**value, "mark": "bars", "order": "-value"}
        description = described(wished, reader)
        source = description.sources[0]
        shape = opened(reader.actor, source.dataset)[2].shape
        own = [one for one in reader.filters.chosen if (c := column_of(shape, one)) and c.name == source.grouping]
        others = Filters(tuple(one for one in reader.filters.chosen if one not in own))
        conditions, notes = filtered(shape, others)
        description = replace(description, sources=(replace(source, where=(*source.where, *conditions)),))
        whole, queries = prepared(reader.actor, description, reader.language)
        return Plan(queries, (whole, own[0].value if own else value.get("highlight") or ""), notes)

    def shown(self, value: Any, plan: Plan, answers: Answers, reader: Reader) -> Shown:
        """The bars, each with its trail."""
        whole, highlight = plan.state
        answered = from_rows(whole, plan.questions, answers, reader.language)
        trails, points = trails_of(answered), answered.reading.points
        largest = max((abs(point.value or 0) for point in points), default=0) or 1
        rows = [
            {
                "name": point.group,
                "text": answered.reading.text(point.value),
                "trail": trails.get((point.group, point.series)),
                "bar": str(round(WIDTH * max(point.value or 0, 0) / largest)),
                "is_set_off": bool(highlight) and fold(highlight) in (fold(point.group), fold(str(point.key))),
            }
            for point in points
        ]
        labels = answered.reading.labels
        cells = Cells(
            (labels.get("grouping", _("territoire")), labels.get("measure", _("valeur"))),
            [(point.group, point.value) for point in points],
        )
        title = value.get("title") or answered.title
        facts = {"rows": rows, "measure": answered.reading.with_unit("measure"), "answered": answered}
        credits = tuple(credit_of(one) for one in answered.asked)
        return Shown(title, facts, cells, credits, plan.notes, answered.sentence)
