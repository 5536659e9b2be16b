"""The title of a chart that was given none: what is measured, by what."""

from __future__ import annotations

from parvis.core.charts.column_values import listed, step_of
from parvis.core.charts.column_words import in_words
from parvis.core.charts.description import ChartDescription, SeriesSource
from parvis.core.charts.marks import CALCULATIONS, RATES, STEPS
from parvis.core.charts.questions import Table
from parvis.core.charts.territories import coded, level_of
from parvis.core.columns import ColumnType, TableShape
from parvis.core.translation import gettext_noop, translate
from parvis.core.years import year_among


def title_of(description: ChartDescription, table: Table, language: str = "fr") -> str:
    """« Hauteur (moyenne) par espèce et par type », the description's own title when it has one."""
    if description.title:
        return description.title
    source, shape = description.sources[0], table.shape
    text = description.labels.get("measure") or dated(_measured(description, shape, language), source, shape, language)
    if description.mark == "points":
        along = _label(shape, source.against)
        text = translate(gettext_noop("{measure} selon {against}"), language, measure=text, against=along)
    groups = [description.labels.get(role) or _label(shape, getattr(source, role)) for role in ("grouping", "series")]
    if step := source.step or _written_step(source, table):
        groups[0] = _of_step(step, source, shape, language) if step in STEPS else groups[0]
    place = coded(source, shape)
    if place and (level := level_of(source, place, language)):
        rank = 0 if place.role == "grouping" else 1
        groups[rank] = description.labels.get(place.role) or level
    if description.mark == "histogram":
        return translate(gettext_noop("Répartition : {measure}"), language, measure=text)
    if description.mark == "sankey":
        return f"{_capital(text)} : {_lower(groups[0])} → {_lower(groups[1])}"
    links = [_by(_lower(group), language) for group in groups if group]
    if len(links) > 1:
        links = [translate(gettext_noop("{first} et {second}"), language, first=links[0], second=links[1])]
    title = _capital(" ".join([text, *links]).strip())
    return f"{title}, {RATES[source.per].label(language)}" if source.per else title


def _written_step(source: SeriesSource, table: Table) -> str:
    """The step of moments that a column of texts holds."""
    column, profile = table.shape.get(source.grouping), table.profile.get(source.grouping)
    return step_of(listed(profile)) if profile and column and column.type is ColumnType.TEXT else ""


def _of_step(step: str, source: SeriesSource, shape: TableShape, language: str) -> str:
    """« année », and of which date where a table has several: « année (Date de notification) »."""
    words = STEPS[step].label(language).removeprefix(_by("", language))
    dates = [column for column in shape if column.type in (ColumnType.DATE, ColumnType.DATETIME)]
    label = _label(shape, source.grouping)
    return f"{words} ({_lower(label)})" if len(dates) > 1 and " " in label else words


def _by(group: str, language: str) -> str:
    return translate(gettext_noop("par {group}"), language, group=group)


def _measured(description: ChartDescription, shape: TableShape, language: str) -> str:
    source = description.sources[0]
    label = _label(shape, source.measure)
    if description.mark in ("histogram", "box", "points"):
        return label
    if source.calculation == "count" or not label:
        return CALCULATIONS["count"].label(language)
    if source.calculation == "sum":
        return label
    return f"{label} ({source.calculated.label(language).lower()})"


def dated(measure: str, source: SeriesSource, shape: TableShape, language: str) -> str:
    """« Population municipale en 2021 », when only the rows of that year are measured."""
    among = year_among(source.where, shape)
    return (
        translate(gettext_noop("{measure} en {year}"), language, measure=measure, year=among[1]) if among else measure
    )


def _label(shape: TableShape, name: str) -> str:
    column = shape.get(name) if name else None
    return in_words(column.label) if column else ""


def _lower(text: str) -> str:
    """Without the capital of a label, unless it is an acronym."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
