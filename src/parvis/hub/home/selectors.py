"""Reading the home of a site, through somebody's eyes."""

from __future__ import annotations

from django.http import HttpRequest
from wagtail.models import Site

from parvis.hub.accounts.rules import Actor
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.selectors import datasets_visible_to, nearest_first
from parvis.hub.home.layouts import LAYOUT_NAMES
from parvis.hub.home.models import SiteHome
from parvis.hub.pages.figures import Figure, figures_put_forward
from parvis.hub.pages.models import ThemePage
from parvis.hub.pages.selectors import pages_of
from parvis.hub.territories.models import Territory

MOST_PAGES, MOST_FIGURES, MOST_DATASETS = 7, 8, 6


def home_of(request: HttpRequest) -> SiteHome:
    """The home of the site that answers, as it was set, or as it is shown before it is saved; with defaults otherwise."""
    home = getattr(request, SiteHome.get_cache_attr_name(), None)
    if home is None:
        site = Site.find_for_request(request)
        home = SiteHome.objects.select_related("picture").filter(site=site).first() or SiteHome(site=site)
    if home.layout not in LAYOUT_NAMES:
        home.layout = LAYOUT_NAMES[0]
    return home


def pages_forward(home: SiteHome) -> list[ThemePage]:
    """The published pages that a home puts forward: those chosen, else the latest."""
    if home.site_id is None:
        return []
    published = pages_of(home.site).defer("body")  # the longest of a page, and no home shows it
    chosen = [page.pk for page in home.chosen("page") if page is not None]
    if chosen:
        by_key = published.in_bulk(chosen[:MOST_PAGES])
        return [by_key[key] for key in chosen if key in by_key]
    return list(published.order_by("-first_published_at", "title")[:MOST_PAGES])


def figures_forward(actor: Actor, home: SiteHome, territory: Territory | None) -> list[Figure]:
    """The figures that a home puts forward: those chosen, else those that concern its territory."""
    return figures_put_forward(actor, territory, home.chosen("figure"), MOST_FIGURES)


def datasets_forward(actor: Actor, home: SiteHome) -> list[Dataset]:
    """The datasets that a home puts forward: those chosen, else those that the portal features."""
    visible = datasets_visible_to(actor)
    chosen = home.chosen("dataset")
    if chosen:
        by_name = {one.dataset_id: one for one in visible.filter(dataset_id__in=chosen)}
        return [by_name[name] for name in chosen if name in by_name][:MOST_DATASETS]
    return list(nearest_first(visible.filter(featured__isnull=False), "featured", "title")[:MOST_DATASETS])
