"""``{% page_block child %}``: a block of a page, its data already answered."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from parvis.hub.pages.blocks.data import DataBlock

register = template.Library()


@register.simple_tag(takes_context=True)
def page_block(context: Context, child: Any) -> SafeString:
    """The HTML of a block of a page's body, or of a body inside a block."""
    if isinstance(child.block, DataBlock):
        return context["told"].html.get(child.id, SafeString())
    return child.render(context.flatten())
