"""Free HTML, for administrators: cleaned when it is kept and again when it is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import nh3
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

TAGS = {
    *(
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "caption",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
        "dfn",
    ),
    *(
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "h2",
        "h3",
        "h4",
        "hr",
        "i",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
    ),
    *(
        "pre",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
    ),
    *("thead", "time", "tr", "u", "ul", "var"),
}
ATTRIBUTES = {
    "*": {"class", "id", "lang", "dir", "title"},
    "a": {"href", "hreflang"},
    "td": {"colspan", "rowspan", "headers"},
    "th": {"colspan", "rowspan", "headers", "scope"},
    "ol": {"start", "reversed"},
    "time": {"datetime"},
    "details": {"open"},
}
LONGEST = 20_000


def cleaned(html: str) -> str:
    """The HTML without scripts, styles, frames, images, forms, events; links to the web and to mail only."""
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"https", "http", "mailto", "tel"})


def html_in(stream: Iterable[Any]) -> Counter[str]:
    """Every free HTML of a body, those inside sections included."""
    counts: Counter[str] = Counter()
    for child in stream:
        if isinstance(child.block, HtmlBlock):
            counts[cleaned(child.value or "")] += 1
        inner = getattr(child.block, "inner", None)
        if inner is not None:
            for section in inner(child.value):
                counts += html_in(section)
    return counts


class HtmlBlock(blocks.TextBlock):
    """HTML typed by an administrator; who may is checked when the page is saved (``forms``, ``services``)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": LONGEST, "rows": 8, **kwargs})

    def clean(self, value: Any) -> Any:
        """What will be kept."""
        return cleaned(super().clean(value))

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Cleaned again, whatever was stored."""
        html: SafeString = mark_safe(cleaned(value or ""))  # noqa: S308 nh3 cleaned it on this very line
        return {**super().get_context(value, parent_context), "html": html}

    class Meta:
        label = _("HTML libre (administrateurs)")
        icon = "code"
        group = _("Avancé")
        template = "parvis/pages/blocks/html.html"
        description = _("Du HTML nettoyé : ni script, ni style, ni cadre. Réservé aux administrateurs du portail.")
        preview_value = "<p>Du <strong>HTML</strong>.</p>"
