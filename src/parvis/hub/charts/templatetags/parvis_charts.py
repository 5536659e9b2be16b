"""``{% chart_frame description %}``: a chart in its frame, for anyone who reads the page.

The page that has charts also loads ``{% chart_script %}`` once, at its end.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from parvis.core.charts.description import ChartDescription
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.charts.frames import ChartFrame, frame_of
from parvis.hub.charts.models import Chart
from parvis.hub.ui.templatetags.parvis_assets import asset

register = template.Library()


@register.inclusion_tag("parvis/charts/frame.html", takes_context=True)
def chart_frame(context: Context, chart: Any, level: int = 2, name: str = "graphique") -> dict[str, Any]:
    """The frame of a saved ``Chart``, of a ``ChartDescription``, of its JSON object, or of a ``ChartFrame`` already made.

    ``level`` is that of its title among the page's headings; ``name`` is its id, another for each chart of a page.
    """
    request = context.get("request")
    if isinstance(chart, ChartFrame):
        return {"frame": chart, "request": request}
    saved = chart if isinstance(chart, Chart) else None
    described = chart.described if saved else chart
    if not isinstance(described, ChartDescription):
        described = ChartDescription.from_dict(described)
    actor = actor_of(request.user) if request is not None else actor_of(None)
    frame = frame_of(actor, described, request=request, chart=saved, level=level, name=name)
    return {"frame": frame, "request": request}


@register.simple_tag
def chart_script() -> SafeString:
    """The script that draws the page's charts again in the browser; once a page."""
    return asset("src/chart.ts")
