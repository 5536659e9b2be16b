"""The address of a caller: one function for quotas, places, sign-in and the server, so that a proxy is believed once."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings

type Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def address_of(remote: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """The address of a caller: the one that connected, unless it is a trusted proxy, which then says for whom.

    ``X-Forwarded-For`` is read from its end, where our own proxies write; the first address that is not one of them is
    the caller. From anybody else the header is ignored: anyone who calls may write anything in it.
    """
    current = parsed_address(remote)
    hops = [part.strip() for part in forwarded.split(",")][-20:] if forwarded else []
    while current is not None and hops and any(current in network for network in trusted):
        current = parsed_address(hops.pop())
    return str(current) if current is not None else "unknown"


def parsed_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An address as headers write it, with or without a port; None for what is not one."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, ipaddress.IPv6Address) else address


def network_of(address: str) -> str:
    """Whom an address stands for: itself, or its whole /64 for IPv6, which one caller holds."""
    parsed = parsed_address(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return address


def is_own_proxy(address: str) -> bool:
    """Whether that address is one of our own proxies (``PARVIS_TRUSTED_PROXIES``)."""
    parsed = parsed_address(address)
    return parsed is not None and any(parsed in network for network in settings.PARVIS["PARVIS_TRUSTED_PROXIES"])


def caller_address(environ: Mapping[str, Any]) -> str:
    """The address of a caller, from a WSGI environment (``request.META``) and ``PARVIS_TRUSTED_PROXIES``."""
    remote, forwarded = environ.get("REMOTE_ADDR", ""), environ.get("HTTP_X_FORWARDED_FOR", "")
    return address_of(remote, forwarded, settings.PARVIS["PARVIS_TRUSTED_PROXIES"])
