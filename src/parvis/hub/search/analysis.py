"""French words as the index knows them: folded, without little words, stemmed or whole; and other words for the same thing."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

import tantivy

from parvis.core.text import fold

STEMMED, WHOLE = "french", "words"
"""Analysers by the name that the index knows them by."""
_LITTLE_WORDS = (
    "a au aux avec ce ces cet cette d dans de des du elle en est et eux il ils j je l la le les leur leurs lui m ma "
    "mais me meme mes moi mon n ne nos notre nous on ou par pas pour qu que qui s sa se ses son sont sur t ta te tes "
    "toi ton tu un une vos votre vous y c"
)
STOP_WORDS = sorted(set(_LITTLE_WORDS.split()))


def _words() -> tantivy.TextAnalyzerBuilder:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    builder = builder.filter(tantivy.Filter.remove_long(60)).filter(tantivy.Filter.lowercase())
    return builder.filter(tantivy.Filter.ascii_fold())


def stemmed_analyser() -> tantivy.TextAnalyzer:
    """Lower case, accents folded, then stemmed: folding first gives « mobilités » and « mobilites » the same stem."""
    builder = _words().filter(tantivy.Filter.custom_stopword(STOP_WORDS))
    return builder.filter(tantivy.Filter.stemmer("french")).build()


def whole_analyser() -> tantivy.TextAnalyzer:
    """The same words, whole: what is being typed is the beginning of a word, not of its stem."""
    return _words().build()


_stemmed, _whole = stemmed_analyser(), whole_analyser()


_PLURAL = re.compile(r"(?<=[a-z]{2}[aiou])s\b", re.ASCII)
"""The plurals that the stemmer leaves: « vélos », « menus », « abris »."""


def prepared(text: str) -> str:
    """Text ready to be stemmed: ligatures opened (œ → oe), typographic apostrophes made plain, plurals in -as, -is, -os, -us undone."""
    return _PLURAL.sub("", fold(text))


def stems(text: str) -> list[str]:
    """The stems of a question, in order, without repeats."""
    return list(dict.fromkeys(_stemmed.analyze(prepared(text))))


def whole_words(text: str) -> list[str]:
    """The words of a question, in order, folded; little ones among them."""
    return list(_whole.analyze(fold(text)))


@cache
def _synonyms() -> dict[str, tuple[tuple[str, ...], ...]]:
    table: dict[str, list[tuple[str, ...]]] = {}
    with (files(__package__) / "synonyms.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            meanings = [tuple(stems(words)) for words in row["words"].split("|")]
            for stem in {meaning[0] for meaning in meanings if len(meaning) == 1}:
                table.setdefault(stem, []).extend(meaning for meaning in meanings if meaning != (stem,))
    return {stem: tuple(dict.fromkeys(others)) for stem, others in table.items()}


def synonyms(stem: str) -> tuple[tuple[str, ...], ...]:
    """What people also call it, each as the stems of its words: « cantine » gives those of « restauration scolaire »."""
    return _synonyms().get(stem, ())
