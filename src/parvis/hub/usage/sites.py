"""Of which site a request is: that which the request already knows, else the one of its host name, remembered a while."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.request import split_domain_port
from wagtail.models import Site
from wagtail.models.sites import get_site_for_hostname

from parvis.hub.caches import fresh

NO_SITE = 0
"""Key under which is counted what no site answers."""


def site_key_of(request: HttpRequest) -> int:
    """The key of the site a request came to."""
    site = getattr(request, "_wagtail_site", None)
    return site.pk if site is not None else site_key_of_host(request.META.get("HTTP_HOST", ""))


def forget_hosts(**_said: object) -> None:
    """Forget which host name is of which site: a site was changed here."""
    site_key_of_host.cache_clear()


@fresh()
def site_key_of_host(host: str) -> int:
    """The key of the site of a host name (with its port)."""
    name, port = split_domain_port(host)
    try:
        site = get_site_for_hostname(name, int(port) if port.isdigit() else 80)
    except Site.DoesNotExist:
        return NO_SITE
    return site.pk
