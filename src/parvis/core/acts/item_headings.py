"""Headings of the items of minutes: coded, numbered, those of the agenda, in capitals, or a short line between paragraphs."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz, process

from parvis.core.acts.agendas import SENTENCE, after_bullet, agenda_points
from parvis.core.acts.flat_text import GAP, FlatText, flatten, one_line, spaced
from parvis.core.acts.proposals.headings import object_at

CODED, NUMBERED, OF_AGENDA, CAPITALS, SHORT_LINE = range(5)
"""Kinds of headings, the most explicit first."""

_MOST_NUMBERED: Final = 500
_LONGEST_LINE: Final = 130

_CODED: Final = re.compile(
    rf"(?:^|\n)[ ]{{0,6}}[-•*]?[ ]?(?:(?:{spaced('deliberation')}[ ]{{0,2}})?(?:n[°o][ ]?:?[ ]?)?(?P<number>(?:del(?:ib)?|dcm|dm|dec|cm|d)?[-_ .]{{0,2}}\d{{1,4}}[-_/.]\d{{1,4}}(?:[-_/.]\d{{1,4}})?)(?:[ ]{{0,3}}(?:[-:.)]|objet)|(?<=\d)[ ]{{1,3}}(?=[a-z]{{4,}}))|{spaced('deliberation')}[ ]{{0,2}}(?:n[°o][ ]?:?[ ]?)(?P<plain>[a-z0-9][\w/.-]{{0,20}})[ ]{{0,3}}[-:–.]?|{spaced('objet')}[ ]{{0,3}}[:=-])[ ]{{0,3}}(?:{spaced('objet')}[ ]{{0,3}}[:=-])?[ ]{{0,3}}"
)
_NUMBERED: Final = re.compile(
    r"(?:^|\n)[ ]{0,8}(?:n[°o][ ]?|point[ ]n?[°o]?[ ]?|question[ ]n[°o][ ]?)?(?P<number>\d{1,2}|[ivx]{1,5})[ ]{0,2}(?:[.)/°]|[ ]-|-[ ]|[ ]?:)[ .)/-]{0,4}(?=[a-z\"])"
)
_THE_DOCUMENT: Final = re.compile(r"(?:compte[ -]rendu|proces[ -]verbal|note de synthese)(?![a-z])")
_ROMAN: Final = {"i": 1, "v": 5, "x": 10}
_NOT_TITLES: Final = re.compile(
    rf"(?:le{GAP}conseil|le{GAP}comite|m\.|mme|mr|monsieur|madame|messieurs|vu|considerant|il{GAP}|elle{GAP}|apres|l[ea]s?{GAP}(?:maire|president|montant|membres|dossier)|fait{GAP}|pour{GAP}extrait|page|present|absent|excus|pouvoir|secretaire|vote|adopt|article|annexe|envoye|recu|affiche|id{GAP}:|total|depense|recette|section|fonctionnement|investissement|ordre{GAP}du{GAP}jour|decide|approuve|autorise|charge|unanim|commune{GAP}de|mairie|departement|republique|contre|abstention|proces|compte[ -]rendu|r[eé]sultat|budget{GAP}general|nom|nombre|montant|quorum|l'an{GAP})"
)
_ENDED: Final = re.compile(r"[.!?:;)»\"…][ ]*$")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: how explicit its kind is, its number as it is printed (empty without one), its title and where it is."""

    rank: int
    number: str
    title: str
    start: int
    end: int


def _value(number: str) -> int:
    if number.isdigit():
        return int(number)
    total = 0
    for letter, following in zip(number, [*number[1:], ""], strict=True):
        value = _ROMAN[letter]
        total += -value if following and _ROMAN[following] > value else value
    return total


def _coded(text: FlatText) -> list[Heading]:
    coded = []
    for hit in text.find(_CODED):
        read = object_at(text, hit.end())
        number = hit["number"] or hit["plain"]
        marked = text.flat[hit.start() : hit.end()].rstrip()[-1:] in "-:.)" or "objet" in hit[0]
        if read and not marked and not read[0][:4].isupper():
            continue
        if read and not number and _THE_DOCUMENT.match(flatten(read[0])):
            continue  # « Objet : compte rendu du conseil du … » in its margin
        if read and not _looks_like_a_date(number or ""):
            group = "number" if hit["number"] else "plain"
            printed = one_line(text.raw[slice(*hit.span(group))]) if number else ""
            coded.append(Heading(CODED, printed, read[0], hit.start() + (hit[0][:1] == "\n"), read[2]))
    return coded


def _looks_like_a_date(number: str) -> bool:
    return bool(re.fullmatch(r"[0-3]?\d[/.-][01]?\d[/.-](?:20)?\d\d", number))


