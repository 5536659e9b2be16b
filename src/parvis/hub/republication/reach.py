"""Where portals may be: on the public web, and on the hosts of the private network that the operator lists."""

from __future__ import annotations

from typing import TypedDict

from django.conf import settings

from parvis.core.fetching.addresses import Allowed, AllowedHosts, allowed_hosts


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
