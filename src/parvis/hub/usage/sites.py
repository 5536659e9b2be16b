"""Of which site a request is: that which the request already knows, else the one of its host name, remembered a while."""

from __future__ import annotations

import time

from django.http import HttpRequest
from django.http.request import split_domain_port
from wagtail.models import Site
from wagtail.models.sites import get_site_for_hostname

FRESH = 10.0
"""Seconds for which the site of a host name is remembered."""
MOST_HOSTS = 1_000
NO_SITE = 0
"""Key under which is counted what no site answers."""

_keys: dict[str, tuple[float, int]] = {}


def site_key_of(request: HttpRequest) -> int:
    """The key of the site a request came to."""
    known = getattr(request, "_wagtail_site", None)
    return known.pk if known is not None else site_key_of_host(request.META.get("HTTP_HOST", ""))


def site_key_of_host(host: str) -> int:
    """The key of the site of a host name (with its port)."""
    now = time.monotonic()
    known = _keys.get(host)
    if known is not None and now - known[0] < FRESH:
        return known[1]
    if len(_keys) >= MOST_HOSTS:
        _keys.clear()
    key = _asked(host)
    _keys[host] = (now, key)
    return key


def forget_hosts(**_said: object) -> None:
    """Forget which host name is of which site: a site was changed here."""
    _keys.clear()


def _asked(host: str) -> int:
    name, port = split_domain_port(host)
    try:
        found = get_site_for_hostname(name, int(port) if port.isdigit() else 80)
    except Site.DoesNotExist:
        return NO_SITE
    return found.pk
