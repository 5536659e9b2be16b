"""The words of cards in the language of the page, and marks of those that are in another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info

from parvis.core.card_translations import RIGHT_TO_LEFT
from parvis.core.translation import SOURCE, primary
from parvis.hub.catalogue import languages

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

register = template.Library()

register.filter("here", languages.here)
register.filter("language_name", languages.language_name)


@register.filter
def lang_of(dataset: Dataset | None, part: str) -> SafeString | str:
    """The attributes of an element that shows this part of a card, where it is not in the language of the page; none without a dataset."""
    if not dataset:
        return ""
    return marked(languages.language_of(dataset, part))


@register.filter
def foreign_name(dataset: Dataset) -> str:
    """The language of its title as the page calls it, where that is not the one of the page; else empty."""
    code = languages.language_of(dataset, "title")
    if code == _page():
        return ""
    try:
        return str(get_language_info(code)["name_translated"]).lower()
    except KeyError:
        return code


@register.filter
def marked(code: str) -> SafeString | str:
    """``lang``, and ``dir`` where the writing turns, for a text of that language in this page."""
    page = _page()
    if code == page:
        return ""
    if (code in RIGHT_TO_LEFT) == (page in RIGHT_TO_LEFT):
        return format_html('lang="{}"', code)
    return format_html('lang="{}" dir="{}"', code, "rtl" if code in RIGHT_TO_LEFT else "ltr")


def _page() -> str:
    return primary(get_language() or SOURCE)
