"""The form of the chart maker: from the fields of an address to a description, and back to fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parvis.core.charts.description import MOST_SOURCES, ChartDescription, SeriesSource
from parvis.core.charts.marks import CALCULATIONS, MARKS, ORDERS, RATES, STEPS, TERRITORIES
from parvis.core.charts.questions import Table, columns_for
from parvis.core.charts.suggestions import columns_by_part, suggest
from parvis.core.charts.territories import coded
from parvis.core.charts.totals import kept_by
from parvis.core.columns import Column, ColumnType
from parvis.core.descriptions import LONGEST_TEXT
from parvis.core.years import IN_YEAR
from parvis.hub.drawings.drawn_conditions import condition_text, whole_conditions
from parvis.hub.drawings.forms import Select, column_select, select
from parvis.hub.ui.filters import Filter, conditions, read_filters_of

FIELDS = ("type", "groupe", "pas", "serie", "calcul", "mesure", "contre", "ordre", "limite", "cumul", "territoire", "rapport", "titre", "sous-titre", "unite")  # fmt: skip
"""Names of the fields in addresses, in the order of the form."""

_ROLES = {"groupe": "grouping", "serie": "series", "mesure": "measure", "contre": "against"}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A chart proposed above the form."""

    title: str
    type: str
    address: str
    picture: str = ""
    """The name of its thumbnail, once it was drawn."""


def read_description(query: QueryDict, dataset: str, table: Table) -> ChartDescription | None:
    """The description that an address asks for, of one dataset; the first suggestion when it says nothing of a chart.

    None when it says nothing and there is nothing to suggest. What a type needs and was not given is filled with the likeliest
    column, so that changing the type alone is enough. BadFilter for a filter that makes no sense.
    """
    where = conditions(table.shape, read_filters_of(query), query.get("q", "").strip()[:300])
    if not any(query.get(name) for name in FIELDS):
        suggestions = suggest(dataset, table)
        if not suggestions:
            return None
        first = suggestions[0].sources[0]
        return replace(suggestions[0], sources=(replace(first, where=where or first.where),))
    mark = query.get("type", "")
    mark = mark if mark in MARKS else "bars"
    source = _source(query, "", dataset, mark, table, where)
    order = query.get("ordre", "")
    return ChartDescription(
        mark,
        (source,),
        title=query.get("titre", "").strip()[:LONGEST_TEXT],
        subtitle=query.get("sous-titre", "").strip()[:LONGEST_TEXT],
        unit=query.get("unite", "").strip()[:40],
        order=order if order in ORDERS else "",
        stacked=query.get("cumul") != "non",
    ).checked()


def _source(
    query: QueryDict, prefix: str, dataset: str, mark: str, table: Table, where: tuple[str, ...]
) -> SeriesSource:
    chosen = {role: query.get(prefix + name, "") for name, role in _ROLES.items()}
    columns = {
        role: name if name in {column.name for column in columns_for(role, table.shape)} else ""
        for role, name in chosen.items()
    }
    calculation = query.get(f"{prefix}calcul", "")
    if calculation not in CALCULATIONS:
        calculation = "sum" if columns["measure"] else "count"
    if calculation == "distinct":  # of any column, numbers or not
        columns["measure"] = chosen["measure"] if table.shape.get(chosen["measure"]) else ""
    step = query.get(f"{prefix}pas", "")
    limit = query.get(f"{prefix}limite", "")
    source = SeriesSource(
        dataset,
        calculation=calculation,
        step=step if step in STEPS or mark == "histogram" else "",
        where=where,
        limit=min(int(limit), 2_000) if limit.isascii() and limit.isdecimal() and len(limit) < 6 else 0,
        **columns,
    )
    territory_fields = {"territory": query.get(f"{prefix}territoire", ""), "per": query.get(f"{prefix}rapport", "")}
    return _with_territory(filled(source, mark, table), mark, table, **territory_fields)


def _with_territory(source: SeriesSource, mark: str, table: Table, territory: str, per: str) -> SeriesSource:
    """The source with what was asked of its territories, when it has some: another grouping may have been chosen since."""
    place = coded(source, table.shape)
    if place is None or mark == "histogram":
        return source
    return replace(source, territory=territory if territory in place.levels else "", per=per if per in RATES else "")


