"""Pages of text as paragraphs and articles: lines of a page are those of its paper, sentences go over several of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parvis.core.acts.model import DoubtfulWord, Method, Page

PAGES_TOGETHER = 25
"""Pages of a file that are shown on one screen."""
LETTERS_TOGETHER = 80_000
"""And what they may hold: a screen of text stays lighter than a photograph."""
FULL_LINE = 0.8
"""Of the usual length of the lines of a page: a line that is shorter ends its paragraph."""

_ARTICLE = re.compile(
    r"((?i:article)\s+(?:\d{1,2}|1(?i:er)|(?i:premier|unique)|[IVX]{1,5}))(?:\s*[:.–—-]+\s*|\s*$|\s+(?=[A-ZÀ-ÖØ-Þ]))"
)
_BEGINS = re.compile(
    r"(?:\d{1,2}[°).]|[a-z]\)|vu\b|considérant\b|après\b|article\b|objet\b|décide|approuve|autorise|présents?\b|absents?\b"
    r"|pouvoirs?\b|votants?\b|secrétaire\b|rapporteur\b|pour\s*:|contre\s*:|abstentions?\b)",
    re.IGNORECASE,
)
"""How a line that begins a paragraph does in acts."""
_BEGINS_SMALL = re.compile(r"(?:[a-z]\)|vu\b|considérant\b)")
"""The same without a capital: other small letters go on with a sentence."""
_BULLET = re.compile(r"[-•–—*▪]\s")
_ENDS = re.compile(r"[.;:!?»]\s*$")


_GOES_ON = re.compile(
    r"(?:\b(?:articles?|le|la|les|de|du|des|et|ou|à|au|aux|par|pour|sur|en|un|une|que|qui)|[’'(])$", re.IGNORECASE
)
"""How a line ends that the next one goes on with, however short it is."""


@dataclass(frozen=True, slots=True)
class Run:
    """Some letters; ``confidence`` (0 to 100) for a word that recognition doubts, None for the rest."""

    text: str
    confidence: int | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or what an article is headed with."""

    runs: tuple[Run, ...]
    is_heading: bool = False

    @property
    def text(self) -> str:
        """Its letters."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line without the spaces around it, and where it begins in the text of its page."""

    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def blocks_of(page: Page) -> list[Block]:
    """The paragraphs and the headings of articles of a page, in order, with the words that recognition doubts."""
    words = sorted(page.doubtful, key=lambda word: word.start)
    blocks: list[Block] = []
    for paragraph in _paragraphs(_lines(page.text)):
        first = paragraph[0]
        if match := _ARTICLE.match(first.text):
            blocks.append(_block([_Line(first.start, match[1])], words, is_heading=True))
            rest = first.text[match.end() :]
            paragraph = [_Line(first.start + match.end(), rest), *paragraph[1:]] if rest else paragraph[1:]
        if paragraph:
            blocks.append(_block(paragraph, words))
    return blocks


def doubts_of(page: Page) -> list[Run]:
    """The words of a page that recognition doubts, each once, the least sure first."""
    least: dict[str, int] = {}
    for word in page.doubtful:
        text = page.text[word.start : word.end].strip()
        if text:
            least[text] = min(word.confidence, least.get(text, 100))
    return [Run(text, confidence) for text, confidence in sorted(least.items(), key=lambda row: (row[1], row[0]))]


def pages_from(pages: Sequence[Page], first: int) -> Sequence[Page]:
    """The pages that are shown together from the one of number ``first`` on: at least one, when there is any."""
    shown: list[Page] = []
    letters = 0
    for page in pages:
        if page.number < first:
            continue
        letters += len(page.text)
        if shown and (len(shown) == PAGES_TOGETHER or letters > LETTERS_TOGETHER):
            break
        shown.append(page)
    return shown


def screens_of(pages: Sequence[Page]) -> list[Sequence[Page]]:
    """All of the pages by screens."""
    screens: list[Sequence[Page]] = []
    position = 0
    while position < len(pages):
        screens.append(pages_from(pages[position:], pages[position].number))
        position += len(screens[-1])
    return screens


def unreadable(pages: Sequence[Page]) -> list[int]:
    """The numbers of the pages of which nothing could be read."""
    return [page.number for page in pages if page.method == Method.UNREADABLE]


def _lines(text: str) -> list[_Line]:
    lines, start = [], 0
    for line in re.split(r"[\n\f\v\u2028\u2029]", text):
        left = len(line) - len(line.lstrip())
        lines.append(_Line(start + left, line.strip()))
        start += len(line) + 1
    return lines


def _paragraphs(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    lengths = sorted(len(line.text) for line in lines if line.text)
    full = FULL_LINE * lengths[int(len(lengths) * 0.8)] if lengths else 0
    paragraph: list[_Line] = []
    for line in lines:
        if paragraph and (not line.text or _begins(paragraph[-1].text, line.text, full)):
            yield paragraph
            paragraph = []
        if line.text:
            paragraph.append(line)
    if paragraph:
        yield paragraph


def _begins(previous: str, line: str, full: float) -> bool:
    """Whether a line begins another paragraph than the line before."""
    if _ARTICLE.match(line) or _ARTICLE.fullmatch(previous) or _BULLET.match(line):
        return True
    if _GOES_ON.search(previous) or (line[0].islower() and not _BEGINS_SMALL.match(line)):
        return False
    return len(previous) < full or bool(_BEGINS.match(line) and (_ENDS.search(previous) or previous.endswith(",")))


def _block(lines: Sequence[_Line], words: Sequence[DoubtfulWord], *, is_heading: bool = False) -> Block:
    runs: list[Run] = []
    for rank, line in enumerate(lines):
        if rank and not _is_split(lines[rank - 1].text, line.text):
            runs.append(Run(" "))
        runs += _runs(line, words)
    return Block(tuple(_joined(runs)), is_heading)


def _is_split(previous: str, line: str) -> bool:
    """Whether a word goes from a line to the next: its hyphen stays, compound words being oftener cut there than others."""
    return len(previous) > 1 and previous[-1] in "-\u2010" and previous[-2].isalpha() and line[0].islower()


def _runs(line: _Line, words: Sequence[DoubtfulWord]) -> Iterator[Run]:
    position = line.start
    for word in words:
        start, end = max(word.start, position), min(word.end, line.end)
        if start >= end:
            continue
        yield Run(line.text[position - line.start : start - line.start])
        yield Run(line.text[start - line.start : end - line.start], word.confidence)
        position = end
    yield Run(line.text[position - line.start :])


def _joined(runs: Sequence[Run]) -> list[Run]:
    """The same letters, those that nothing doubts in one piece."""
    joined: list[Run] = []
    for run in runs:
        if not run.text:
            continue
        if joined and joined[-1].confidence is None and run.confidence is None:
            joined[-1] = Run(joined[-1].text + run.text)
        else:
            joined.append(run)
    return joined
