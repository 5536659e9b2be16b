"""The picture of an indicator, made on the server: its figure in words and its history as a line; SVG or PNG."""

from __future__ import annotations

import hashlib
import json
import textwrap
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from parvis.core.charts import THEMES, Theme
from parvis.core.charts.cards import Card, Words
from parvis.core.charts.painting import Form, painter
from parvis.domains.indicators.models import Value
from parvis.domains.indicators.telling import Tile
from parvis.hub.ui.derived import derived

CARD = Card(600, 315, 32, bar=8)
"""Twice as fine in PNG: what places where links are shared expect."""
LINE_TOP, LINE_HEIGHT = 196, 52
_DAYS = 7 * 24 * 3600


def picture(tile: Tile, history: Sequence[Value], footer: str, form: Form, theme: Theme = THEMES["light"]) -> bytes:
    """The tile as a picture that stands alone; DrawingFailed when the painter cannot."""
    specification = specification_of(tile, history, footer, theme)
    text = json.dumps(specification, sort_keys=True, ensure_ascii=False)
    key = f"parvis-indicator-{form}-{hashlib.blake2b(text.encode(), digest_size=16).hexdigest()}"
    known: bytes | None = derived.get(key)
    if known is not None:
        return known
    drawn = painter().paint(specification, form, scale=2.0 if form == "png" else 1.0)
    derived.set(key, drawn, _DAYS)
    return drawn


def specification_of(tile: Tile, history: Sequence[Value], footer: str, theme: Theme) -> dict[str, Any]:
    """The drawing as a Vega-Lite specification; every word is data, none is an expression."""
    known = [value.value for value in history if value.value is not None]
    lines = [_line(known, theme)] if len(known) >= 3 else []
    return CARD.specification(_rows(tile, footer, theme), theme, *lines, description=alternative(tile))


def alternative(tile: Tile) -> str:
    """What the picture says, in one sentence."""
    said = filter(None, (tile.value or _("pas de valeur"), tile.about, tile.state, tile.trend, tile.warning))
    return f"{tile.title} : {' ; '.join(said)}"


def _rows(tile: Tile, footer: str, theme: Theme) -> list[Words]:
    rows: list[Words] = []
    height = CARD.margin + 14
    for text in textwrap.wrap(tile.title, 48)[:2]:
        rows.append(Words(height, text, 20, 700, theme.ink))
        height += 25
    if tile.value:
        rows.append(Words(134, tile.value, 44, 700, theme.categorical[0]))
        about = " · ".join(filter(None, (tile.about, tile.state)))
        rows.append(Words(162, about[:75], 16, 600, theme.ink))
        rows.append(Words(184, tile.trend[:80], 15, 400, theme.ink_soft))
    warned = textwrap.wrap(tile.warning, 78)[:2] if tile.warning else []
    low = CARD.height - CARD.margin - 20
    for rank, text in enumerate(warned):
        above = low - 18 * (len(warned) - 1 - rank) if tile.value else 120 + 22 * rank
        rows.append(Words(above, text, 14, 600, theme.categorical[1]))
    source = _("source du %(day)s, %(age)s") % {"day": tile.date, "age": tile.age} if tile.date else ""
    last = " · ".join(filter(None, (tile.publisher, source, footer)))
    rows.append(Words(CARD.height - 22, last[:95], 13, 400, theme.ink_soft))
    return [row for row in rows if row.text]


def _line(known: Sequence[float], theme: Theme) -> dict[str, Any]:
    """The history by even steps, from the left margin to the right one."""
    values = [{"step": step, "value": value} for step, value in enumerate(known)]
    scale = {"domain": [min(known), max(known)], "range": [LINE_TOP + LINE_HEIGHT, LINE_TOP], "zero": False}
    if min(known) == max(known):
        scale["domain"] = [min(known) - 1, max(known) + 1]
    across = {"domain": [0, len(known) - 1], "range": [CARD.margin, CARD.width - CARD.margin]}
    return {
        "data": {"values": values},
        "mark": {"type": "line", "color": theme.categorical[0], "strokeWidth": 2},
        "encoding": {
            "x": {"field": "step", "type": "quantitative", "axis": None, "scale": across},
            "y": {"field": "value", "type": "quantitative", "axis": None, "scale": scale},
        },
    }