def filled(source: SeriesSource, mark: str, table: Table) -> SeriesSource:
    """The source with a column for each thing its type needs; what its type does not know is dropped."""
    needs, parts = MARKS[mark], columns_by_part(table)
    groups = [column.name for column in (*parts.categories, *parts.years, *parts.moments)]
    if mark in ("lines", "areas", "multiples"):
        groups = [column.name for column in (*parts.years, *parts.moments, *parts.categories)]
    numbers = [column.name for column in (*parts.measures, *columns_for("measure", table.shape))]
    changes: dict[str, str] = {}
    if needs.grouping == "no":
        changes["grouping"] = ""
    elif needs.grouping == "needed" and not source.grouping:
        changes["grouping"] = _first(groups, taken={source.series})
    grouping = changes.get("grouping", source.grouping)
    if needs.series == "no" or source.series == grouping:
        changes["series"] = ""
    if needs.series == "needed" and not changes.get("series", source.series):
        changes["series"] = _first([column.name for column in parts.categories], taken={grouping})
    if source.calculation == "count" and mark not in ("points", "histogram", "box"):
        changes["measure"] = ""
    elif not source.measure:
        changes["measure"] = _first(numbers, taken={source.against})
    if mark == "points" and not source.against:
        changes["against"] = _first(numbers, taken={changes.get("measure", source.measure)})
    if mark != "points":
        changes["against"] = ""
    if mark == "histogram" and source.step in STEPS:
        changes["step"] = ""
    if source.calculation == "count" and mark in ("points", "box", "histogram"):
        changes["calculation"] = "avg"
    return replace(source, **changes)


def _first(names: Iterable[str], taken: set[str]) -> str:
    return next((name for name in names if name not in taken), "")


def fields_of(description: ChartDescription, table: Table, rank: int = 0) -> list[Select]:
    """The lists of choices for a source of a description: those that mean something for its type."""
    source, mark, language = description.sources[rank], description.type, get_language() or "fr"
    prefix = f"s{rank + 1}-" if rank else ""
    selects: list[Select] = []
    if mark.grouping != "no":
        optional = mark.grouping == "offered"
        selects.append(_columns(prefix + "groupe", _("Regrouper par"), "grouping", table, source.grouping, optional))
        column = table.shape.get(source.grouping)
        if column and column.type in (ColumnType.DATE, ColumnType.DATETIME):
            steps = [(name, step.label(language)) for name, step in STEPS.items()]
            selects.append(select(prefix + "pas", _("Pas de temps"), steps, source.step))
    if mark.series != "no":
        optional = mark.series == "offered"
        selects.append(_columns(prefix + "serie", _("Séries (couleurs)"), "series", table, source.series, optional))
    by_rows = mark.name in ("histogram", "box") or (mark.name == "points" and not source.grouping)
    if not by_rows:
        calculations = [(name, row.label(language)) for name, row in CALCULATIONS.items()]
        selects.append(select(prefix + "calcul", _("Calculer"), calculations, source.calculation))
    if by_rows or source.calculation != "count":
        selects.append(_columns(prefix + "mesure", _("Mesure"), "measure", table, source.measure, optional=False))
    if mark.name == "points":
        selects.append(
            _columns(prefix + "contre", _("Mesure horizontale"), "against", table, source.against, optional=False)
        )
    selects += _territories(prefix, description, source, table)
    if rank == 0 and mark.name in ("bars", "heatmap", "treemap", "pyramid"):
        orders = [(name, _(words)) for name, words in ORDERS.items()]
        selects.append(select("ordre", _("Ordre"), orders, description.order))
    if rank == 0 and mark.name == "bars" and source.series:
        ways = [("", _("Empilées")), ("non", _("Côte à côte"))]
        selects.append(select("cumul", _("Barres"), ways, "" if description.stacked else "non"))
    return selects


