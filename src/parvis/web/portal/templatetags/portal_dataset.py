"""What is above the pages of a dataset, for pages that modules give (``dataset_tabs``): they know no page of the portal."""

from __future__ import annotations

from django.template import Context, Library

from parvis.web.portal.dataset import shared_facts

register = Library()


@register.simple_tag(takes_context=True)
def dataset_frame(context: Context) -> str:
    """Give the page its title, its facts and its tabs, unless its view did; it needs ``dataset`` and ``current``, its tab."""
    if "tabs" not in context:
        for name, value in shared_facts(context["dataset"], context["current"]).items():
            context[name] = value
    return ""
