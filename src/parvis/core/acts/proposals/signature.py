"""Who signed, and as what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from parvis.core.acts.flat_text import GAP, flatten, one_line
from parvis.core.acts.proposals.people import person_at
from parvis.core.acts.proposals.rules import LIKELY, WEAK, Reading, Source

_TAIL: Final = 5_000
_QUALITY: Final = r"(?P<quality>(?:premier(?:e)?{GAP}|1ere?{GAP}|\d{{1,2}}e(?:me)?{GAP})?(?:maire(?:{GAP}(?:adjointe?|deleguee?))?|adjointe?{GAP}(?:au{GAP}maire|deleguee?)?|vice-presidente?|presidente?(?:{GAP}du{GAP}[a-z]{{4,20}}(?:{GAP}[a-z]{{4,20}})?)?|prefete?|prefet|sous-prefete?))".replace(
    "{GAP}", GAP
)
_SIGNED: Final = re.compile(
    rf"(?:(?:^|\n|[ ,])(?:pour{GAP})?(?:l[ae]{GAP}|l'){_QUALITY}(?:{GAP}de{GAP}[a-z' -]{{2,40}})?{GAP}[,:;]?{GAP})(?:signee?{GAP}[:;]?{GAP})?"
)
_CIVIL: Final = re.compile(r"(?:^|\n|conforme[ ,:]{0,3})[ ]{0,8}(?:m[.]|mme|monsieur|madame)$")
"""Before a quality that a name signs on the line below: « Monsieur le Maire », « Philippe SAUREL »."""
_WE: Final = re.compile(rf"(?<![a-z])nous,?{GAP}")
_QUALITY_AFTER: Final = re.compile(rf",?{GAP}(?:le{GAP}|la{GAP})?{_QUALITY}")
_INFORMATION: Final = re.compile(r"[ \n,:]{0,6}(?:[a-z]|certifie|informe)")


def _quality(raw: str) -> str:
    words = one_line(raw)
    return words[:1].upper() + words[1:] if words.isupper() is False else words.capitalize()


def _begins(raw: str, flat: str, hit: re.Match[str], name: int) -> bool:
    """« Le Maire, … » signs, and « Monsieur le Maire » above a name; « M. le Maire, Mme … » in a sentence does not."""
    if raw[hit.start() : hit.end()].lstrip(" ,\n")[:1].isupper():
        return True
    below = "\n" in raw[hit.end("quality") : name]
    return below and _CIVIL.search(flat, max(0, hit.start() - 40), hit.start()) is not None


def author(source: Source) -> Iterator[Reading]:
    """« Le Maire, Jean DUPONT » at the end; « Nous, Jean DUPONT, Maire de … » at the beginning."""
    text, raw = source.text, source.text.raw
    for hit in list(text.find(_WE, 0, text.head))[:2]:
        person = person_at(raw, hit.end())
        quality = _QUALITY_AFTER.match(text.flat, person[2]) if person else None
        if person and quality:
            yield Reading("author", person[0], LIKELY, person[1], person[2])
            yield Reading(
                "author_quality",
                _quality(raw[quality.start("quality") : quality.end("quality")]),
                LIKELY,
                *quality.span("quality"),
            )
    start = max(0, len(text.flat) - _TAIL)
    for hit in reversed(list(text.find(_SIGNED, start))[-6:]):
        person = person_at(raw, hit.end(), within=40)
        if person is None or not _begins(raw, text.flat, hit, person[1]):
            continue
        official = any(flatten(name) == flatten(person[0]) for name in source.officials)
        sure = 0.93 if official else 0.8 if len(person[0].split()) > 1 else WEAK
        sure -= 0.2 * (source.value("kind") in ("minutes", "list", "agenda", "verbatim"))
        yield Reading("author", person[0], sure, person[1], person[2])
        yield Reading(
            "author_quality", _quality(raw[hit.start("quality") : hit.end("quality")]), sure, *hit.span("quality")
        )


def author_of_sitting(source: Source) -> Iterator[Reading]:
    """Without a signature that is read, who presided may have signed."""
    if source.value("author") is None and source.value("president") and source.value("kind") == "deliberation":
        yield Reading("author", source.value("president"), WEAK)
