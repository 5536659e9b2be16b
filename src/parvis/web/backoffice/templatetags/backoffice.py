"""Template filters and tags of the back office: codes in words, the menu as plain links."""

from __future__ import annotations

import re
from typing import Any

from django import template
from wagtail.admin.menu import MenuItem, admin_menu

from parvis.core.recipes.lineage import failures_of
from parvis.web.backoffice.assistant.notes import kind_name, parser_name, step_words, type_name
from parvis.web.backoffice.messages import ACCESS, action_label

register = template.Library()

register.filter("type_name", type_name)
register.filter("kind_name", kind_name)
register.filter("parser_name", parser_name)
register.filter("action_name", action_label)
register.filter("step_words", step_words)
register.filter("failures", failures_of)


@register.filter
def spaces_shown(before: str, after: str) -> str:
    """``before``, its outer and double spaces drawn as « ␣ » when they are all that tells it from ``after``."""
    if "".join(before.split()) != "".join(str(after).split()):
        return before
    return re.sub(r"^\s+|\s+$|(?<=\S)\s{2,}(?=\S)", lambda found: "␣" * len(found[0]), before)


@register.filter
def access_name(level: str) -> str:
    """An access level in words."""
    return str(ACCESS.get(level, level))


@register.simple_tag(takes_context=True)
def plain_menu(context: dict[str, Any]) -> list[MenuItem]:
    """The groups of entries that the person has a use for, for who has no scripts."""
    request = context.get("request")
    if request is None or not request.user.is_authenticated:
        return []
    return admin_menu.menu_items_for_request(request)
