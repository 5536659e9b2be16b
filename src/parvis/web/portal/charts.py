"""Charts: the pages of those that were saved, and the pictures of all."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from parvis.core.charts.description import ChartDescription
from parvis.core.charts.errors import NothingToDraw
from parvis.hub.accounts.rules import Actor
from parvis.hub.charts.answers import Answered, answer
from parvis.hub.charts.frames import ChartFrame, frame_of, framed
from parvis.hub.charts.pictures import SIZES, picture
from parvis.hub.charts.selectors import chart_at, charts_of_readable_data
from parvis.web.portal.drawings import DrawingPages


class ChartPages(DrawingPages):
    """The pages of charts; ``dessin.json`` is the specification that browsers draw."""

    noun = "chart"
    place = "graphiques"
    description = ChartDescription
    nothing = NothingToDraw
    forms = {**DrawingPages.forms, "dessin.json": ("vega", "application/json")}
    sizes = SIZES
    published = staticmethod(charts_of_readable_data)
    saved_at = staticmethod(chart_at)

    def answer(self, request: HttpRequest, actor: Actor, description: ChartDescription) -> Answered:
        """The values of a chart."""
        return answer(actor, description, get_language() or "fr")

    def framed(self, request: HttpRequest, actor: Actor, answered: Answered, saved: Any) -> ChartFrame:
        """A chart in its frame."""
        return framed(answered, request=request, chart=saved, level=1)

    def frame_of(self, request: HttpRequest, actor: Actor, description: ChartDescription, saved: Any) -> ChartFrame:
        """The same, or what is wrong."""
        return frame_of(actor, description, request=request, chart=saved, level=1)

    def picture(self, actor: Actor, answered: Answered, form: Any, **how: Any) -> bytes:
        """The chart drawn."""
        return picture(answered, form, **how)
