"""Made-up pages, for tests."""

from __future__ import annotations

from typing import Any

from wagtail.models import Site

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.pages.models import ThemePage
from parvis.hub.pages.services import make_page


def block(kind: str, value: Any, key: str = "") -> dict[str, Any]:
    """A block in its raw form."""
    return {"type": kind, "value": value, **({"id": key} if key else {})}


def make_theme_page(*body: dict[str, Any], **facts: Any) -> ThemePage:
    """A published page of the main site with these blocks."""
    site = Site.objects.get(is_default_site=True)
    words = {"slug": "velo", "title": "Le stationnement des vélos", "introduction": "Où garer son vélo.", **facts}
    return make_page(OPERATOR, site, words.pop("slug"), words.pop("title"), list(body), **words)
