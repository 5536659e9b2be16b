"""Which answers of a site mean that a link lives; apart from the rules, which models read without the libraries of the network."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from parvis.core.errors import ParvisError
from parvis.core.fetching import FetchTooLarge, HttpStatus
from parvis.core.fetching.addresses import is_public

_OF_HOUSES = (".local", ".localhost", ".internal", ".lan", ".home.arpa")
"""Ends of names that are of one house alone (RFC 6761, 6762, 8375)."""
REFUSES_ROBOTS = frozenset({401, 402, 403, 405, 406, 409, 418, 425, 429, 451, 999})
"""Answers of sites that are there and want no program: people may well read them."""


def leads_outside(link: str) -> bool:
    """Whether a link is for everybody: not to a machine named by its address on a private network, nor by a name that one alone has."""
    try:
        host = (urlsplit(link).hostname or "").rstrip(".").lower()
    except ValueError:
        return False
    try:
        return is_public(ipaddress.ip_address(host), 443)
    except ValueError:
        return "." in host and not host.endswith(_OF_HOUSES)


def lives(error: ParvisError | None) -> bool:
    """Whether a link that was followed leads somewhere."""
    if isinstance(error, HttpStatus):
        return error.details.get("status") in REFUSES_ROBOTS
    return error is None or isinstance(error, FetchTooLarge)
