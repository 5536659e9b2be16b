"""What a source says of a dataset in other languages than the one it is read in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from parvis.core.card_translations import (
    LONGEST_DESCRIPTION,
    LONGEST_KEYWORD,
    LONGEST_TITLE,
    MOST_FIELDS,
    MOST_KEYWORDS,
)
from parvis.core.columns import LABELS

EXTRA: Final = "translations"
"""Its name among the extras of an item: JSON, by language."""
MOST_LANGUAGES: Final = 12
_LANGUAGE = re.compile(r"[a-z]{2,3}")


def translations_extra(
    own: str,
    titles: Iterable[tuple[str, str]],
    descriptions: Iterable[tuple[str, str]],
    keywords: Iterable[tuple[str, str]],
) -> dict[str, str]:
    """The extra of an item whose card is in ``own``, from texts each with its language; none when all are in that one."""
    entries: dict[str, dict[str, Any]] = {}
    for name, pairs in (("title", titles), ("description", descriptions), ("keywords", keywords)):
        for language, text in pairs:
            code = code_of(language)
            if not code or code == own or not text.strip() or (code not in entries and len(entries) >= MOST_LANGUAGES):
                continue
            entry = entries.setdefault(code, {})
            if name == "keywords":
                words = entry.setdefault("keywords", [])
                if text not in words and len(words) < MOST_KEYWORDS:
                    words.append(text[:LONGEST_KEYWORD])
            else:
                entry.setdefault(name, text[: LONGEST_TITLE if name == "title" else LONGEST_DESCRIPTION])
    return {EXTRA: json.dumps(entries, ensure_ascii=False)} if entries else {}


def code_of(language: str) -> str:
    """Two or three letters; empty for anything else.

    >>> code_of("en-GB"), code_of("FR"), code_of("french"), code_of("")
    ('en', 'fr', '', '')
    """
    code = re.split(r"[-_]", language.strip().lower(), maxsplit=1)[0]
    return code if _LANGUAGE.fullmatch(code) else ""


def by_language(value: object) -> list[tuple[str, str]]:
    """The texts of ``{"fr": …, "en": …}``, or of lists of texts, each with its language; nothing of any other value."""
    if not isinstance(value, Mapping):
        return []
    pairs: list[tuple[str, str]] = []
    for language, text in list(value.items())[:50]:
        texts = text if isinstance(text, list) else [text]
        pairs += [(str(language), part) for part in texts[:1_000] if isinstance(part, str)]
    return pairs


def entry_between(own: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """What one Explore object of a dataset says otherwise than another of the same dataset, in another language."""
    here, there = _default(own), _default(other)
    entry: dict[str, Any] = {}
    for name, longest in (("title", LONGEST_TITLE), ("description", LONGEST_DESCRIPTION)):
        text = there.get(name)
        if isinstance(text, str) and text.strip() and text != here.get(name):
            entry[name] = text.strip()[:longest]
    words = there.get("keyword")
    if isinstance(words, list) and words != here.get("keyword"):
        lines = [word.strip()[:LONGEST_KEYWORD] for word in words if isinstance(word, str) and word.strip()]
        entry["keywords"] = list(dict.fromkeys(lines))[:MOST_KEYWORDS]
    former = {row["name"]: row for row in _fields(own)}
    fields = {}
    for row in _fields(other)[:MOST_FIELDS]:
        if described := _field_between(former.get(row["name"], {}), row):
            fields[row["name"]] = described
    return {**entry, "fields": fields} if fields else entry


def _field_between(here: Mapping[str, Any], there: Mapping[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {}
    for name, longest in (("label", LONGEST_TITLE), ("description", 2_000)):
        text = there.get(name)
        if isinstance(text, str) and text.strip() and text != here.get(name):
            described[name] = text.strip()[:longest]
    labels = _labels(there)
    if labels and labels != _labels(here):
        described[LABELS] = labels
    return described


def _labels(field: Mapping[str, Any]) -> dict[str, str]:
    annotations = field.get("annotations")
    labels = annotations.get(LABELS) if isinstance(annotations, Mapping) else None
    pairs = labels.items() if isinstance(labels, Mapping) else ()
    return {str(value): label for value, label in pairs if isinstance(label, str)}


def _default(row: Mapping[str, Any]) -> Mapping[str, Any]:
    metas = row.get("metas")
    default = metas.get("default") if isinstance(metas, Mapping) else None
    return default if isinstance(default, Mapping) else {}


def _fields(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    fields = row.get("fields")
    rows = fields if isinstance(fields, list) else []
    return [field for field in rows if isinstance(field, Mapping) and isinstance(field.get("name"), str)]