def _territories(prefix: str, description: ChartDescription, source: SeriesSource, table: Table) -> list[Select]:
    """What is offered when the groups or the series are codes of territories: their names, their level, per inhabitant."""
    place, language = coded(source, table.shape), get_language() or "fr"
    if place is None or description.mark == "histogram":
        return []
    levels = [(name, TERRITORIES[name].label(language)) for name in place.levels]
    hint = _("« %(column)s » contient des codes de territoires, dont Parvis connaît les noms.") % {
        "column": place.column.label
    }
    selects = [
        select(f"{prefix}territoire", _("Territoires"), [("", _("codes du fichier")), *levels], source.territory, hint)
    ]
    if not description.type.is_whole:
        rates = [(name, rate.asked(language)) for name, rate in RATES.items()]
        selects.append(select(f"{prefix}rapport", _("Rapporter à la population ou à la surface"), [("", _("non")), *rates], source.per))  # fmt: skip
    return selects


def types_of(description: ChartDescription | None) -> Select:
    """The types of charts."""
    language = get_language() or "fr"
    types = [(name, mark.label(language)) for name, mark in MARKS.items()]
    return select("type", _("Type de graphique"), types, description.mark if description else "bars")


def _columns(name: str, label: str, role: str, table: Table, chosen: str, optional: bool) -> Select:
    columns: list[Column] = columns_for(role, table.shape)
    if chosen and chosen not in {column.name for column in columns} and (column := table.shape.get(chosen)):
        columns = [column, *columns]
    return column_select(name, label, columns, chosen, _("aucune") if optional else "")


def as_fields(description: ChartDescription, filters: Iterable[Filter] = ()) -> list[tuple[str, str]]:
    """The fields of the address that ask for a description of one dataset: the inverse of ``read_description``."""
    source = description.sources[0]
    pairs = [
        ("type", description.mark),
        ("groupe", source.grouping),
        ("pas", source.step),
        ("serie", source.series),
        ("calcul", source.calculation),
        ("mesure", source.measure),
        ("contre", source.against),
        ("ordre", description.order),
        ("limite", str(source.limit or "")),
        ("cumul", "" if description.stacked else "non"),
        ("territoire", source.territory),
        ("rapport", source.per),
        ("titre", description.title),
        ("sous-titre", description.subtitle),
        ("unite", description.unit),
    ]
    fields = [(name, value) for name, value in pairs if value]
    for criterion in filters or _filters_of(source):
        fields += [("colonne", criterion.column), ("op", criterion.operator), ("valeur", criterion.value)]
    return fields


def _filters_of(source: SeriesSource) -> list[Filter]:
    """The filters of a suggestion, on one year and on one level; other conditions come with the filters they were made from."""
    matches = (IN_YEAR.fullmatch(condition) for condition in source.where)
    years = [Filter(match[1], "egal", match[2]) for match in matches if match]
    levels = [Filter(name, "egal" if sign == "=" else "different", value) for name, sign, value in kept_by(source)]
    return years + levels


# Several datasets on one chart, in the back office


def read_several(query: QueryDict, tables: Mapping[str, Table]) -> ChartDescription:
    """The description of a form with several sources: ``jeu``, ``s2-jeu``, … name the datasets, all in ``tables``."""
    prefixes = [f"s{rank + 1}-" if rank else "" for rank in range(MOST_SOURCES)]
    mark = query.get("type", "")
    mark = mark if mark in MARKS else "bars"
    sources = []
    for prefix in prefixes:
        dataset = query.get(f"{prefix}jeu", "")
        if dataset not in tables:
            continue
        table = tables[dataset]
        where = conditions(table.shape, read_filters_of(query), "") if not prefix else ()
        written = whole_conditions(condition_text(query, prefix, table.shape), table.shape)
        source = _source(query, prefix, dataset, mark, table, (*where, *written))
        sources.append(replace(source, label=query.get(f"{prefix}nom", "").strip()[:LONGEST_TEXT]))
    first = read_description(query, sources[0].dataset, tables[sources[0].dataset]) if sources else None
    if first is None:
        return ChartDescription(mark, tuple(sources)).checked()
    return first.with_changes(sources=tuple(sources))
