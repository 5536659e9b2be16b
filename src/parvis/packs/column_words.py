"""Common words of columns in French open data, and what they are called in English (``column_words.csv``)."""

from __future__ import annotations

import csv
from functools import cache

from parvis.core.text import fold
from parvis.core.translation import SOURCE
from parvis.packs.bundled_files import HERE


@cache
def glossary() -> dict[str, dict[str, str]]:
    """For each language, the words of the glossary by French word, folded."""
    with (HERE / "column_words.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    others = [name for name in rows[0] if name != SOURCE]
    return {language: {_key(row[SOURCE]): row[language] for row in rows if row[language]} for language in others}


def word_in(text: str, language: str) -> str:
    """What the glossary calls a column or a value so named, in small letters where the text is; empty when it does not know it.

    >>> word_in("Code postal", "en"), word_in("commune", "en"), word_in("Xylophone", "en"), word_in("Commune", "de")
    ('Postcode', 'municipality', '', '')
    """
    word = glossary().get(language, {}).get(_key(text), "")
    starts_small = text.strip()[:1].islower() and word[1:2].islower()
    return word[:1].lower() + word[1:] if starts_small else word


def _key(text: str) -> str:
    return " ".join(fold(text.replace("_", " ")).split())
