"""The trail: a figure with where it comes from, shown as a link that opens a small card."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

type Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SharedTrail:
    """What all the figures of a page have in common: written in it once, so that a page of hundreds of figures stays light."""

    name: str
    """Identifier of its element in the page; figures name it as their ``base``."""
    facts: Pairs = ()
    links: Pairs = ()

    @property
    def facts_json(self) -> str:
        """The facts, for the ``data-trail`` attribute."""
        return json.dumps(self.facts, ensure_ascii=False)

    @property
    def links_json(self) -> str:
        """The links, for the ``data-trail-links`` attribute."""
        return json.dumps(self.links, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Trail:
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
        """The figure as HTML, to stand inside a translated sentence."""
        return render_to_string("parvis/components/trail.html", {"trail": self})

    @property
    def facts_json(self) -> str:
        """The facts, for the ``data-trail`` attribute."""
        return json.dumps(self.facts, ensure_ascii=False)

    @property
    def links_json(self) -> str:
        """The links, for the ``data-trail-links`` attribute."""
        return json.dumps(self.links, ensure_ascii=False)
