"""A chart: one that was saved, or one made of a dataset and a few columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks import StructBlockValidationError

from parvis.core.charts.description import ChartDescription, SeriesSource
from parvis.core.charts.drawing import PAPER
from parvis.core.charts.suggestions import suggest
from parvis.core.errors import NotFound, ParvisError
from parvis.core.odsql.criteria import separate
from parvis.hub.charts.answers import Answered, from_rows, prepared
from parvis.hub.charts.frames import framed
from parvis.hub.charts.models import Chart
from parvis.hub.charts.pictures import picture
from parvis.hub.charts.selectors import chart_at
from parvis.hub.drawings.questions import opened, table_of
from parvis.hub.pages.block_queries import filtered
from parvis.hub.pages.block_values import Answers, Cells, Plan, Reader, Shown
from parvis.hub.pages.blocks import choices
from parvis.hub.pages.blocks.data import (
    COLUMN,
    DATA_GROUP,
    DataBlock,
    DatasetBlock,
    column_block,
    condition_block,
    finer,
    known_columns,
)

__all__ = ["COLUMN", "ChartBlock"]

_ROLES = ("measure", "grouping", "series", "against")


class ChartBlock(DataBlock):
    """A chart in its frame: finding, picture, sentence, table, source."""

    kind = "chart"
    has_picture = True

    dataset = DatasetBlock(required=False, help_text=_("Seul, il suffit : le graphique le plus parlant est proposé."))
    chart = choices.OfferedBlock(
        label=_("Ou un graphique enregistré"),
        choices=choices.charts,
        required=False,
        help_text=_("S’il y en a un, il paraît tel qu’il est : les autres champs ne servent pas."),
    )
    mark = choices.OfferedBlock(label=_("Type de graphique"), choices=choices.marks, required=False)
    calculation = choices.OfferedBlock(label=_("Calcul"), choices=choices.calculations, required=False)
    measure = column_block(_("Mesure"), "measure", help_text=_("La colonne de nombres ; vide pour compter les lignes."))
    grouping = column_block(_("Regrouper par"), "grouping", help_text=_("Les barres, ou les moments d’une courbe."))
    step = choices.OfferedBlock(label=_("Pas de temps"), choices=choices.steps, required=False)
    series = column_block(_("Séries (couleurs)"), "grouping")
    against = column_block(_("En abscisse"), "measure", help_text=_("Pour un nuage de points."))
    territory = choices.OfferedBlock(
        label=_("Appeler les codes par leur nom"), choices=choices.territories, required=False
    )
    per = choices.OfferedBlock(label=_("Rapporter à"), choices=choices.rates, required=False)
    where = condition_block()
    order = choices.OfferedBlock(label=_("Ordre"), choices=choices.orders, required=False)
    limit = blocks.IntegerBlock(label=_("Nombre de groupes au plus"), required=False, min_value=1, max_value=2000)
    title = blocks.CharBlock(
        label=_("Titre"),
        required=False,
        max_length=300,
        help_text=_("Dites ce que l’on voit. Vide : fait des colonnes."),
    )
    subtitle = blocks.CharBlock(label=_("Sous-titre"), required=False, max_length=300, help_text=_("Unité et période."))
    unit = blocks.CharBlock(label=_("Unité"), required=False, max_length=60)

    class Meta:
        label = _("Graphique")
        icon = "chart-bars"
        group = DATA_GROUP
        template = "parvis/pages/blocks/chart.html"
        description = _("Un graphique enregistré, ou fait d’un jeu de données et de ses colonnes.")
        label_format = "{title} {dataset}"
        form_layout = blocks.BlockGroup(
            [
                *("dataset", "mark", "grouping", "calculation", "measure", "title", "chart"),
                finer("series", "step", "against", "territory", "per", "where", "order", "limit", "subtitle", "unit"),
            ]
        )

    def clean(self, value: Any) -> Any:
        """One of the two ways must be chosen."""
        if not value.get("chart") and not value.get("dataset"):
            text = ValidationError(str(_("Choisissez un graphique enregistré ou un jeu de données.")))
            raise StructBlockValidationError(block_errors={"dataset": text})
        return super().clean(value)

    def plan(self, value: Any, reader: Reader) -> Plan:
        """The questions of the chart under the filters."""
        saved = _saved(value, reader)
        description = saved.described if saved else described(value, reader)
        description, notes = _filtered(description, reader)
        whole, queries = prepared(reader.actor, description, reader.language)
        return Plan(queries, (whole, saved if saved and not reader.filters else None), notes)

    def shown(self, value: Any, plan: Plan, answers: Answers, reader: Reader) -> Shown:
        """The frame, and the same values as rows."""
        whole, saved = plan.state
        answered = from_rows(whole, plan.questions, answers, reader.language)
        cells = values_of(answered)
        frame = framed(answered, request=reader.request, chart=saved)
        facts = {"frame": frame, "answered": answered}
        return Shown(answered.title, facts, cells, tuple(frame.credits), plan.notes, answered.sentence)

    def picture(self, shown: Shown, form: str, **how: Any) -> bytes | None:
        """The chart drawn alone, with its title."""
        return picture(shown.facts["answered"], form, **{"titled": True, **how})  # type: ignore[arg-type]

    def on_paper(self, shown: Shown) -> bytes | None:
        """The chart, its rows close together."""
        return self.picture(shown, "svg", titled=False, size=PAPER)

    def cited_datasets(self, value: Any) -> Iterable[str] | None:
        """Those of the saved chart when there is one."""
        if not value.get("chart"):
            return super().cited_datasets(value)
        return Chart.objects.filter(slug=value["chart"]).values_list("datasets", flat=True).first()

    def stamp(self, value: Any, reader: Reader) -> str | None:
        """A saved chart changes by itself."""
        if not value.get("chart"):
            return ""
        row = Chart.objects.filter(slug=value["chart"]).values_list("revision", "status", "last_published_at").first()
        return repr(row)

    def fault_of(self, error: ParvisError, value: Any) -> tuple[str, str]:
        """About the saved chart when there is one."""
        name, text = super().fault_of(error, value)
        return ("chart" if value.get("chart") and name == self.first_field else name), text


def values_of(answered: Answered) -> Cells:
    """The values of a chart as they are computed: group, series when there are, value; for boxes, what is written."""
    reading, table = answered.reading, answered.table
    if answered.description.mark in ("box", "histogram", "points"):
        return Cells(tuple(head.text for head in table.heads), table.rows)
    heads = [reading.labels.get("grouping", ""), reading.with_unit("measure")]
    if not reading.series:
        return Cells(tuple(heads), [(point.group, point.value) for point in reading.points])
    heads.insert(1, reading.labels.get("series", ""))
    return Cells(tuple(heads), [(point.group, point.series, point.value) for point in reading.points])


def _saved(value: Any, reader: Reader) -> Chart | None:
    return chart_at(reader.actor, value["chart"]) if value.get("chart") else None


def described(value: Any, reader: Reader) -> ChartDescription:
    """The description that the fields of a block make; the first that is suggested for a dataset chosen alone."""
    if not value.get("dataset"):
        raise NotFound(name="—")
    dataset, _version, source = opened(reader.actor, value["dataset"])
    table = table_of(source)
    columns = {
        role: known_columns(source.shape, dataset.title, [value[role]], role)[0] for role in _ROLES if value.get(role)
    }
    where = separate(value.get("where") or "", source.shape)
    words = {name: value.get(name) or "" for name in ("title", "subtitle", "unit")}
    mark = value.get("mark") or ""
    if not columns:
        suggested = [one for one in suggest(dataset.dataset_id, table) if mark in ("", one.mark)]
        if suggested:
            first = suggested[0]
            return first.with_changes(**words, sources=(replace(first.sources[0], where=where),))
    source_asked = SeriesSource(
        dataset.dataset_id,
        calculation=value.get("calculation")
        or ("sum" if columns.get("measure") and columns.get("grouping") else "count"),
        step=value.get("step") or "",
        where=where,
        limit=value.get("limit") or 0,
        territory=value.get("territory") or "",
        per=value.get("per") or "",
        **columns,
    )
    body = ChartDescription(mark or _usual(columns), (source_asked,), order=value.get("order") or "", **words)
    return body.with_changes()


def _usual(columns: dict[str, str]) -> str:
    return "points" if columns.get("against") else "bars" if columns.get("grouping") else "histogram"


def _filtered(description: ChartDescription, reader: Reader) -> tuple[ChartDescription, tuple[str, ...]]:
    """The description under the filters of the page; what is said of them is said once."""
    if not reader.filters:
        return description, ()
    notes: dict[str, None] = {}
    sources = []
    for source in description.sources:
        conditions, source_notes = filtered(opened(reader.actor, source.dataset)[2].shape, reader.filters)
        notes |= dict.fromkeys(source_notes)
        sources.append(replace(source, where=(*source.where, *conditions)))
    return replace(description, sources=tuple(sources)), tuple(notes)
