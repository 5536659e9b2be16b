"""The trail: a figure with where it comes from, shown as a link that opens a small card."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe

type Pairs = tuple[tuple[str, str], ...]


class _Card:
    """What a card shows, as the attributes of its element have it."""

    __slots__ = ()
    facts: Pairs
    links: Pairs

    @property
    def facts_json(self) -> str:
        """The facts, for the ``data-trail`` attribute."""
        return json.dumps(self.facts, ensure_ascii=False)

    @property
    def links_json(self) -> str:
        """The links, for the ``data-trail-links`` attribute."""
        return json.dumps(self.links, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class SharedTrail(_Card):
    """What all the figures of a page have in common: written in it once, so that a page of hundreds of figures stays light."""

    name: str
    """Identifier of its element in the page; figures name it as their ``base``."""
    way: str
    """What the card calls the page that a figure leads to: « Voir les lignes »."""
    facts: Pairs = ()
    links: Pairs = ()


@dataclass(frozen=True, slots=True)
class Trail(_Card):
    """A figure as it is written, the page that says the same without scripts, and what its card tells."""

    text: str
    address: str
    facts: Pairs = ()
    """Label and value, in the order of the card."""
    links: Pairs = ()
    """Label and address."""
    base: str = ""
    """Name of the ``SharedTrail`` of the page whose facts and links follow these in the card."""

    @property
    def link(self) -> SafeString:
        """The figure as HTML, to be in a template or inside a translated sentence."""
        attributes = [("href", self.address)]
        if self.facts:
            attributes.append(("data-trail", self.facts_json))
        if self.links:
            attributes.append(("data-trail-links", self.links_json))
        if self.base:
            attributes += [("data-trail-base", self.base), ("rel", "nofollow")]
        markup = "".join(f' {name}="{escape(value)}"' for name, value in attributes)
        return mark_safe(f'<a class="trail"{markup}>{escape(self.text)}</a>')  # noqa: S308 every part is escaped
