"""Which answers of a site mean that a link lives; apart from the rules, which models read without the libraries of the network."""

from __future__ import annotations

from urllib.parse import urlsplit

from parvis.core.errors import ParvisError
from parvis.core.fetching import FetchTooLarge, HttpStatus
from parvis.core.fetching.addresses import looks_public

REFUSES_ROBOTS = frozenset({401, 402, 403, 405, 406, 409, 418, 425, 429, 451, 999})
"""Answers of sites that are there and want no program: people may well read them."""


def leads_outside(link: str) -> bool:
    """Whether a link is for everybody: not to a machine named by its address on a private network, nor by a name that one alone has."""
    try:
        return looks_public(urlsplit(link).hostname or "")
    except ValueError:
        return False


def lives(error: ParvisError | None) -> bool:
    """Whether a link that was followed leads somewhere."""
    if isinstance(error, HttpStatus):
        return error.details.get("status") in REFUSES_ROBOTS
    return error is None or isinstance(error, FetchTooLarge)
