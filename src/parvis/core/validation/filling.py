"""What fills the sentence of a fault: the value, the field, what exactly is wrong with it, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from parvis.core.official_codes import is_siren
from parvis.core.readings.dates import impossible_part
from parvis.core.readings.places import find_pair, in_boxes, projection_of
from parvis.core.readings.wanting import meaning_of
from parvis.core.schemas.model import Field, TableSchema
from parvis.core.validation.model import Fault

SHOWN = 80
_LISTED = 12
_LAYOUTS = (("%Y", "AAAA", "YYYY"), ("%y", "AA", "YY"), ("%m", "MM", "MM"), ("%d", "JJ", "DD"), ("%H", "HH", "HH"), ("%M", "MM", "MM"), ("%S", "SS", "SS"))  # fmt: skip
_POINTS = {
    "default": "longitude,latitude",
    "array": "[longitude,latitude]",
    "object": '{"lon": longitude, "lat": latitude}',
}
_OPERATORS = {
    ">": ("supérieur à", "greater than"),
    ">=": ("supérieur ou égal à", "greater than or equal to"),
    "==": ("égal à", "equal to"),
    "<=": ("inférieur ou égal à", "less than or equal to"),
    "<": ("inférieur à", "less than"),
}
_EXAMPLES = {"%Y-%m-%d": "2021-12-31", "%Y": "2021"}


def short(text: object, most: int = SHOWN) -> str:
    """A text on one line, cut when it is long."""
    line = " ".join(str(text).split()) if str(text).strip() else str(text)
    return line if len(line) <= most else line[: most - 1] + "…"


def said(french: bool, fr: str, en: str) -> str:
    """The one of two texts that is in the reader's language."""
    return fr if french else en


def layout_words(layout: object, french: bool) -> str:
    """A layout of strptime in letters: ``%Y-%m-%d`` gives AAAA-MM-JJ."""
    text = str(layout) if "%" in str(layout) else "%Y-%m-%d"
    for code, fr, en in _LAYOUTS:
        text = text.replace(code, said(french, fr, en))
    return text


def details_of(fault: Fault, schema: TableSchema, french: bool) -> dict[str, object]:
    """Every placeholder of ``wordings`` for this fault; those that do not concern it are empty."""
    item = schema.find(fault.column) if fault.column else None
    value = fault.value or ""
    filled: dict[str, object] = {
        "value": short(value), "column": fault.column or "", "row": fault.row or "", "position": fault.position or "",
        "check": fault.rule.partition(":")[2], "length": len(value), "impossible": "", "such": _such(item, french),
        "metres": "", "swapped": "", "siren": "", "siret": "", "siren_why": "", "pattern": "", "found": "",
        "example": "", "layout": "", "decimal": ".", "true_values": "", "false_values": "", "point": "",
    }  # fmt: skip
    filled |= {key: _shown(detail, french) for key, detail in fault.details.items() if key != "example"}
    for rule, fill in _FILLERS.items():
        if fault.rule == rule or fault.rule.startswith(f"{rule}:"):
            filled |= fill(fault, item, schema, french)
    return filled


def _shown(detail: Any, french: bool) -> str:
    if isinstance(detail, (list, tuple)):
        items = [short(item) for item in detail if item != ""]
        more = said(french, f"… ({len(items)} en tout)", f"… ({len(items)} in all)") if len(items) > _LISTED else ""
        return ", ".join(said(french, f"«\u00a0{item}\u00a0»", f"“{item}”") for item in items[:_LISTED]) + more
    return short(detail, 300)


def _such(item: Field | None, french: bool) -> str:
    if item is None or item.example in (None, ""):
        return ""
    example = short(item.example)
    return said(french, f", par exemple «\u00a0{example}\u00a0»", f", for example “{example}”")


def _date(fault: Fault, item: Field | None, schema: TableSchema, french: bool) -> Mapping[str, object]:
    layout = fault.details.get("format") or (item.format if item else "")
    part = impossible_part(fault.value or "")
    why = ""
    if part:
        names = {"month": said(french, "mois", "month"), "day": said(french, "jour", "day")}
        why = said(
            french, f"\u00a0: il n’y a pas de {names[part[0]]} {part[1]}", f": there is no {names[part[0]]} {part[1]}"
        )
        if part[0] == "day":
            why = said(french, f"\u00a0: ce mois n’a pas de jour {part[1]}", f": that month has no day {part[1]}")
    plain = str(layout) if "%" in str(layout) else "%Y-%m-%d"
    return {
        "layout": layout_words(layout, french),
        "impossible": why,
        "example": _EXAMPLES.get(plain, layout_words(layout, french)),
    }


