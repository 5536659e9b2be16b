"""Where portals may be: on the public web, and on the hosts of the private network that the operator lists."""

from __future__ import annotations

from typing import TypedDict
from urllib.parse import urlsplit

from django.conf import settings

from parvis.core.fetching.addresses import Allowed, AllowedHosts, allowed_hosts
from parvis.hub.republication.rules import BadPortal


class Reach(TypedDict, total=False):
    """What ``core.fetching.send`` is given besides."""

    allowed: Allowed


def private_hosts() -> AllowedHosts:
    """Those that the operator lists."""
    return allowed_hosts(settings.PARVIS["PARVIS_REPUBLICATION_PRIVATE_HOSTS"])


def reach_of_portal(host: str) -> Reach:
    """What may be reached under the name of a portal: nothing but the public web, where no host is listed."""
    private = private_hosts()
    return {"allowed": private.of(host)} if private.names or private.networks else {}


def portal_address(text: str) -> str:
    """The address of a portal as it is kept: https (http for a host of the private network that is listed), no path; BadPortal."""
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError:
        raise BadPortal(address=text[:200]) from None
    host = parts.hostname or ""
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and private_hosts().lists(host, port or 80))
    if not host or not is_safe or parts.username or parts.query or parts.path.strip("/"):
        raise BadPortal(address=text[:200])
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{f':{port}' if port else ''}"
