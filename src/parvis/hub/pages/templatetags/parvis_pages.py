"""``{% page_block child %}``: a block of a page, its data already answered."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString
from wagtail.models import Site

from parvis.hub.pages.blocks.data import DataBlock
from parvis.hub.pages.selectors import address_of, pages_about

register = template.Library()


@register.simple_tag(takes_context=True)
def page_block(context: Context, child: Any) -> SafeString:
    """The HTML of a block of a page's body, or of a body inside a block."""
    if isinstance(child.block, DataBlock):
        return context["told"].html.get(child.id, SafeString())
    return child.render(context.flatten())


@register.inclusion_tag("parvis/pages/found.html", takes_context=True)
def matching_pages(context: Context, text: str) -> dict[str, Any]:
    """The pages of the site that answer a search, above its datasets; nothing when none does."""
    request = context.get("request")
    site = Site.find_for_request(request) if request is not None else None
    return {"found": [(page, address_of(page)) for page in pages_about(site, text)]}
