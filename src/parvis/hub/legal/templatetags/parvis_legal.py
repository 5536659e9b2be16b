"""What every page says of accessibility."""

from __future__ import annotations

from typing import Any

from django import template

from parvis.hub.legal.selectors import state_for

register = template.Library()


@register.simple_tag(takes_context=True)
def accessibility_state(context: dict[str, Any]) -> Any:
    """« non conforme », « partiellement conforme » or « totalement conforme »; empty where no request is answered."""
    request = context.get("request")
    return state_for(request).words if request is not None else ""
