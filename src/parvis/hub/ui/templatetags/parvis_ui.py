"""Template tags of the page shell and components."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.template import Context
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from parvis.core.elision import of
from parvis.core.metadata import FREQUENCY_BY_SLUG, THEME_BY_SLUG, Licence, theme_slug
from parvis.hub.addresses import absolute_path
from parvis.hub.addresses import canonical as canonical
from parvis.hub.sites import menus
from parvis.hub.sites.rules import DEFAULT_COLOURS
from parvis.hub.ui import drawing, formatting

register = template.Library()

register.filter("number", formatting.number)
register.filter("percent", formatting.percent)
register.filter("size", formatting.size)
register.filter("day", formatting.day)
register.filter("instant", formatting.instant)
register.filter("of_name", of)
"""« de l’Arcep », « d’Infogreffe », « du Coudray »: a sentence in English takes the name alone."""


@register.filter
def theme_name(slug: str) -> str:
    """The theme's name in the page's language; the slug when the theme is not of the list."""
    term = THEME_BY_SLUG.get(theme_slug(slug))
    return slug if term is None else _(term.label)


@register.filter
def frequency_name(slug: str) -> str:
    """The frequency's name in the page's language."""
    term = FREQUENCY_BY_SLUG.get(slug)
    return slug if term is None else _(term.label)


@register.filter
def duty(licence: Licence) -> str:
    """What the reuser must do, in the page's language."""
    return _(licence.duty)


@register.filter
def excerpt(text: str, words: int = 30) -> str:
    """The first words of an HTML description, as plain text."""
    return Truncator(formatting.plain_text(str(text))).words(words, truncate="…")


@register.filter
def rich(text: str) -> SafeString:
    """A description as HTML: cleaned when it was written (``catalogue.services``), so shown as it stands."""
    return mark_safe(text)  # noqa: S308 nh3 cleaned it before it was stored


@register.filter
def item(mapping: Any, key: Any) -> Any:
    """The value of a mapping at that key, None when there is none."""
    return mapping.get(key) if mapping is not None else None


register.simple_tag(canonical)
register.filter(absolute_path)


@register.simple_tag(takes_context=True)
def theme_address(context: Context) -> str:
    """The address of the site's colours; it changes with them, so that they may be kept for ever.

    In a preview, whose colours are not saved, the address has them.
    """
    colours = _colours(context)
    if getattr(context.get("request"), "is_preview", False):
        return f"{absolute_path('/theme.css')}?{urlencode(colours)}"
    return f"{absolute_path('/theme.css')}?v={_mark_of(colours)}"


@register.simple_tag(takes_context=True)
def favicon_address(context: Context) -> str:
    """The address of the site's icon; it changes with its colours."""
    return f"{absolute_path('/favicon.svg')}?v={_mark_of(_colours(context))}"


def _colours(context: Context) -> dict[str, str]:
    face = context.get("face")
    return {name: getattr(face, name, DEFAULT_COLOURS[name]) for name in DEFAULT_COLOURS}


def _mark_of(colours: dict[str, str]) -> str:
    return sha256("".join(colours.values()).encode()).hexdigest()[:8]


@register.simple_tag(takes_context=True)
def header_links(context: Context) -> list[menus.Link]:
    """The entries of the header's menu, that of the present page marked."""
    request = context.get("request")
    return menus.header_links(request, context.get("section", "")) if request is not None else []


@register.simple_tag(takes_context=True)
def footer_links(context: Context) -> list[menus.Link]:
    """The entries of the footer's menu."""
    request = context.get("request")
    return menus.footer_links(request) if request is not None else []


@register.inclusion_tag("parvis/components/mark.html")
def mark(contour: Any, name: str = "") -> dict[str, Any]:
    """A small drawing of a territory; its initial when no contour is known."""
    return {"drawn": drawing.mark(contour) if contour else None, "initial": (name or "·")[0].upper()}


@register.simple_tag
def language_choices() -> list[tuple[str, str]]:
    """Code and own name of each language in which the portal is read."""
    return settings.LANGUAGES
