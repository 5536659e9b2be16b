"""Thematic pages made ready before anybody asks: once a process has started, then as soon as something that they show has changed.

Each web process keeps the blocks that it has rendered in its own memory, so each makes its own ready; the pictures, which cost most,
are on the disk and made once for all. What a page shows to nobody in particular is all that is made: rights, filters and sessions are
still asked of each request, and what is kept goes by the stamps of the datasets, as it does without this.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Hashable, Iterator
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone, translation
from wagtail.models import Site

from parvis.core.translation import SOURCE
from parvis.hub.addresses import current_site, language_prefixes
from parvis.hub.catalogue.selectors import catalogue_revision
from parvis.hub.pages.selectors import pages_of, pages_stamp
from parvis.hub.sites.lens import looking_through
from parvis.hub.sites.origins import place_at
from parvis.hub.sites.selectors import lens_of

if TYPE_CHECKING:
    from parvis.hub.pages.models import ThemePage

EVERY = 5.0
"""Seconds between two looks at whether something changed: two short questions to the database."""
MOST_PAGES = 300
"""Made ready at most, those last published first: more would push one another out of memory."""
MOST_SECONDS = 300.0
"""For one turn; what is left is made when it is asked for."""

logger = logging.getLogger("parvis.warmup")


def keep_pages_ready() -> threading.Thread:
    """Do it in the background for as long as the process lives."""
    thread = threading.Thread(target=_keep, name="parvis-page-warmup", daemon=True)
    thread.start()
    return thread


def _keep() -> None:
    seen: Hashable = None
    while True:
        try:
            mark = pages_mark()  # read first: what changes meanwhile is seen at the next turn
            if mark != seen:
                prepare_pages()
                seen = mark
        except Exception:  # a thread that died would leave every later publication cold
            logger.info("Pages could not be made ready.", exc_info=True)
        finally:
            connection.close()
        time.sleep(EVERY)


def pages_mark() -> Hashable:
    """What is another once a page may show something else: the catalogue, the pages published, the day."""
    return catalogue_revision(), pages_stamp(), timezone.localdate()


def prepare_pages() -> int:
    """Render the published pages of every site as their readers get them, where that was not done yet; how many."""
    start, count = time.monotonic(), 0
    for language, prefix, site, page in _pages():
        began = time.monotonic()
        if began - start > MOST_SECONDS or count >= MOST_PAGES:
            break
        _prepare(page, site, language, prefix)
        count += 1
        time.sleep(min(1.0, time.monotonic() - began))  # half of the time is for those who are asking
    return count


def _pages() -> Iterator[tuple[str, str, Site, ThemePage]]:
    """In the language of the portal first, and there of the main site; then in others, at their own addresses and at the usual ones."""
    sites = list(Site.objects.select_related("root_page", "siteface__parent").order_by("-is_default_site", "pk"))
    others = {code: prefix for code, prefix in language_prefixes().items() if prefix}
    for language, prefix in [(SOURCE, ""), *others.items(), *((code, "") for code in others)]:
        for site in sites:
            for page in pages_of(site).order_by("-last_published_at"):
                yield language, prefix, site, page


def _prepare(page: ThemePage, site: Site, language: str, prefix: str) -> None:
    place = place_at(site)
    base = f"{prefix}/{place.prefix}".strip("/")
    request = HttpRequest()
    request.method = "GET"
    request.META = {"SERVER_NAME": site.hostname or "localhost", "SERVER_PORT": str(site.port)}
    request.user = AnonymousUser()
    # What the middleware finds from the host name and the prefix of a request.
    request._parvis_place, request._wagtail_site = place, site  # type: ignore[attr-defined]
    try:
        with current_site(place.origin, base), translation.override(language), looking_through(lens_of(request)):
            request.path = request.path_info = page.get_url(request) or "/"
            response = page.serve(request)
            if isinstance(response, TemplateResponse):
                response.render()
    except Exception:  # one page that cannot be shown leaves the others as they are
        logger.info("The page %s could not be made ready.", page.pk, exc_info=settings.DEBUG)
