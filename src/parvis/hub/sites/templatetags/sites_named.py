"""What people call a site, in templates."""

from __future__ import annotations

from django import template
from wagtail.models import Site

from parvis.hub.sites.selectors import site_names

register = template.Library()


@register.filter
def site_name(site: Site) -> str:
    """The name of its portal."""
    return site_names()[site.pk]
