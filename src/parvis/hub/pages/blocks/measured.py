"""One number of a dataset: the fields that ask for it, its question, its value in words with its trail."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks

from parvis.core.charts.marks import CALCULATIONS
from parvis.core.columns import Column
from parvis.core.odsql.criteria import separate
from parvis.hub.catalogue.provenance import provenance, ways_back
from parvis.hub.drawings.frames import credit_of
from parvis.hub.drawings.questions import Asked
from parvis.hub.drawings.trails import question_text, rows_address
from parvis.hub.pages.block_queries import VALUE, filtered_query
from parvis.hub.pages.block_values import Answers, Plan, Reader
from parvis.hub.pages.blocks import choices
from parvis.hub.pages.blocks.data import DatasetBlock, column_block, condition_block, known_columns
from parvis.hub.pages.figures import Figure, provided_figure
from parvis.hub.ui.formatting import NOTHING, SPACE, number, percents
from parvis.hub.ui.trail import Trail

SHARE = "share"
MOST_DIGITS = 1_000_000
"""Above it, averages are written without decimals."""


def measured_fields() -> dict[str, blocks.Block]:
    """The fields of a number; ``plan_of`` and ``figure_of`` read them."""
    return {
        "figure": choices.OfferedBlock(
            label=gettext_lazy("Ou un chiffre déjà suivi"),
            choices=choices.figures,
            required=False,
            help_text=gettext_lazy("Un indicateur : sa valeur, son unité, sa méthode viennent avec lui."),
        ),
        "dataset": DatasetBlock(required=False),
        "calculation": choices.OfferedBlock(
            label=gettext_lazy("Calcul"), choices=choices.figure_calculations, required=False
        ),
        "measure": column_block(gettext_lazy("Colonne"), help_text=gettext_lazy("Vide : les lignes sont comptées.")),
        "where": condition_block(gettext_lazy("Pour une part, celles qui sont comptées.")),
        "expression": blocks.CharBlock(
            label=gettext_lazy("Calcul écrit en ODSQL"),
            required=False,
            max_length=500,
            help_text=gettext_lazy("À la place du calcul et de la colonne : sum(places) / count(*)"),
        ),
        "unit": blocks.CharBlock(label=gettext_lazy("Unité"), required=False, max_length=40),
        "decimals": blocks.IntegerBlock(label=gettext_lazy("Décimales"), required=False, min_value=0, max_value=6),
    }


def plan_of(value: Any, reader: Reader) -> Plan:
    """The questions of a number: none for a figure given by others, two for a share."""
    if value.get("figure"):
        return Plan((), provided_figure(reader.actor, value["figure"]))
    first, notes = filtered_query(reader, value["dataset"], select="count(*) as " + VALUE, limit=1)
    where = separate(value.get("where") or "", first.source.shape)
    names = [value["measure"]] if value.get("measure") else []
    column = known_columns(first.source.shape, first.dataset.title, names, "measure")
    query = _with(first, _select(value, column[0] if column else ""), where)
    if value.get("calculation") == SHARE:
        return Plan((query, first), None, notes)
    return Plan((query,), first.source.shape.get(column[0]) if column else None, notes)


def _select(value: Any, column: str) -> str:
    if value.get("expression"):
        return f"{value['expression']} as {VALUE}"
    name = value.get("calculation") or ("sum" if column else "count")
    if name == SHARE or not column:
        return f"count(*) as {VALUE}"
    return f"{CALCULATIONS[name].odsql.format(column=f'`{column}`')} as {VALUE}"


def _with(query: Asked, select: str, where: tuple[str, ...]) -> Asked:
    question = replace(query.question, select=select, where=(*where, *query.question.where))
    return replace(query, question=question)


def figure_of(value: Any, plan: Plan, answers: Answers, label: str = "") -> Figure:
    """The figure with its trail; its text is « — » when no row answers."""
    if isinstance(plan.state, Figure):
        figure = plan.state
        return replace(figure, label=label or figure.label, note=figure.note)
    amount = _amount(answers[0], 0 if _is_additive(value) else None)
    unit, decimals = value.get("unit") or "", value.get("decimals")
    if value.get("calculation") == SHARE:
        whole = _amount(answers[1], 0)
        amount = None if not whole or amount is None else 100 * amount / whole
        unit, decimals = unit or "%", 0 if decimals is None and amount and amount >= 10 else decimals
        decimals = 1 if decimals is None else decimals
    elif isinstance(plan.state, Column) and value.get("calculation") not in ("count", "distinct"):
        unit = unit or str(plan.state.annotations.get("unit") or "")
    text = written(amount, unit, decimals)
    query = plan.questions[0]
    return Figure(label, text, amount, trail_of(query, text, label), unit, credits=(credit_of(query),))


def _is_additive(value: Any) -> bool:
    """Whether nothing at all makes nought: counts and sums."""
    name = value.get("calculation") or "count"
    return not value.get("expression") and (name in (SHARE, "distinct") or CALCULATIONS[name].is_additive)


def _amount(rows: tuple[Any, int], nothing: float | None) -> float | None:
    """The one number of an answer; ``nothing`` when no row answers."""
    if not rows[0]:
        return nothing
    amount = rows[0][0].get(VALUE)
    return amount if isinstance(amount, int | float) and not isinstance(amount, bool) else None


def written(amount: float | None, unit: str = "", decimals: int | None = None) -> str:
    """``412 places``, ``12,5 %``: at most one decimal unless said."""
    if amount is None:
        return NOTHING
    if decimals is None:
        decimals = 0 if isinstance(amount, int) or amount == int(amount) or abs(amount) >= MOST_DIGITS else 1
    text = number(float(amount), decimals) if decimals else number(round(amount))
    if not unit:
        return text
    return percents(text) if unit == "%" else f"{text}{SPACE}{unit}"


def trail_of(query: Asked, text: str, label: str = "", group: tuple[str, object] | None = None) -> Trail:
    """Where a number of a block comes from: dataset, version, question, rows."""
    question = query.question
    rows = rows_address(query) if group is None else None
    address = rows or f"{query.dataset.get_absolute_url()}table/"
    facts = (
        (_("Valeur"), text),
        *(((_("Ce que c’est"), label),) if label else ()),
        *provenance(query.dataset, query.version, question_text(question.select, question.where, question.group_by)),
    )
    return Trail(text, address, facts, ways_back(query.dataset, address))
