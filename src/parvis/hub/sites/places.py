"""Which site a request came to: by its host name, then by the first word of its path.

Every request asks, so that the answer is remembered for ten seconds by host name; a site changed in this process is seen at
once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from wagtail.models import Site

from parvis.hub.caches import fresh
from parvis.hub.sites.models import FormerPrefix, SiteFace
from parvis.hub.sites.origins import Place, origin_of, place_at


@dataclass(frozen=True, slots=True)
class Host:
    """What a host name leads to: a site, its origin when it is not that of the settings, its sites behind a prefix by prefix."""

    site: int | None
    origin: str = ""
    prefixes: dict[str, int] = field(default_factory=dict)


def place_of(request: HttpRequest) -> Place:
    """Where a request stands; DisallowedHost for a host name that is not allowed."""
    place = getattr(request, "_parvis_place", None)
    if place is None:
        host = _host_of(request)
        word = request.path_info[1:].partition("/")[0]
        site = host.prefixes.get(word)
        place = Place(host.site, host.origin) if site is None else Place(site, host.origin, word)
        request._parvis_place = place
    return place


def prefixes_of(request: HttpRequest) -> tuple[str, ...]:
    """The prefixes of the sites that are under the host name of a request."""
    return tuple(sorted(_host_of(request).prefixes))


def moved_to(request: HttpRequest) -> str | None:
    """Where what is asked stands now, when it is behind a prefix that a site had; None otherwise."""
    word = request.path_info[1:].partition("/")[0]
    former = FormerPrefix.objects.filter(parent=place_of(request).site, prefix=word)
    match = former.first()  # each page that does not exist asks: its site is read when there is one
    if match is None:
        return None
    place = place_at(match.site)
    base = f"{place.origin}{f'/{place.prefix}' if place.prefix else ''}"
    root = "" if "://" in base else request.path[: len(request.path) - len(request.path_info)]
    # Slashes in a row would be another host name where nothing is before them.
    return f"{root}{base}/{request.get_full_path_info().removeprefix(f'/{word}').lstrip('/')}"


def forget_places(**_said: Any) -> None:
    """Forget what host names lead to: a site was changed here."""
    _host_of.cache_clear()


@fresh(lambda request: request.get_host())
def _host_of(request: HttpRequest) -> Host:
    site = Site.find_for_request(request)
    if site is None:
        return Host(None)
    below = SiteFace.objects.filter(parent=site).exclude(prefix="").values_list("prefix", "site")
    return Host(site.pk, origin_of(site), dict(below))
