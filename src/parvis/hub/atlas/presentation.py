"""A map in words: the sentence above it, the value of a territory, what the pop-up of a territory says, the trail of each value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.core.atlas.popups import filled
from parvis.core.atlas.shading import Shade
from parvis.core.charts.formats import number_text, with_unit
from parvis.core.columns import ColumnType
from parvis.core.text import fold
from parvis.hub.atlas.answers import Answered, LayerAnswer, level_words
from parvis.hub.catalogue.provenance import provenance, ways_back
from parvis.hub.catalogue.rules import Status
from parvis.hub.drawings.trails import csv_address, group_address, question_text, rows_address
from parvis.hub.territories.selectors import population_year
from parvis.hub.ui.formatting import number
from parvis.hub.ui.trail import Trail


def sentence(answered: Answered) -> str:
    """What the map shows, made from its data."""
    is_alone = len(answered.layers) == 1
    parts = [
        _of_shades(layer_answer, answered.language)
        if layer_answer.is_shaded
        else _of_rows(layer_answer, is_alone=is_alone)
        for layer_answer in answered.layers
    ]
    when = dict(answered.moments).get(answered.moment, "")
    text = " ".join(part for part in parts if part)
    return f"{when}{_('\u00a0: ')}{text}" if when else text


def _of_rows(layer_answer: LayerAnswer, *, is_alone: bool) -> str:
    count, geometry = layer_answer.total, layer_answer.layer.drawn.geometry
    if geometry == "line":
        text = ngettext("%(count)s tracé", "%(count)s tracés", count)
    elif geometry == "area":
        text = ngettext("%(count)s surface", "%(count)s surfaces", count)
    else:
        text = ngettext("%(count)s emplacement", "%(count)s emplacements", count)
    counted = text % {"count": number(count)}
    if is_alone:
        return _("%(counted)s sur la carte.") % {"counted": counted}
    return _("%(label)s\u00a0: %(counted)s.") % {"label": layer_answer.layer.label, "counted": counted}


def _of_shades(layer_answer: LayerAnswer, language: str) -> str:
    label, measure = layer_answer.layer.label, layer_answer.legend.title
    facts = {"subject": label if layer_answer.is_named else f"{label}, {measure[:1].lower()}{measure[1:]}"}
    if not layer_answer.shades:
        return _("%(subject)s\u00a0: aucune valeur.") % {"subject": label}
    ranked = ranked_shades(layer_answer)
    first, last = ranked[0], ranked[-1]
    facts |= {
        "first": first.name,
        "most": value_text(layer_answer, first.value, language),
        "last": last.name,
        "least": value_text(layer_answer, last.value, language),
        "territories": _territories(layer_answer.layer.level, len(ranked)),
    }
    if len(ranked) == 1:
        return _("%(subject)s\u00a0: %(most)s à %(first)s.") % facts
    return _("%(subject)s\u00a0: de %(least)s (%(last)s) à %(most)s (%(first)s), pour %(territories)s.") % facts


def _territories(level: str, count: int) -> str:
    """« 23 communes »."""
    text = {
        "commune": ngettext("%(count)s commune", "%(count)s communes", count),
        "epci": ngettext("%(count)s intercommunalité", "%(count)s intercommunalités", count),
        "departement": ngettext("%(count)s département", "%(count)s départements", count),
        "region": ngettext("%(count)s région", "%(count)s régions", count),
    }[level]
    return text % {"count": number(count)}


def ranked_shades(layer_answer: LayerAnswer) -> list[Shade]:
    """The territories of a layer, largest value first, then by name."""
    return sorted(layer_answer.shades, key=lambda shade: (-shade.value, fold(shade.name)))


def value_text(layer_answer: LayerAnswer, value: float, language: str) -> str:
    """The value of a territory, with its unit."""
    unit = layer_answer.layer.unit if layer_answer.layer.unit and not layer_answer.layer.per else ""
    return with_unit(number_text(value, layer_answer.decimals, language), unit, language)


def popup_lines(layer_answer: LayerAnswer, shade: Shade, language: str) -> list[str]:
    """The lines of a territory's pop-up: its template's, or its name and its value."""
    values = {"territoire": shade.name, "valeur": value_text(layer_answer, shade.value, language)}
    if layer_answer.layer.popup:
        return filled(layer_answer.layer.popup, lambda name: values[name])
    measure = layer_answer.layer.label if layer_answer.is_named else layer_answer.legend.title
    return [shade.name, f"{measure}{_('\u00a0: ')}{values['valeur']}"]


def row_trail(layer_answer: LayerAnswer, row: Mapping[str, Any], text: str) -> Trail | None:
    """From a feature of the list to its rows in the table; None when nothing in it can name them."""
    column = layer_answer.naming.leading
    value = row.get(column.name) if column else None
    if column is None or column.type is not ColumnType.TEXT or not isinstance(value, str) or not value.strip():
        return None
    query = layer_answer.asked
    pairs = [("colonne", column.name), ("op", "egal"), ("valeur", value), ("version", query.version.name)]
    address = f"{query.dataset.get_absolute_url()}table/?{urlencode(pairs)}#lignes"
    facts = ((column.label, value), *provenance(query.dataset, query.version))
    return Trail(text, address, facts, ways_back(query.dataset, address))


def shade_rows(layer_answer: LayerAnswer, shade: Shade) -> str | None:
    """Where the rows are that made the value of a territory; None when no filter says them."""
    address = rows_address(layer_answer.asked)
    if len(shade.codes) == 1:
        return group_address(layer_answer.asked, shade.codes[0], shade.moment or None) or address
    return address


def shade_trail(answered: Answered, layer_answer: LayerAnswer, shade: Shade) -> Trail | None:
    """From the value of a territory to the rows that made it, else to the answer; None for a dataset that is not published."""
    query, language = layer_answer.asked, answered.language
    if query.dataset.status != Status.PUBLISHED:
        return None
    address = shade_rows(layer_answer, shade) or csv_address(query.dataset.dataset_id, query.question)
    text, question = value_text(layer_answer, shade.value, language), query.question
    facts = [
        (_("Valeur"), text),
        (level_words(layer_answer.layer, language), f"{shade.name} ({shade.code})"),
        *([(_("Moment"), dict(answered.moments).get(shade.moment, shade.moment))] if shade.moment else []),
        *([(_("Codes réunis"), ", ".join(shade.codes[:12]))] if len(shade.codes) > 1 else []),
        *_related(layer_answer, shade, language),
        *provenance(query.dataset, query.version, question_text(question.select, question.where, question.group_by)),
    ]
    return Trail(text, address, tuple(facts), ways_back(query.dataset, address))


def _related(layer_answer: LayerAnswer, shade: Shade, language: str) -> list[tuple[str, str]]:
    if shade.base is None:
        return []
    people = layer_answer.layer.per == "inhabitants"
    label = (
        _("Habitants (population municipale de %(year)s, Insee)") % {"year": population_year()}
        if people
        else _("Surface en km²")
    )
    raw = number_text(shade.raw, 0 if shade.raw == int(shade.raw) else 2, language)
    return [(_("Valeur rapportée"), raw), (label, number_text(shade.base, 0 if people else 1, language))]