def _number(fault: Fault, item: Field | None, schema: TableSchema, french: bool) -> Mapping[str, object]:
    return {"decimal": fault.details.get("decimal_char") or "."}


def _point(fault: Fault, item: Field | None, schema: TableSchema, french: bool) -> Mapping[str, object]:
    form = str(fault.details.get("format") or (item.format if item else "default"))
    pair = find_pair(fault.value or "")
    system = projection_of(pair[0], pair[1]) if pair else None
    metres = (
        said(
            french,
            f"\u00a0: ces nombres sont en mètres ({system.label})",
            f": these numbers are in metres ({system.label})",
        )
        if system
        else ""
    )
    return {"point": _POINTS.get(form, _POINTS["default"]), "metres": metres}


def _pattern(fault: Fault, item: Field | None, schema: TableSchema, french: bool) -> Mapping[str, object]:
    value = (fault.value or "").strip()
    siren = ""
    if item is not None and is_siren(value) and meaning_of(item, schema) == "siret":
        siren = said(
            french,
            "\u00a0: c’est un SIREN, il manque les cinq chiffres de l’établissement",
            ": it is a SIREN, the five digits of the establishment are missing",
        )
    pattern = str(fault.details.get("pattern") or "")
    if match := re.fullmatch(r"\^?(?:\\d|\[0-9\])\{(\d+)\}\$?", pattern):
        return {
            "pattern": said(french, f"\u00a0: {match[1]} chiffres sont attendus", f": {match[1]} digits are expected")
            if not siren
            else "",
            "siren": siren,
        }
    return {
        "pattern": said(french, f" (règle\u00a0: {pattern})", f" (rule: {pattern})")
        if pattern and len(pattern) <= 60 and not siren
        else "",
        "siren": siren,
    }


def _key(digits: int, spot: str) -> Callable[[Fault, Field | None, TableSchema, bool], Mapping[str, object]]:
    def fill(fault: Fault, item: Field | None, schema: TableSchema, french: bool) -> Mapping[str, object]:
        bare = re.sub(r"\s", "", fault.value or "")
        if not bare.isdecimal():
            return {}
        if digits == 14 and is_siren(bare):
            return {
                spot: said(
                    french,
                    "\u00a0: c’est un SIREN, il manque les cinq chiffres de l’établissement",
                    ": it is a SIREN, the five digits of the establishment are missing",
                )
            }
        if len(bare) != digits:
            return {
                spot: said(
                    french,
                    f"\u00a0: il a {len(bare)} chiffres au lieu de {digits}",
                    f": it has {len(bare)} digits instead of {digits}",
                )
            }
        return {spot: said(french, "\u00a0: un des chiffres est faux", ": one of the digits is wrong")}

    return fill


def _place(fault: Fault, item: Field | None, schema: TableSchema, french: bool) -> Mapping[str, object]:
    pair = find_pair(fault.value or "")
    turned = pair is not None and in_boxes(pair[1], pair[0])
    return {
        "swapped": said(
            french, "\u00a0: la longitude et la latitude sont échangées", ": longitude and latitude are exchanged"
        )
        if turned
        else ""
    }


def _several(fault: Fault, item: Field | None, schema: TableSchema, french: bool) -> Mapping[str, object]:
    values = fault.details.get("values")
    if not isinstance(values, Mapping):
        return {}
    listed = ", ".join(
        f"{name} = {short(value) if value not in (None, '') else said(french, 'vide', 'empty')}"
        for name, value in values.items()
    )
    operator = _OPERATORS.get(str(fault.details.get("op")), ("", ""))
    return {"found": said(french, f" (trouvé\u00a0: {listed})", f" (found: {listed})"), "op": said(french, *operator)}


def _problem(fault: Fault, item: Field | None, schema: TableSchema, french: bool) -> Mapping[str, object]:
    return {"note": fault.details.get("note_fr" if french else "note") or fault.details.get("note") or ""}


_FILLERS: dict[str, Callable[[Fault, Field | None, TableSchema, bool], Mapping[str, object]]] = {
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
"""What is worked out for a rule beyond the details that the fault bears."""
