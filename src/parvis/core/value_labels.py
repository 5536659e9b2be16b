"""What values are called on screens: bounds of labels, and the ones that may be proposed for coded values and for capitals."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from parvis.core.columns import LABELS, Column, ColumnType
from parvis.core.text import fold, seen_text

MOST_LABELS, LONGEST_VALUE, LONGEST_LABEL = 200, 200, 100
"""Labels of a column; letters of a value that has one, and of a label."""
LABELLED_TYPES = frozenset({ColumnType.TEXT, ColumnType.INT, ColumnType.BOOLEAN})
"""Types whose values may be codes."""


def bounded(labels: Any) -> dict[str, str]:
    """The labels that may be kept, each on one line: none that is empty, longer than the bounds or beyond their number.

    A value whose name is the label of another keeps it as its own, so that both are known apart.
    """
    if not isinstance(labels, Mapping):
        return {}
    lines = {str(value): seen_text(str(label)) for value, label in labels.items()}
    fit = {v: t for v, t in lines.items() if t and v and len(v) <= LONGEST_VALUE and len(t) <= LONGEST_LABEL}
    shared = {text for value, text in fit.items() if text != value}
    telling = {value: text for value, text in fit.items() if text != value or value in shared}
    return dict(list(telling.items())[:MOST_LABELS])


def with_bounded_labels(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What a card says of columns, the labels of their values within the bounds."""
    return {name: _with_bounded_labels(entry) for name, entry in fields.items()}


def _with_bounded_labels(entry: Any) -> Any:
    annotations = entry.get("annotations") if isinstance(entry, Mapping) else None
    if not isinstance(annotations, Mapping) or LABELS not in annotations:
        return entry
    others = {name: value for name, value in annotations.items() if name != LABELS}
    labels = bounded(annotations[LABELS])
    return {**entry, "annotations": {**others, LABELS: labels} if labels else others}


def may_be_labelled(column: Column) -> bool:
    """Whether its values may be codes: texts, whole numbers, oui or non."""
    return column.type in LABELLED_TYPES


@dataclass(frozen=True, slots=True)
class Family:
    """Coded values that are well known, and what they are called."""

    values: Mapping[str, str]
    columns: frozenset[str] = frozenset()
    """Words of the names of its columns, for values that say nothing by themselves (« F » and « M »); any column without them."""


def known_labels(column: Column, values: Collection[str], families: Iterable[Family]) -> dict[str, str]:
    """What values of a column are called by the family that knows most of them, half of them at least."""
    words = set(column.name.split("_"))
    fitting = [family for family in families if not family.columns or family.columns & words]
    proposals = [{value: family.values[value] for value in values if value in family.values} for family in fitting]
    best = max(proposals, key=len, default={})
    return best if len(best) * 2 >= len(values) else {}


_NAME_WORDS = frozenset(
    [
        "commune",
        "communes",
        "ville",
        "villes",
        "localite",
        "nom",
        "noms",
        "prenom",
        "prenoms",
        "departement",
        "departements",
        "dep",
        "region",
        "regions",
        "epci",
        "pays",
        "quartier",
        "quartiers",
        "lieudit",
        "voie",
        "rue",
        "greffe",
        "arrondissement",
        "canton",
        "bassin",
        "gare",
        "station",
        "ligne",
    ]
)
"""Words of columns whose values are names: each of their words keeps a capital."""
_SMALL_WORDS = frozenset(
    [
        "a",
        "au",
        "aux",
        "d",
        "de",
        "des",
        "du",
        "en",
        "et",
        "l",
        "la",
        "le",
        "les",
        "lès",
        "ou",
        "par",
        "pour",
        "sous",
        "sur",
        "un",
        "une",
    ]
)
_NUMERALS = re.compile(r"[IVX]{2,}")
_WORD = re.compile(r"[^\W_]+")


def in_small_letters(text: str, column: Column) -> str:
    """« Arceau simple » for « ARCEAU_SIMPLE », « Saint-Étienne-du-Rouvray » for a name; empty for a text that is not in capitals, or
    that is an acronym."""
    words = _WORD.findall(text)
    if text != text.upper() or len(max(words, key=len, default="")) < 4 or all(map(_is_acronym, words)):
        return ""
    is_name = bool(_NAME_WORDS & set(column.name.split("_"))) or bool(column.kind)
    rank = 0

    def smaller(match: re.Match[str]) -> str:
        nonlocal rank
        word, rank = match.group(), rank + 1
        if _is_acronym(word):
            return word
        small = word.lower()
        return small.capitalize() if rank == 1 or (is_name and fold(small) not in _SMALL_WORDS) else small

    return _WORD.sub(smaller, text.replace("_", " "))


def _is_acronym(word: str) -> bool:
    """« SNCF », « XIV », « 2MPE »: what no one would say as a word."""
    if any(letter.isdigit() for letter in word) or _NUMERALS.fullmatch(word):
        return True
    return len(word) > 1 and not set(fold(word)) & set("aeiouy")
