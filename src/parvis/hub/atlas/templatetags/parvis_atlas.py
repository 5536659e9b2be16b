"""``{% map_frame description %}``: a map of several layers in its frame, for whoever reads the page.

The page that bears maps also loads ``{% map_styles %}`` once in its head, and ``{% map_script %}`` once at its end.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from parvis.core.atlas import MapDescription
from parvis.core.atlas.canvas import SHAPES
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.atlas.frames import MapFrame, frame_of
from parvis.hub.atlas.models import Map
from parvis.hub.ui.templatetags.parvis_assets import asset

register = template.Library()


@register.inclusion_tag("parvis/atlas/frame.html", takes_context=True)
def map_frame(context: Context, described: Any, level: int = 2, name: str = "carte") -> dict[str, Any]:
    """The frame of a saved ``Map``, of a ``MapDescription``, of its JSON object, or of a ``MapFrame`` already made.

    ``level`` is that of its title among the page's headings; ``name`` is its id, another for each map of a page.
    """
    request = context.get("request")
    if isinstance(described, MapFrame):
        return {"frame": described, "request": request}
    saved = described if isinstance(described, Map) else None
    description = described.described if saved else described
    if not isinstance(description, MapDescription):
        description = MapDescription.from_dict(description)
    actor = actor_of(request.user) if request is not None else actor_of(None)
    frame = frame_of(actor, description, request=request, map=saved, level=level, name=name)
    return {"frame": frame, "request": request}


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
