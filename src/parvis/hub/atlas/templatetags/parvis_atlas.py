"""What pages that show ``parvis/atlas/frame.html`` load: shapes of legends, styles, script.

A page that has maps loads ``{% map_styles %}`` once in its head, and ``{% map_script %}`` once at its end.
"""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from parvis.core.atlas.canvas import SHAPES
from parvis.hub.ui.templatetags.parvis_assets import asset

register = template.Library()


@register.filter
def atlas_shape(mark: int) -> str:
    """The path of a mark of the legend, one unit in radius."""
    return SHAPES[mark]


@register.simple_tag
def map_script() -> SafeString:
    """The script that brings the page's maps to life; once a page."""
    return asset("src/atlas.ts")


@register.simple_tag
def map_styles() -> SafeString:
    """The styles of maps; once a page, in its head, so that nothing moves once it is shown."""
    return asset("styles/atlas.css")
