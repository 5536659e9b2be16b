"""The glossary of column words, as it ships."""

from __future__ import annotations

import csv

from parvis.packs.bundled_files import HERE
from parvis.packs.column_words import glossary, word_in


def test_each_word_is_there_once_and_has_its_translation():
    with (HERE / "column_words.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) >= 300
    assert all(row["fr"].strip() == row["fr"] and row["en"].strip() == row["en"] != "" for row in rows)
    assert len(glossary()["en"]) == len(rows)


def test_words_are_known_whatever_their_accents_case_and_underscores():
    assert word_in("CODE_POSTAL", "en") == word_in("code postal", "en").capitalize() == "Postcode"
    assert word_in("Département", "en") == "Department"
    assert word_in("département", "en") == "department"
    assert word_in("siret", "en") == word_in("Commune", "br") == ""
