"""Where pages were before, here or on a portal that they came from: each former address leads to the page, once it is online."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

LONGEST_PATH: Final = 255


def remember_address(site: Site, path: str, page: Page) -> None:
    """Have a former path of that site lead to the page; one that leads somewhere already is left alone."""
    old_path = Redirect.normalise_path(path)
    if "\0" not in old_path and len(old_path) <= LONGEST_PATH:
        Redirect.objects.get_or_create(old_path=old_path, site=site, defaults={"redirect_page": page})


def page_once_at(request: HttpRequest) -> str:
    """The address of the page that was at what is asked; empty when none was, or none that is online."""
    path = Redirect.normalise_path(request.path_info)
    if "\0" in path or len(path) > LONGEST_PATH:
        return ""
    rows = Redirect.get_for_site(Site.find_for_request(request)).filter(old_path=path, redirect_page__live=True)
    row = rows.select_related("redirect_page").order_by("pk").first()
    return (row.redirect_page.get_url(request) or "") if row is not None else ""
