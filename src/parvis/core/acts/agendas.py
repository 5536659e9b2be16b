"""The points of an agenda as minutes, convocations and lists print it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

from parvis.core.acts.flat_text import GAP, FlatText, flatten, one_line, spaced

MOST_POINTS: Final = 120
_MOST_LINES: Final = 250
_LEAST_LETTERS: Final = 8
_LONGEST: Final = 400
_FULL_LINE: Final = 60
"""Letters of a line that may have filled its column: a word alone below is its end."""
_VOWELS: Final = frozenset("aeiouy")

_LABEL: Final = re.compile(
    rf"(?:^|\n)[ ]*(?:l')?{spaced('ordre')}{GAP}{spaced('du')}{GAP}{spaced('jou')}[ ]?[rt]"  # as recognition reads it, too
    rf"(?:{GAP}(?:est{GAP}le{GAP}suivant|de{GAP}la{GAP}seance))?[ ]*(?::[ ]*|(?=\n))"
)
_NUMBER: Final = re.compile(
    r"(?:n[°o][ ]?|point[ ]n?[°o]?[ ]?)?(?P<number>\d{1,3}|[ivx]{1,5})[ ]{0,2}(?:[.)/°:]|[ ]?-)[ .)/-]{0,4}(?=[a-z\"])"
)
_BULLET: Final = re.compile(r"[ ]*(?:[-•*●▪➢➔→>–—v✓](?=[ ])|[\x01-\x1f\ue000-\uf8ff])?[ ]*")
"""What stands before a point of a list; signs that only their font knows among them."""
SENTENCE: Final = re.compile(
    r"(?<![a-z])(?:est|sont|ete|ont|sera|seront|nous|il|elle|ils|propose|doit|doivent|peut|peuvent|ne|se|s'est|qui|a partir)(?![a-z])"
)
"""Words of sentences, which headings do not have."""
_PAST: Final = re.compile(
    r"(?:monsieur|madame|m\.|mme|mr)[ ]|(?:le|la)[ ](?:maire|presidente?|quorum|seance|secretaire)|(?:l'an|ouverture de la seance|nomination|designation d[eu]s? secretaire|etaient|presents?|absents?|excuses?|"
    r"vu|fait a|pour extrait|sous la presidence|il est|apres|deliberation n|convocation|nombre de|en exercice)(?![a-z])"
)
_LAST: Final = re.compile(
    r"(?:[\divx]{1,4}[ ]?[./)°-]{0,2}[ ]?)?(?:questions?|informations?|affaires?)[ ](?:et[ ]informations?[ ])?diverses?"
)
_GOES_ON: Final = re.compile(
    r"(?<![a-z])(?:de|du|des|d'|la|le|les|l'|a|au|aux|et|en|un|une|pour|par|sur|dans|avec|entre|sous|n°)$"
)
_VOTED: Final = re.compile(r"unanim|vot|abst|decid|adopt|approuv|majorit|contre|pour(?![a-z])|acte")
"""What is said again below each point is no running head."""
_TOP, _BOTTOM = 22, 6
"""Lines of a page in which what is repeated on each stands."""


def _without_figures(line: str) -> str:
    """A flattened line as those of other pages are compared with it: their numbers differ."""
    return re.sub(r"\d+", "", line).strip(" :-/")


def without_repeated_lines(text: FlatText) -> FlatText:
    """The text whose pages after the first have spaces in place of what is printed on each; all stays at its place."""
    repeated = _repeated_lines(text)
    if not repeated:
        return text
    flat = list(text.flat)
    for start, end in text.lines:
        if start >= text.starts[1] and _without_figures(text.flat[start:end]) in repeated:
            flat[start:end] = " " * (end - start)
    return replace(text, flat="".join(flat))


def _repeated_lines(text: FlatText) -> frozenset[str]:
    """What is printed at the top or at the bottom of most pages after the first, their figures aside: it is of the document, not of
    what it says there."""
    after = text.pages[1:]
    seen: Counter[str] = Counter()
    for page in after:
        rows = [row for row in page.text.split("\n") if row.strip()]
        seen.update({_without_figures(flatten(row)) for row in (*rows[:_TOP], *rows[-_BOTTOM:])})
    return frozenset(
        line
        for line, count in seen.items()
        if count > 1
        and count * 2 >= len(after)
        and sum(map(str.isalpha, line)) >= _LEAST_LETTERS
        and not _VOTED.search(line)
    )


@dataclass(frozen=True, slots=True)
class AgendaPoint:
    """A point: its number as it is printed (empty without one), what it is about, where it begins and ends in the text."""

    number: str
    title: str
    start: int
    end: int


def agenda_points(text: FlatText) -> list[AgendaPoint]:
    """The points of the first agenda of a text, in their order; none when it prints none."""
    label = _LABEL.search(text.flat, 0, text.head)
    if label is None:
        return []
    text = without_repeated_lines(text)
    points: list[AgendaPoint] = []
    rest = (label.end(), text.line_of(label.end())[1])
    for start, end in [rest, *(line for line in text.lines if line[0] > rest[1])][:_MOST_LINES]:
        first = after_bullet(text, start, end)
        flat = text.flat[first:end].strip()
        if _PAST.match(flat) or len(points) == MOST_POINTS:
            break
        if points and _continues(text, points[-1], first, end):
            last = points.pop()
            title = one_line(f"{last.title} {text.raw[first:end]}")[:_LONGEST]
            points.append(AgendaPoint(last.number, title, last.start, end))
            continue
        number = _NUMBER.match(text.flat, first, end)
        is_last = _LAST.match(flat) is not None
        is_listed = number is not None or is_last or bool(text.raw[start:first].strip())
        if not is_listed and not _is_words(flat):  # what recognition makes of bullets
            continue
        if not is_listed and (SENTENCE.search(flat) or (points and points[0].number)):
            break  # what was said of the last point
        place = number.end() if number else first
        printed = one_line(text.raw[slice(*number.span("number"))]) if number else ""
        points.append(AgendaPoint(printed, one_line(text.raw[place:end])[:_LONGEST], start, end))
        if is_last:
            break
    return points if len(points) > 1 else []


def _is_words(line: str) -> bool:
    letters = sum(map(str.isalpha, line))
    return letters >= _LEAST_LETTERS and sum(letter in _VOWELS for letter in line) >= letters / 5


def after_bullet(text: FlatText, start: int, end: int) -> int:
    """Where the words of a line of a list begin."""
    bullet = _BULLET.match(text.flat, start, end)
    return bullet.end() if bullet else start


def _continues(text: FlatText, point: AgendaPoint, start: int, end: int) -> bool:
    """Whether a line goes on with the point before it."""
    if _NUMBER.match(text.flat, start, end):
        return False
    before = text.flat[point.start : point.end].rstrip()
    last = before[before.rfind("\n") + 1 :]
    alone = len(text.flat[start:end].split()) == 1 and len(last) >= _FULL_LINE
    return text.raw[start : start + 1].islower() or alone or bool(_GOES_ON.search(before))
