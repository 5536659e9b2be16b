"""Made-up pages, for tests."""

from __future__ import annotations

from typing import Any

from wagtail.models import Collection, Locale, Page, Site

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.pages.models import ThemePage
from parvis.hub.pages.services import make_page


def block(kind: str, value: Any, key: str = "") -> dict[str, Any]:
    """A block in its raw form."""
    return {"type": kind, "value": value, **({"id": key} if key else {})}


def site_of_tests() -> Site:
    """The main site and the root of the library, made again after a test that emptied the database."""
    if Collection.get_first_root_node() is None:
        Collection.add_root(name="Racine")
    site = Site.objects.filter(is_default_site=True).first()
    if site is not None:
        return site
    Locale.objects.get_or_create(language_code="fr")
    root = Page.get_first_root_node() or Page.add_root(title="Racine", slug="root")
    home = root.add_child(instance=Page(title="Accueil", slug="home"))
    return Site.objects.create(hostname="localhost", port=80, root_page=home, is_default_site=True)


def make_theme_page(*body: dict[str, Any], **facts: Any) -> ThemePage:
    """A published page of the main site with these blocks."""
    site = site_of_tests()
    words = {"slug": "velo", "title": "Le stationnement des vélos", "introduction": "Où garer son vélo.", **facts}
    return make_page(OPERATOR, site, words.pop("slug"), words.pop("title"), list(body), **words)
