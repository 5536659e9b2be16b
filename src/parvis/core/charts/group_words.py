"""What a group of an answer is called: a moment, a number, yes or no, its label, or nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from parvis.core.charts.formats import NO, NOTHING, YES, moment_text, number_text
from parvis.core.columns import Column, value_text
from parvis.core.text import fold
from parvis.core.translation import translate
from parvis.core.years import is_year


def is_number(value: Any) -> bool:
    """Whether a group is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def group_text(value: Any, column: Column | None, step: str, lang: str, labels: Mapping[str, str]) -> str:
    """A value of a column as its group is read; ``step`` of time, and labels of values by their text."""
    if value is None or value == "":
        return translate(NOTHING, lang)
    if not step and (label := labels.get(value_text(value))):
        return label
    if isinstance(value, bool):
        return translate(YES if value else NO, lang)
    if is_number(value):
        return plain_number(value, column, lang)
    text = " ".join(str(value).split())
    if is_placeholder(text):
        return f"{translate(NOTHING, lang)} ({text.strip()})"
    if _JOINED.fullmatch(text):
        text = text.replace("_", " ")
    return moment_text(text, step, lang) if step or (column and column.type in ("date", "datetime")) else text


_JOINED = re.compile(r"[^\W\d_]+(?:_[^\W\d_]+)+")
"""Words that a program joined: « SENS_UNIQUE », « public_building »."""
_PLACEHOLDERS = frozenset(
    ("", "\\n", "-", "--", "---", "–", "—", ".", "..", "/", "?", "n.d.", "n.d", "nd", "n/d", "n.c.", "n.c", "n/c", "n.a.", "n/a", "#n/a", "s.o.", "s.o", "s/o",
     "nr", "n.r.", "null", "none", "nan", "non renseigne", "non renseignee", "non communique", "non disponible", "sans objet", "inconnu")
)  # fmt: skip
_ACRONYMS = frozenset(("NC", "NA", "SO"))
"""Only in capitals: « na » and « so » may be names."""


def is_placeholder(text: str) -> bool:
    """Whether a text stands for no value, as people write it in their files."""
    return fold(text).strip() in _PLACEHOLDERS or text.strip() in _ACRONYMS


def plain_number(value: float, column: Column | None, lang: str) -> str:
    """A group that is a number; years without the space of thousands."""
    if is_year(value, column):
        return str(int(value))
    decimals = 0 if value == int(value) else min(len(repr(float(value)).partition(".")[2]), 4)
    return number_text(value, decimals, lang)
