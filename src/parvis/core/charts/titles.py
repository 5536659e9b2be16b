"""The title of a chart that was given none: what is measured, by what."""

from __future__ import annotations

from parvis.core.charts.description import ChartDescription
from parvis.core.charts.formats import tongue
from parvis.core.charts.marks import CALCULATIONS, RATES, STEPS
from parvis.core.charts.questions import Table
from parvis.core.charts.territories import coded, level_of
from parvis.core.columns import TableShape


def title_of(description: ChartDescription, table: Table, language: str = "fr") -> str:
    """« Hauteur (moyenne) par espèce et par type », the description's own title when it has one."""
    if description.title:
        return description.title
    lang, source, shape = tongue(language), description.sources[0], table.shape
    by = "par" if lang == "fr" else "by"
    text = description.labels.get("measure") or _measured(description, shape, lang)
    if description.mark == "points":
        against = _label(shape, source.against)
        text = f"{text} selon {against}" if lang == "fr" else f"{text} against {against}"
    groups = [description.labels.get(role) or _label(shape, getattr(source, role)) for role in ("grouping", "series")]
    if source.step in STEPS:
        groups[0] = STEPS[source.step].label(lang).removeprefix(f"{by} ")
    place = coded(source, shape)
    if source.territory and place:
        rank = 0 if place.role == "grouping" else 1
        groups[rank] = description.labels.get(place.role) or level_of(source, lang)
    if description.mark == "histogram":
        return f"Répartition : {text}" if lang == "fr" else f"Distribution: {text}"
    if description.mark == "sankey":
        return f"{text} : {_lower(groups[0])} → {_lower(groups[1])}"
    links = [f"{by} {_lower(group)}" for group in groups if group]
    told = " ".join([text, (" et " if lang == "fr" else " and ").join(links)]).strip()
    return f"{told}, {RATES[source.per].label(lang)}" if source.per else told


def _measured(description: ChartDescription, shape: TableShape, lang: str) -> str:
    source = description.sources[0]
    label = _label(shape, source.measure)
    if description.mark in ("histogram", "box", "points"):
        return label
    if source.calculation == "count" or not label:
        return CALCULATIONS["count"].label(lang)
    return f"{label} ({source.calculated.label(lang).lower()})"


def _label(shape: TableShape, name: str) -> str:
    column = shape.get(name) if name else None
    return column.label if column else ""


def _lower(text: str) -> str:
    """Without the capital of a label, unless it is an acronym."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]