def _numbered(text: FlatText, anchors: Sequence[int]) -> list[Heading]:
    """Numbered headings that follow one another: the sequence that has most decisions, not lists inside items nor the agenda."""
    candidates: list[tuple[int, Heading]] = []
    for hit in text.find(_NUMBERED):
        end = text.line_of(hit.end())[1]
        title = re.sub(r"[ .:]+$", "", one_line(text.raw[hit.end() : end]))
        if (
            SENTENCE.search(text.flat, hit.end(), end)
            or sum(map(str.isalpha, title)) < 4
            or text.raw[hit.end() : hit.end() + 1].islower()
        ):  # a word
            continue
        start = hit.start() + (hit[0][:1] == "\n")
        candidates.append((_value(hit["number"]), Heading(NUMBERED, hit["number"], title[:300], start, end)))
        if len(candidates) == _MOST_NUMBERED:
            break
    weights: list[int] = []
    for rank, (_number, heading) in enumerate(candidates):
        until = candidates[rank + 1][1].start if rank + 1 < len(candidates) else len(text.flat)
        weights.append(1 + 3 * (bisect_left(anchors, until) > bisect_left(anchors, heading.end)))
    ranks = _heaviest([number for number, _heading in candidates], weights)
    decided = sum(weights[rank] > 1 for rank in ranks)
    # A list of reasons or of tariffs is no agenda.
    return [candidates[rank][1] for rank in ranks] if decided > 1 and decided * 3 >= len(ranks) else []


def _heaviest(numbers: list[int], weights: list[int]) -> list[int]:
    """Ranks of the heaviest sequence whose numbers grow, by three at most."""
    best = list(weights)
    before = [-1] * len(numbers)
    for rank, number in enumerate(numbers):
        for earlier in range(rank):
            if (
                0 < number - numbers[earlier] <= 3 and best[earlier] + weights[rank] > best[rank]
            ):  # one or two were not read
                best[rank] = best[earlier] + weights[rank]
                before[rank] = earlier
    rank = max(range(len(best)), key=best.__getitem__, default=-1)
    ranks: list[int] = []
    while rank >= 0:
        ranks.append(rank)
        rank = before[rank]
    return ranks[::-1]


def _lines(text: FlatText) -> list[Heading]:
    """Lines in capitals, and short lines between two paragraphs."""
    read = []
    previous = ""
    for rank, (start, end) in enumerate(text.lines):
        raw = text.raw[start:end].strip()
        flat = text.flat[start:end].strip()
        letters = sum(map(str.isalpha, raw))
        title = (
            len(raw) <= _LONGEST_LINE
            and letters >= 8
            and any(len(word) > 4 for word in raw.split())
            and letters > len(raw) * 0.6
            and not _NOT_TITLES.match(flat)
        )
        if title and raw.isupper():
            read.append(Heading(CAPITALS, "", one_line(raw), start, end))
        elif (
            title
            and raw[:1].isupper()
            and not re.search(r"[.,;:!?]$", raw)
            and (not previous or _ENDED.search(previous))
        ):
            following = text.lines[rank + 1] if rank + 1 < len(text.lines) else None
            after = text.raw[slice(*following)].strip() if following else ""
            if after[:1].isupper() and len(after) > len(raw) * 0.8:
                read.append(Heading(SHORT_LINE, "", one_line(raw), start, end))
        previous = raw
    return read


_ALIKE: Final = 82
"""How alike (of 100) a line and a point of the agenda are when one is the other, written or recognised a little otherwise."""
_MOST_LINES: Final = 4_000
_LEAST_TITLE: Final = 12
_RANK: Final = re.compile(r"(?:(?:point|n[°o])?[ ]?\d{1,3}[ ]?[.)/°:-]{1,2}[ ]?)?")


def _of_agenda(text: FlatText) -> list[Heading]:
    """The lines below the agenda that say one of its points again."""
    points = agenda_points(text)
    if not points:
        return []
    titles = [flatten(point.title) for point in points]
    read = []
    for start, end in [line for line in text.lines if line[0] >= points[-1].end][:_MOST_LINES]:
        place = after_bullet(text, start, end)
        rank = _RANK.match(text.flat, place, end)
        place = rank.end() if rank else place
        line = text.flat[place:end].strip(" :.")
        if not _LEAST_TITLE <= len(line) <= 2 * _LONGEST_LINE:
            continue
        # A long title is printed on several lines: its beginning is enough.
        alike = process.extractOne(line, [title[: max(len(line), _LEAST_TITLE)] for title in titles], scorer=fuzz.ratio)
        if alike and alike[1] >= _ALIKE:
            point = points[alike[2]]
            title = point.title if len(point.title) > len(line) else one_line(text.raw[place:end])
            read.append(Heading(OF_AGENDA, point.number, title, start, end))
    return read


def headings(text: FlatText, anchors: Sequence[int]) -> list[Heading]:
    """All headings that a decision may have, in their order; ``anchors`` are the places where something is decided."""
    rows = [*_coded(text), *_numbered(text, anchors), *_of_agenda(text), *_lines(text)]
    return sorted(rows, key=lambda heading: (heading.start, heading.rank))
