"""What is wrong of a request, in words: pydantic's kinds of errors, of which it tells in English alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from parvis.core.translation import Sentence, gettext_noop

MISSING = gettext_noop("manque")
UNKNOWN = gettext_noop("n’est pas connu")
MISSHAPEN = gettext_noop("n’a pas la forme attendue")
BECAUSE = gettext_noop("n’a pas la forme attendue : {reason}")
BAD_JSON = Sentence(BECAUSE, {"reason": Sentence(gettext_noop("ce n’est pas du JSON"))})

_WHOLE = gettext_noop("il faut un nombre entier")
_NUMBER = gettext_noop("il faut un nombre")
_FLAG = gettext_noop("il faut true ou false")
_TEXT = gettext_noop("il faut un texte")
_LIST = gettext_noop("il faut une liste")
_OBJECT = gettext_noop("il faut un objet")
_DATE = gettext_noop("il faut une date, comme 2026-01-31")
_AMONG = gettext_noop("il faut {expected}")
_LEAST = gettext_noop("{least} au moins")
_MOST = gettext_noop("{most} au plus")
_LEAST_LONG = gettext_noop("une longueur de {least} au moins")
_MOST_LONG = gettext_noop("une longueur de {most} au plus")
_PATTERN = gettext_noop("il faut ce qui suit le modèle {expected}")

_REASONS: Mapping[str, str] = {
    **dict.fromkeys(("int_type", "int_parsing", "int_parsing_size", "int_from_float"), _WHOLE),
    **dict.fromkeys(("float_type", "float_parsing", "finite_number", "decimal_type", "decimal_parsing"), _NUMBER),
    **dict.fromkeys(("bool_type", "bool_parsing"), _FLAG),
    **dict.fromkeys(("string_type", "string_unicode", "string_sub_type"), _TEXT),
    **dict.fromkeys(("list_type", "tuple_type", "set_type"), _LIST),
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type"), _OBJECT),
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"), _DATE),
    **dict.fromkeys(("enum", "literal_error"), _AMONG),
    **dict.fromkeys(("string_too_short", "too_short"), _LEAST_LONG),
    **dict.fromkeys(("string_too_long", "too_long"), _MOST_LONG),
    "greater_than_equal": _LEAST,
    "less_than_equal": _MOST,
    "string_pattern_mismatch": _PATTERN,
}
"""For each kind; one that is not there has no reason told."""
_BOUNDS = {"least": ("ge", "min_length"), "most": ("le", "max_length")}
_CHOICE = re.compile(r"\^\(((?:[\w-]+\|)*[\w-]+)\)\$")


def what_is_wrong(errors: Sequence[Mapping[str, Any]]) -> tuple[str, Sentence]:
    """The name of a value and what is wrong of it. A name that is not known comes first: it is often the one that is missing, misspelt."""
    error = next((row for row in errors if row["type"] == "extra_forbidden"), errors[0])
    path = [str(part) for part in error["loc"]]
    # « body, body, accept »: where it is, the argument of the operation, then what is within.
    name = ".".join((path[2:] or ["body"]) if path[0] == "body" else path[1:] or path)
    return name[:200], _problem(error)


def _problem(error: Mapping[str, Any]) -> Sentence:
    if error["type"] == "missing":
        return Sentence(MISSING)
    if error["type"] == "extra_forbidden":
        return Sentence(UNKNOWN)
    words = _REASONS.get(error["type"])
    if words is None:
        return Sentence(MISSHAPEN)
    facts = error.get("ctx", {})
    values = {name: next((facts[key] for key in keys if key in facts), "") for name, keys in _BOUNDS.items()}
    choice = _CHOICE.fullmatch(str(facts.get("pattern", "")))
    if choice:
        values["expected"], words = ", ".join(choice[1].split("|")), _AMONG
    elif "{expected}" in words:
        values["expected"] = str(facts.get("expected", facts.get("pattern", ""))).replace(" or ", ", ")[:300]
    return Sentence(BECAUSE, {"reason": Sentence(words, values)})
