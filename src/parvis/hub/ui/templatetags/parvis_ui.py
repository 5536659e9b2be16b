"""Template tags of the page shell and components."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parvis.core.closures import Closure
from parvis.core.elision import of
from parvis.core.hvd import CATEGORY_BY_SLUG
from parvis.core.metadata import FREQUENCY_BY_SLUG, THEME_BY_SLUG, Licence, theme_slug
from parvis.core.translation import SOURCE
from parvis.core.typography import is_set
from parvis.core.units import unit_word
from parvis.hub.addresses import absolute_path, language_prefix_of, language_prefixes
from parvis.hub.addresses import canonical as canonical
from parvis.hub.caches import fresh
from parvis.hub.registry import Way
from parvis.hub.sites import menus
from parvis.hub.sites import selectors as sites
from parvis.hub.sites.rules import DEFAULT_COLOURS
from parvis.hub.ui import drawing, formatting, pictograms
from parvis.hub.ui.columns import type_name

register = template.Library()

register.filter("number", formatting.number)
register.filter("percent", formatting.percent)
register.filter("size", formatting.size)
register.filter("format_name", formatting.format_name)
register.filter("day", formatting.day)
register.filter("instant", formatting.instant)


@register.filter
def unit_name(unit: str) -> str:
    """A unit in the language of the screen, when it is a usual word."""
    return unit_word(unit, get_language() or SOURCE)


@register.filter
def of_name(name: str) -> str:
    """« de l’Arcep », « d’Infogreffe », « du Coudray »; the name alone on screens of another language, whose sentence says the rest."""
    return of(name) if is_set(get_language() or SOURCE) else name


_LONGEST_NAME = 24
"""Letters of a name that the narrowest line of a title holds whole."""


@register.filter
def unbroken(text: str) -> SafeString:
    """A title whose names with hyphens (« Issy-les-Moulineaux ») stay on one line where there is room for them."""
    words = (
        format_html('<span class="unbroken">{}</span>', word) if "-" in word and len(word) <= _LONGEST_NAME else word
        for word in str(text).split(" ")
    )
    return format_html_join(" ", "{}", ((word,) for word in words))


@register.filter
def theme_name(slug: str) -> str:
    """The theme's name in the page's language; the slug when the theme is not of the list."""
    term = THEME_BY_SLUG.get(theme_slug(slug))
    return slug if term is None else _(term.label)


@register.filter
def high_value_name(slug: str) -> str:
    """The name of a category of high-value datasets in the page's language."""
    term = CATEGORY_BY_SLUG.get(slug)
    return slug if term is None else _(term.label)


@register.filter
def closure_name(closure: Closure) -> str:
    """Why data is not open to all, in the page's language."""
    return _(closure.label)


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
def span(bounds: tuple[str, str]) -> str:
    """A first and a last year or day as a span: « mars 2013 à juin 2014 »."""
    return formatting.period(*bounds)


@register.filter
def excerpt(text: str, words: int = 30) -> str:
    """The first words of an HTML description, as plain text, to the end of a sentence when one is near."""
    return formatting.excerpt(formatting.plain_text(str(text)), words)


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


@register.simple_tag
def whole_site(site: int) -> Way:
    """The name and the address of the site that a commune's own is part of."""
    return sites.named_site(site)


@register.inclusion_tag("parvis/components/mark.html")
def mark(territory: Any, name: str = "") -> dict[str, Any]:
    """A small drawing of a territory; the initials of the name when no contour is known."""
    drawn = _mark(territory) if territory else None
    return {"drawn": drawn, "initials": None if drawn else drawing.initials(name)}


@fresh(key=lambda territory: (type(territory), territory.pk, territory.code, territory.name))
def _mark(territory: Any) -> drawing.Drawn | None:
    """Remembered: lists show the same few, and the contour of a department has thousands of corners."""
    return drawing.mark(territory.contour) if territory.contour else None


@register.inclusion_tag("parvis/components/pictogram.html")
def pictogram(theme: str) -> dict[str, str]:
    """The pictogram of a theme, an ornament beside its name."""
    return {"lines": pictograms.pictogram(theme)}


register.filter("type_name", type_name)


@register.simple_tag
def language_addresses(request: HttpRequest) -> list[tuple[str, str]]:
    """The full address of the present page in each language, then, as ``x-default``, in the reader's own."""
    bare = request.path.removeprefix(language_prefix_of(request.path))
    spoken = [(code, canonical(f"{prefix}{bare}")) for code, prefix in language_prefixes().items()]
    return [*spoken, ("x-default", canonical(bare))]


@register.simple_tag
def language_choices() -> list[tuple[str, str]]:
    """Code and own name of each language in which the portal is read."""
    return settings.LANGUAGES
