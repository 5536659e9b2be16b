"""What pages that show ``parvis/atlas/frame.html`` load: shapes of legends, styles, script.

A page that has maps loads ``{% map_styles %}`` once in its head, and ``{% map_script %}`` once at its end.
"""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from parvis.core.atlas.canvas import SHAPES
from parvis.hub.ui.templatetags.parvis_assets import asset

register = template.Library()


_AREA, _LINE = "M-1.3 -1.3h2.6v2.6h-2.6z", "M-1.5 -0.35h3v0.7h-3z"


@register.simple_tag
def atlas_key(geometry: str, mark: int) -> str:
    """The path of a step of the legend: a square of areas, a stroke of lines, the mark of points, one unit in radius."""
    return {"area": _AREA, "line": _LINE}.get(geometry, SHAPES[mark])


@register.simple_tag
def map_script() -> SafeString:
    """The script that brings the page's maps to life; once a page."""
    return asset("src/atlas.ts")


@register.simple_tag
def map_styles() -> SafeString:
    """The styles of maps; once a page, in its head, so that nothing moves once it is shown."""
    return asset("styles/atlas.css")
