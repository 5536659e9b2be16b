"""Template filters of the back office: codes in words."""

from __future__ import annotations

from django import template

from parvis.web.backoffice.assistant.notes import kind_name, parser_name, step_words, type_name
from parvis.web.backoffice.words import ACCESS, action_label

register = template.Library()

register.filter("type_name", type_name)
register.filter("kind_name", kind_name)
register.filter("parser_name", parser_name)
register.filter("action_name", action_label)
register.filter("step_words", step_words)


@register.filter
def access_name(level: str) -> str:
    """An access level in words."""
    return str(ACCESS.get(level, level))
