"""Share pictures of pages, blocks and records that draw none of their own: their words, set out by the painter of charts."""

from __future__ import annotations

import hashlib
import json
import textwrap
from dataclasses import dataclass
from typing import Any

from parvis.core.charts.cards import Card, Words
from parvis.core.charts.renderer import Form, painter
from parvis.core.charts.themes import THEMES, Theme
from parvis.hub.caches import byte_cache
from parvis.hub.ui.derived import derived

CARD = Card(1200, 630, 72, bar=14)
"""What places where links are shared expect."""
MOST_LINES, MOST_UNDER_FIGURE = 5, 2
FOOTER_LETTERS = 80
SHORTEST_HISTORY = 3
HISTORY_TOP, HISTORY_HEIGHT = 392, 104
_DAYS = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class WordPicture:
    """What a picture says: a title and a few lines, or a ``figure`` large, with what it was before and what is amiss with it."""

    title: str
    lines: tuple[str, ...] = ()
    figure: str = ""
    history: tuple[float, ...] = ()
    """Values by even steps, drawn as a line under the figure."""
    warning: str = ""
    note: str = ""
    """What the footer says besides who publishes and where."""

    @property
    def sentence(self) -> str:
        """What the picture says, for who does not see it."""
        return f"{self.title} : {' ; '.join(filter(None, (self.figure, *self.lines, self.warning)))}"


def words_picture(picture: WordPicture, footer: str, form: Form, theme: Theme = THEMES["light"]) -> bytes:
    """The picture and its footer as SVG or PNG; DrawingFailed when the painter cannot."""
    specification = _specification(picture, footer, theme)
    text = json.dumps(specification, sort_keys=True, ensure_ascii=False)
    key = f"parvis-words-2-{form}-{hashlib.blake2b(text.encode(), digest_size=16).hexdigest()}"
    cached = byte_cache("page-pictures").get(key) or derived.get(key)
    if cached is not None:
        return cached
    drawn = painter().paint(specification, form, scale=1.0)
    byte_cache("page-pictures").put(key, drawn, len(drawn))
    derived.set(key, drawn, _DAYS)
    return drawn


def _specification(picture: WordPicture, footer: str, theme: Theme) -> dict[str, Any]:
    rows = _with_figure(picture, theme) if picture.figure else _without_figure(picture, theme)
    rows.append(Words(CARD.height - CARD.margin, _fitting(footer), 26, 600, theme.categorical[0]))
    lines = [_line(picture.history, theme)] if picture.figure and len(picture.history) >= SHORTEST_HISTORY else []
    return CARD.specification([row for row in rows if row.text], theme, *lines, description=picture.sentence)


def _fitting(footer: str) -> str:
    """The parts of the footer that the card is wide enough for, whole: half the name of a site is nobody's."""
    parts = footer.split(" · ")
    while len(parts) > 1 and len(" · ".join(parts)) > FOOTER_LETTERS:
        parts.pop()
    return textwrap.shorten(" · ".join(parts), FOOTER_LETTERS, placeholder="…")


def _without_figure(picture: WordPicture, theme: Theme) -> list[Words]:
    rows, height = [], CARD.margin + 64
    for text in textwrap.wrap(picture.title, 40)[:3]:
        rows.append(Words(height, text, 56, 700, theme.ink))
        height += 68
    height += 24
    lines = (*picture.lines, picture.warning)
    for text in [text for line in lines for text in textwrap.wrap(line, 66)][:MOST_LINES]:
        rows.append(Words(height, text, 32, 400, theme.ink_soft))
        height += 46
    return rows


def _with_figure(picture: WordPicture, theme: Theme) -> list[Words]:
    titles = textwrap.wrap(picture.title, 48)[:2]
    rows = [Words(100 + 50 * rank, text, 40, 700, theme.ink) for rank, text in enumerate(titles)]
    rows.append(Words(268, picture.figure, 88, 700, theme.categorical[0]))
    lines = picture.lines[:MOST_UNDER_FIGURE]
    rows += [Words(324 + 44 * rank, text[:75], 32, 400, theme.ink_soft) for rank, text in enumerate(lines)]
    warnings = textwrap.wrap(picture.warning, 78)[:2]
    low = CARD.height - CARD.margin - 44
    return rows + [
        Words(low - 36 * (len(warnings) - 1 - rank), text, 28, 600, theme.categorical[1])
        for rank, text in enumerate(warnings)
    ]


def _line(history: tuple[float, ...], theme: Theme) -> dict[str, Any]:
    """The history by even steps, from the left margin to the right one."""
    low, high = min(history), max(history)
    if low == high:
        low, high = low - 1, high + 1
    up = {"domain": [low, high], "range": [HISTORY_TOP + HISTORY_HEIGHT, HISTORY_TOP], "zero": False}
    across = {"domain": [0, len(history) - 1], "range": [CARD.margin, CARD.width - CARD.margin]}
    return {
        "data": {"values": [{"step": step, "value": value} for step, value in enumerate(history)]},
        "mark": {"type": "line", "color": theme.categorical[0], "strokeWidth": 4},
        "encoding": {
            "x": {"field": "step", "type": "quantitative", "axis": None, "scale": across},
            "y": {"field": "value", "type": "quantitative", "axis": None, "scale": up},
        },
    }
