"""The matière of @ctes: printed, or by words of the object, then of the body."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from parvis.core.acts.flat_text import GAP, flatten
from parvis.core.acts.nomenclature import DATA, at_level_2
from parvis.core.acts.proposals.rules import GUESS, SURE, WEAK, Reading, Source

_MANY: Final = ("minutes", "list", "agenda", "verbatim")
_PRINTED: Final = re.compile(
    rf"(?<![a-z])(?:matieres?|nomenclature|classification|domaine|codification|code{GAP}(?:nature|actes|matiere)|@ctes|actes){GAP}(?:(?:de{GAP}l'acte|actes|@ctes|des{GAP}actes|prefecture|n[°o]){GAP}){{0,2}}[:-]?{GAP}(?P<code>\d\.\d{{1,2}}(?:\.\d{{1,2}}){{0,3}})(?![\d.]*\d)"
)
_BODY: Final = 3_000
_PROPOSED: Final = 3
_ENOUGH: Final = 2


@cache
def _words() -> Mapping[str, Mapping[str, float]]:
    """For each text, its weight for each matière."""
    table: dict[str, dict[str, float]] = {}
    for code, words in tomllib.loads((DATA / "matter_words.toml").read_text(encoding="utf-8")).items():
        for word, weight in words.items():
            table.setdefault(" ".join(word.split()), {})[code] = weight
    return table


@cache
def _pattern() -> re.Pattern[str]:
    """All texts, the longest first: a part of one that is there counts no more."""
    texts = sorted(_words(), key=len, reverse=True)
    return re.compile(
        rf"(?<![a-z])(?:{'|'.join(re.escape(text).replace(r'\*', '[a-z]{0,6}') for text in texts)})(?![a-z])"
    )


@cache
def _stems() -> Mapping[str, str]:
    return {text.rstrip("*"): text for text in _words()}


def _text_of(letters: str) -> str | None:
    """The text of the table that ``letters`` are."""
    if letters in _words():
        return letters
    for text in _words():
        if "*" in text and re.fullmatch(re.escape(text).replace(r"\*", "[a-z]{0,6}"), letters):
            return text
    return None


def scores(letters: str) -> Counter[str]:
    """How much the words of a text speak for each matière; each word counts once.

    >>> scores("Subventions aux associations").most_common(1)[0][0]
    '7.5'
    """
    total: Counter[str] = Counter()
    flat = " ".join(flatten(letters).split())
    for word in {hit[0] for hit in _pattern().finditer(flat)}:
        text = _text_of(word)
        for code, weight in _words()[text].items() if text else ():
            total[code] += weight  # type: ignore[assignment]
    return total


def best_matters(title: str, body: str = "") -> list[tuple[str, float]]:
    """At most three codes with their confidence: the object counts thrice what the body does."""
    total = scores(title)
    for code in total:
        total[code] *= 3
    titled = bool(total)
    if body:
        for code, weight in scores(body).items():
            total[code] += min(weight, 3) if titled else weight
    ranked = [(code, score) for code, score in total.most_common(_PROPOSED) if score >= _ENOUGH]
    if not ranked:
        return []
    second = ranked[1][1] if len(ranked) > 1 else 0
    margin = (ranked[0][1] - second) / ranked[0][1]
    strength = min(ranked[0][1] / 9, 1.0)
    first = (WEAK + 0.35 * margin + 0.15 * strength) if titled else 0.2 + 0.2 * margin
    return [(code, round(min(first * score / ranked[0][1], 0.88), 2)) for code, score in ranked]


def matter(source: Source) -> Iterator[Reading]:
    """Printed on the act (« Matière : 7.5.1 »), else by its words."""
    text = source.text
    for hit in list(text.find(_PRINTED, 0, text.head))[:3]:
        code = at_level_2(hit["code"])
        if code:
            yield Reading("matter", code, SURE, *hit.span("code"))
    if source.value("kind") in _MANY:
        return
    title = source.value("title", GUESS) or ""
    passage = source.best["title"].passage if title else None
    for code, confidence in best_matters(title, text.flat[:_BODY]):
        start = text.starts[_rank(source, passage.page)] + passage.start if passage else 0
        yield Reading("matter", code, confidence, start, start + (passage.end - passage.start if passage else 0))


def _rank(source: Source, number: int) -> int:
    return next(rank for rank, page in enumerate(source.text.pages) if page.number == number)
