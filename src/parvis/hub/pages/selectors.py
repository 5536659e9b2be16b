"""Reading pages."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from wagtail.models import Site

from parvis.core.errors import NotFound
from parvis.hub.pages.blocks.body import data_blocks
from parvis.hub.pages.models import PagesFolder, ThemePage
from parvis.hub.pages.rules import FOLDER


def folder_known(site: Site) -> PagesFolder | None:
    """The folder of a site's pages, None when none was made."""
    return PagesFolder.objects.child_of(site.root_page).filter(slug=FOLDER).first()


def pages_of(site: Site) -> QuerySet[ThemePage]:
    """The published pages of a site, by title."""
    folder = folder_known(site)
    if folder is None:
        return ThemePage.objects.none()
    return ThemePage.objects.child_of(folder).live().public().select_related("picture").order_by("title")


def page_of(site: Site | None, slug: str) -> ThemePage:
    """A published page of a site; NotFound when it has none so named."""
    found = pages_of(site).filter(slug=slug).first() if site is not None else None
    if found is None:
        raise NotFound(name=slug)
    return found


def block_of(page: ThemePage, key: str) -> Any:
    """The data block of that id in a page (a stream child); NotFound when it has none."""
    found = next((child for child in data_blocks(page.body) if str(child.id) == key), None)
    if found is None:
        raise NotFound(name=key)
    return found
