"""The trail: a figure with where it comes from, shown as a link that opens a small card."""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trail:
    """A figure as it is written, the page that says the same without scripts, and what its card tells."""

    text: str
    address: str
    facts: tuple[tuple[str, str], ...] = ()
    """Label and value, in the order of the card."""
    links: tuple[tuple[str, str], ...] = ()
    """Label and address."""

    @property
    def facts_json(self) -> str:
        """The facts, for the ``data-trail`` attribute."""
        return json.dumps(self.facts, ensure_ascii=False)

    @property
    def links_json(self) -> str:
        """The links, for the ``data-trail-links`` attribute."""
        return json.dumps(self.links, ensure_ascii=False)
