"""Share pictures of blocks that draw none of their own, and of pages: their words, set out by the painter of charts."""

from __future__ import annotations

import hashlib
import json
import textwrap
from typing import Any

from parvis.core.charts import THEMES, Theme
from parvis.core.charts.cards import Card, Words
from parvis.core.charts.painting import Form, painter
from parvis.hub.caches import byte_cache
from parvis.hub.ui.derived import derived

CARD = Card(1200, 630, 72, bar=14)
"""What places where links are shared expect."""
MOST_LINES = 5
_DAYS = 7 * 24 * 3600


def words_picture(title: str, lines: list[str], footer: str, form: Form, theme: Theme = THEMES["light"]) -> bytes:
    """A title, a few lines and a footer as SVG or PNG; DrawingFailed when the painter cannot."""
    specification = _specification(title, lines, footer, theme)
    text = json.dumps(specification, sort_keys=True, ensure_ascii=False)
    key = f"parvis-words-1-{form}-{hashlib.blake2b(text.encode(), digest_size=16).hexdigest()}"
    cached = byte_cache("page-pictures").get(key) or derived.get(key)
    if cached is not None:
        return cached
    drawn = painter().paint(specification, form, scale=1.0)
    byte_cache("page-pictures").put(key, drawn, len(drawn))
    derived.set(key, drawn, _DAYS)
    return drawn


def _specification(title: str, lines: list[str], footer: str, theme: Theme) -> dict[str, Any]:
    rows, height = [], CARD.margin + 64
    for text in textwrap.wrap(title, 40)[:3]:
        rows.append(Words(height, text, 56, 700, theme.ink))
        height += 68
    height += 24
    wrapped = [text for line in lines for text in textwrap.wrap(line, 66)][:MOST_LINES]
    for text in wrapped:
        rows.append(Words(height, text, 32, 400, theme.ink_soft))
        height += 46
    rows.append(Words(CARD.height - CARD.margin, footer[:80], 26, 600, theme.categorical[0]))
    return CARD.specification(rows, theme)
