"""What fills the sentence of a fault: the value, the field, what exactly is wrong with it, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from parvis.core.official_codes import is_siren
from parvis.core.readings.dates import impossible_part
from parvis.core.readings.field_readings import meaning_of
from parvis.core.readings.places import find_pair, in_boxes, projection_of
from parvis.core.schemas.model import Field, TableSchema
from parvis.core.translation import gettext_noop, primary, quoted, translate, typeset
from parvis.core.validation.model import Fault

SHOWN = 80
_LISTED = 12
_LAYOUTS = (
    ("%Y", gettext_noop("AAAA")),
    ("%y", gettext_noop("AA")),
    ("%m", gettext_noop("MM")),
    ("%d", gettext_noop("JJ")),
    ("%H", gettext_noop("HH")),
    ("%M", gettext_noop("MM")),
    ("%S", gettext_noop("SS")),
)
_POINTS = {
    "default": "longitude,latitude",
    "array": "[longitude,latitude]",
    "object": '{"lon": longitude, "lat": latitude}',
}
_OPERATORS = {
    ">": gettext_noop("supérieur à"),
    ">=": gettext_noop("supérieur ou égal à"),
    "==": gettext_noop("égal à"),
    "<=": gettext_noop("inférieur ou égal à"),
    "<": gettext_noop("inférieur à"),
}
_IMPOSSIBLE = {
    "month": gettext_noop(" : il n’y a pas de mois {number}"),
    "day": gettext_noop(" : ce mois n’a pas de jour {number}"),
}
_SHORT_SIRET = gettext_noop(" : c’est un SIREN, il manque les cinq chiffres de l’établissement")
_EXAMPLES = {"%Y-%m-%d": "2021-12-31", "%Y": "2021"}


def short(text: object, most: int = SHOWN) -> str:
    """A text on one line, cut when it is long."""
    line = " ".join(str(text).split()) if str(text).strip() else str(text)
    return line if len(line) <= most else line[: most - 1] + "…"


def layout_words(layout: object, language: str) -> str:
    """A layout of strptime in letters: ``%Y-%m-%d`` gives AAAA-MM-JJ."""
    text = str(layout) if "%" in str(layout) else "%Y-%m-%d"
    for code, letters in _LAYOUTS:
        text = text.replace(code, translate(letters, language))
    return text


def details_of(fault: Fault, schema: TableSchema, language: str) -> dict[str, object]:
    """Every placeholder of ``fault_sentences`` for this fault; those that do not concern it are empty."""
    item = schema.find(fault.column) if fault.column else None
    value = fault.value or ""
    filled: dict[str, object] = {
        "value": short(value), "column": fault.column or "", "row": fault.row or "", "position": fault.position or "",
        "check": fault.rule.partition(":")[2], "length": len(value), "impossible": "", "such": _such(item, language),
        "metres": "", "swapped": "", "siren": "", "siret": "", "siren_why": "", "pattern": "", "found": "",
        "example": "", "layout": "", "decimal": ".", "true_values": "", "false_values": "", "point": "",
    }  # fmt: skip
    filled |= {key: _shown(detail, language) for key, detail in fault.details.items() if key != "example"}
    for rule, fill in _FILLERS.items():
        if fault.rule == rule or fault.rule.startswith(f"{rule}:"):
            filled |= fill(fault, item, schema, language)
    return filled


def _shown(detail: Any, language: str) -> str:
    if isinstance(detail, (list, tuple)):
        items = [short(item) for item in detail if item != ""]
        more = (
            translate(gettext_noop("… ({count} en tout)"), language, count=len(items)) if len(items) > _LISTED else ""
        )
        return ", ".join(quoted(item, language) for item in items[:_LISTED]) + more
    return short(detail, 300)


def _such(item: Field | None, language: str) -> str:
    if item is None or item.example in (None, ""):
        return ""
    return typeset(gettext_noop(", par exemple « {example} »"), language).format(example=short(item.example))


def _date(fault: Fault, item: Field | None, schema: TableSchema, language: str) -> Mapping[str, object]:
    layout = fault.details.get("format") or (item.format if item else "")
    part = impossible_part(fault.value or "")
    why = ""
    if part:
        why = typeset(_IMPOSSIBLE[part[0]], language).format(number=part[1])
    plain = str(layout) if "%" in str(layout) else "%Y-%m-%d"
    return {
        "layout": layout_words(layout, language),
        "impossible": why,
        "example": _EXAMPLES.get(plain, layout_words(layout, language)),
    }


def _number(fault: Fault, item: Field | None, schema: TableSchema, language: str) -> Mapping[str, object]:
    return {"decimal": fault.details.get("decimal_char") or "."}


def _point(fault: Fault, item: Field | None, schema: TableSchema, language: str) -> Mapping[str, object]:
    form = str(fault.details.get("format") or (item.format if item else "default"))
    pair = find_pair(fault.value or "")
    system = projection_of(pair[0], pair[1]) if pair else None
    in_metres = gettext_noop(" : ces nombres sont en mètres ({system})")
    metres = typeset(in_metres, language).format(system=system.label) if system else ""
    return {"point": _POINTS.get(form, _POINTS["default"]), "metres": metres}


def _pattern(fault: Fault, item: Field | None, schema: TableSchema, language: str) -> Mapping[str, object]:
    value = (fault.value or "").strip()
    siren = ""
    if item is not None and is_siren(value) and meaning_of(item, schema) == "siret":
        siren = typeset(_SHORT_SIRET, language)
    pattern = str(fault.details.get("pattern") or "")
    if match := re.fullmatch(r"\^?(?:\\d|\[0-9\])\{(\d+)\}\$?", pattern):
        digits = typeset(gettext_noop(" : {count} chiffres sont attendus"), language).format(count=match[1])
        return {"pattern": digits if not siren else "", "siren": siren}
    rule = typeset(gettext_noop(" (règle : {pattern})"), language).format(pattern=pattern)
    return {"pattern": rule if pattern and len(pattern) <= 60 and not siren else "", "siren": siren}


def _key(digits: int, spot: str) -> Callable[[Fault, Field | None, TableSchema, str], Mapping[str, object]]:
    def fill(fault: Fault, item: Field | None, schema: TableSchema, language: str) -> Mapping[str, object]:
        bare = re.sub(r"\s", "", fault.value or "")
        if not bare.isdecimal():
            return {}
        if digits == 14 and is_siren(bare):
            return {spot: typeset(_SHORT_SIRET, language)}
        if len(bare) != digits:
            counted = gettext_noop(" : il a {count} chiffres au lieu de {digits}")
            return {spot: typeset(counted, language).format(count=len(bare), digits=digits)}
        return {spot: typeset(gettext_noop(" : un des chiffres est faux"), language)}

    return fill


def _place(fault: Fault, item: Field | None, schema: TableSchema, language: str) -> Mapping[str, object]:
    pair = find_pair(fault.value or "")
    turned = pair is not None and in_boxes(pair[1], pair[0])
    exchanged = gettext_noop(" : la longitude et la latitude sont échangées")
    return {"swapped": typeset(exchanged, language) if turned else ""}


def _several(fault: Fault, item: Field | None, schema: TableSchema, language: str) -> Mapping[str, object]:
    values = fault.details.get("values")
    if not isinstance(values, Mapping):
        return {}
    empty = translate(gettext_noop("vide"), language)
    listed = ", ".join(f"{name} = {empty if value in (None, '') else short(value)}" for name, value in values.items())
    return {
        "found": typeset(gettext_noop(" (trouvé : {values})"), language).format(values=listed),
        "op": translate(_OPERATORS.get(str(fault.details.get("op")), ""), language),
    }


def _problem(fault: Fault, item: Field | None, schema: TableSchema, language: str) -> Mapping[str, object]:
    return {"note": fault.details.get(f"note_{primary(language)}") or fault.details.get("note") or ""}


_FILLERS: dict[str, Callable[[Fault, Field | None, TableSchema, str], Mapping[str, object]]] = {
    "schema": _problem,
    "type:date": _date,
    "type:number": _number,
    "type:geopoint": _point,
    "constraint:pattern": _pattern,
    "check:siret": _key(14, "siret"),
    "check:siren": _key(9, "siren_why"),
    "check:french-gps-coordinates": _place,
    "check:cohesive-columns-value": _several,
    "check:compare-columns-value": _several,
    "check:sum-columns-value": _several,
}
"""What is worked out for a rule beyond the details that the fault has."""
