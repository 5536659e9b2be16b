"""Where a passage of a text is among the letters that something else read on the same page."""

from __future__ import annotations

from collections.abc import Sequence

from parvis.core.redaction.spelling import Letters, everywhere

AROUND = (40, 20, 10, 5)
"""Letters on each side that tell an occurrence from the others, from the strictest."""
ANCHOR = 12
"""Letters that are enough to know a place of a page again."""
FARTHEST = 12
"""Letters that may differ between an anchor and the passage."""
MOST_PLACES = 2_000

_ALIGNED = 0.4

type Place = tuple[int, int]
"""Ranks of letters, the last excluded."""


def located(passage: Place, text: Letters, page: Letters) -> list[Place]:
    """Where the letters ``passage`` of ``text`` are among those of ``page``; nothing when nobody can tell.

    By the letters around it; where those differ, every occurrence of its letters; where it was read otherwise, what stands between
    what is before it and what is after.
    """
    start, end = passage
    if start >= end:
        return []
    if text.text == page.text:
        return [passage]
    for around in AROUND:
        first, last = max(0, start - around), min(len(text.text), end + around)
        sought = text.text[first:last]
        there, here = list(everywhere(sought, page.text)), list(everywhere(sought, text.text))
        if there and len(there) == len(here):
            place = there[here.index(first)] + start - first
            return [(place, place + end - start)]
    anywhere = [(place, place + end - start) for place in everywhere(text.text[start:end], page.text)]
    return anywhere[:MOST_PLACES] or _between(passage, text, page)


def _between(passage: Place, text: Letters, page: Letters) -> list[Place]:
    start, end = passage
    for skipped in range(FARTHEST + 1):
        before = _only(text.text[max(0, start - skipped - ANCHOR) : max(0, start - skipped)], page.text)
        if before is None:
            continue
        for passed in range(FARTHEST + 1):
            after = _only(text.text[end + passed : end + passed + ANCHOR], page.text)
            length = end - start + skipped + passed
            if after is not None and 0 < after - before - ANCHOR <= length * 2 + 2:
                return [(before + ANCHOR, after)]
    return []


def _only(anchor: str, page: str) -> int | None:
    """Where ``anchor`` is, when it is whole and at one place alone."""
    if len(anchor) < ANCHOR or page.count(anchor) != 1:
        return None
    return page.find(anchor)


type Rectangle = tuple[float, float, float, float]
"""Left, top, right, bottom."""


def by_line(boxes: Sequence[Rectangle | None], *, is_vertical: bool = False) -> list[Rectangle]:
    """Boxes of characters that follow one another, gathered line by line."""
    lines: list[Rectangle] = []
    for box in boxes:
        if box is None:
            continue
        if lines and _are_aligned(lines[-1], box, is_vertical=is_vertical):
            lines[-1] = union(lines[-1], box)
        else:
            lines.append(box)
    return lines


def union(box: Rectangle, second: Rectangle) -> Rectangle:
    """The smallest box that holds both."""
    return min(box[0], second[0]), min(box[1], second[1]), max(box[2], second[2]), max(box[3], second[3])


def share(first: Place | tuple[float, float], second: Place | tuple[float, float]) -> float:
    """Part of the smaller of two intervals that is in the other."""
    common = min(first[1], second[1]) - max(first[0], second[0])
    smaller = min(first[1] - first[0], second[1] - second[0])
    return common / smaller if smaller > 0 else float(common >= 0)


def _are_aligned(line: Rectangle, box: Rectangle, *, is_vertical: bool) -> bool:
    rank = 0 if is_vertical else 1
    return share((line[rank], line[rank + 2]), (box[rank], box[rank + 2])) > _ALIGNED
