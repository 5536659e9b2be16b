"""A page as the screen shows it: what rules read in its text is marked, what is hidden of its picture is covered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _

from parvis.core.acts.model import Page, Passage
from parvis.core.redaction import Box

if TYPE_CHECKING:
    from parvis.domains.deliberations.models import ActFile


@dataclass(frozen=True, slots=True)
class Part:
    """Some letters of a page, marked when a rule read something there, or when recognition doubts them."""

    text: str
    is_read: bool = False
    is_doubtful: bool = False


def partly_read(files: Iterable[ActFile]) -> list[tuple[str, list[int]]]:
    """Words of hidden names that stand alone in what is to be published, and the pages that say them: a person looks at these."""
    pages: dict[str, set[int]] = {}
    for file in files:
        for doubt in (file.verification or {}).get("doubts", ()):
            pages.setdefault(doubt["place"], set()).add(doubt["page"] or 1)
    return [(word, sorted(pages[word])) for word in sorted(pages)]


def page_parts(page: Page, passages: Iterable[Passage]) -> Sequence[Part]:
    """The text of a page cut where marks begin and end; put together again, the parts are the text."""
    read = [(row.start, row.end) for row in passages if row.page == page.number]
    doubtful = [(word.start, word.end) for word in page.doubtful]
    cuts = sorted({0, len(page.text), *(cut for span in (*read, *doubtful) for cut in span)})
    return [
        Part(page.text[start:end], _is_in(read, start, end), _is_in(doubtful, start, end))
        for start, end in pairwise(cuts)
        if start < end
    ]


def _is_in(spans: Iterable[tuple[int, int]], start: int, end: int) -> bool:
    return any(begin <= start and end <= finish for begin, finish in spans)


@dataclass(frozen=True, slots=True)
class ShownBox:
    """A rectangle as the screen shows it: its rank, percents with two decimals and a point, as SVG and number fields take them."""

    rank: int
    box: Box

    @property
    def sides(self) -> tuple[str, str, str, str]:
        """Left, top, right, bottom."""
        return _percent(self.box.left), _percent(self.box.top), _percent(self.box.right), _percent(self.box.bottom)

    @property
    def words(self) -> str:
        """Where it is, for people."""
        left, top, right, bottom = (floatformat(side, -2) for side in self.sides)
        return _("Zone %(rank)d : de %(left)s à %(right)s %% en largeur, de %(top)s à %(bottom)s %% en hauteur") % {
            "rank": self.rank,
            "left": left,
            "top": top,
            "right": right,
            "bottom": bottom,
        }

    @property
    def area(self) -> tuple[str, str, str, str]:
        """Left, top, width, height."""
        box = self.box
        return (*self.sides[:2], _percent(box.right - box.left), _percent(box.bottom - box.top))

    @property
    def key(self) -> str:
        """What names it in a form: its sides."""
        return " ".join(self.sides)


def _percent(part: float) -> str:
    return f"{100 * part:.2f}".rstrip("0").rstrip(".")


def shown_boxes(boxes: Iterable[Box], number: int) -> list[ShownBox]:
    """Those of one page, in their order."""
    return [ShownBox(rank, box) for rank, box in enumerate((box for box in boxes if box.page == number), start=1)]
