"""Reading pages."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from itertools import islice

from django.db.models import Count, Max, QuerySet
from django.urls import reverse
from wagtail.models import Site

from parvis.core.errors import NotFound
from parvis.core.text import fold
from parvis.hub.pages.models import PagesFolder, ThemePage
from parvis.hub.pages.rules import FOLDER
from parvis.hub.registry import PublicPage
from parvis.hub.sites.lens import current_lens
from parvis.hub.sites.models import SiteFace


def site_folder(site: Site) -> PagesFolder | None:
    """The folder of a site's pages, None when none was made."""
    return PagesFolder.objects.child_of(site.root_page).filter(slug=FOLDER).first()


def pages_of(site: Site) -> QuerySet[ThemePage]:
    """The published pages of a site, by title."""
    folder = site_folder(site)
    if folder is None:
        return ThemePage.objects.none()
    return ThemePage.objects.child_of(folder).live().public().select_related("picture").order_by("title")


def every_page_of(site: Site) -> QuerySet[ThemePage]:
    """The pages of a site, drafts as well, by title: for who writes it."""
    folder = site_folder(site)
    if folder is None:
        return ThemePage.objects.none()
    return ThemePage.objects.child_of(folder).order_by("title", "pk")


def pages_stamp() -> Hashable:
    """A mark that is another once a page was published or withdrawn."""
    live = ThemePage.objects.live()
    return tuple(live.aggregate(Count("pk"), Max("last_published_at"), Max("live_revision")).values())


def page_of(site: Site | None, slug: str) -> ThemePage:
    """A published page of a site; NotFound when it has none so named."""
    page = pages_of(site).filter(slug=slug).first() if site is not None else None
    if page is None:
        raise NotFound(name=slug)
    return page


def site_shown() -> Site | None:
    """The site that answers, known by its lens; the main one where there is none."""
    lens = current_lens()
    if lens is None:
        return Site.objects.filter(is_default_site=True).first()
    face = SiteFace.objects.select_related("site").filter(territory=lens.territory, parent__isnull=False).first()
    return face.site if face else None


def has_no_page_here() -> bool:
    """Whether the site that answers has no published page."""
    site = site_shown()
    return site is None or not pages_of(site).exists()


def pages_for_search_engines() -> Iterator[PublicPage]:
    """« Consulter » and the pages of the site that answers, with the day they last changed."""
    site = site_shown()
    pages = list(pages_of(site)) if site is not None else []
    if pages:
        yield PublicPage(reverse("pages"))
    for page in pages:
        yield PublicPage(address_of(page), page.last_published_at.date() if page.last_published_at else None)


def address_of(page: ThemePage) -> str:
    """The address of a page on its own site."""
    return reverse("wagtail_serve", args=[f"{FOLDER}/{page.slug}/"])


def pages_about(site: Site | None, text: str) -> list[ThemePage]:
    """The published pages of a site whose title or introduction has every word of a search, by title; a few at most."""
    words = fold(text).split()[:MOST_WORDS]
    if not words or site is None:
        return []
    matches = (
        page for page in pages_of(site) if all(word in fold(f"{page.title} {page.introduction}") for word in words)
    )
    return list(islice(matches, MOST_FOUND))


MOST_WORDS = 12
MOST_FOUND = 4
"""Pages shown above the results of a search."""
