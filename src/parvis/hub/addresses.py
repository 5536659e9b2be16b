"""Addresses of the portal, as the site that answers says them: behind its prefix, under its own origin.

A commune's site is at a host name of its own or behind a prefix of the main one (``/lieusaint/``). ``reverse`` and
``{% url %}`` write the prefix by themselves, since the site's middleware makes it Django's script prefix for the time of a
request; ``absolute_path`` does the same for a path that is written by hand, and ``canonical`` gives the whole address. In commands,
mails and background work there is no site: addresses are those of the main one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.urls import get_script_prefix, set_script_prefix

from parvis.core.translation import SOURCE, languages
from parvis.hub.served_address import BASE_URL, LOOPBACK, UNSET

_origin: ContextVar[str] = ContextVar("parvis_origin", default="")


def absolute_path(path: str) -> str:
    """``path`` (``/explore/``) behind the prefix of the site that answers (``/lieusaint/explore/``)."""
    return f"{get_script_prefix().rstrip('/')}{path}"


def absolute_url(path: str) -> str:
    """The full public address of ``path`` on the main site, whichever site answers; ``path`` has no prefix."""
    return f"{settings.PARVIS['PARVIS_BASE_URL']}{path}"


def own_page(permanent_id: str) -> str:
    """The page of a dataset for ever, under the name of the portal; empty when nobody gave it one."""
    base = settings.PARVIS[BASE_URL]
    return "" if base == UNSET else _page(base, permanent_id)


def page_elsewhere(reached: str, dataset_id: str, permanent_id: str) -> str:
    """The same for a reader who came by another name, which begins the addresses that it is given, or of a dataset that was renamed: whoever
    comes by either knows the same dataset. Empty when that is the page that it is given."""
    own, other = urlsplit(settings.PARVIS[BASE_URL]), urlsplit(reached)
    first = permanent_id or dataset_id
    is_lost = not own_page(first) or (own.hostname in LOOPBACK and other.hostname not in LOOPBACK)
    if not is_lost and own.netloc.lower() != other.netloc.lower():
        return own_page(first)
    return "" if first == dataset_id else _page(f"{other.scheme}://{other.netloc}", first)


def _page(root: str, dataset_id: str) -> str:
    return f"{root}/explore/dataset/{quote(dataset_id, safe='')}/"


def canonical(path: str) -> str:
    """The full public address of a path as ``absolute_path``, ``reverse`` or ``request.path`` give it."""
    return f"{_origin.get() or settings.PARVIS['PARVIS_BASE_URL']}{path}"


def without_prefix(path: str) -> str:
    """``path`` as it is on a site that has no prefix: the other way from ``absolute_path``."""
    return path.removeprefix(get_script_prefix().rstrip("/"))


def language_prefixes() -> dict[str, str]:
    """What begins the addresses of each language: ``/en``, and nothing for that of the portal."""
    return {code: "" if code == SOURCE else f"/{code}" for code in languages()}


def language_prefix_of(path: str) -> str:
    """The prefix of a language that ``path`` begins with (``/en`` for ``/en/explore/``), empty when it has none."""
    word = path[1:].partition("/")[0]
    return language_prefixes().get(word, "")


def in_language(path: str, language: str) -> str:
    """``path``, in whatever language, as the address of the same thing in that one."""
    return f"{language_prefixes()[language]}{path.removeprefix(language_prefix_of(path)) or '/'}"


@contextmanager
def current_site(origin: str, prefix: str = "") -> Iterator[None]:
    """Write addresses under ``origin`` (empty: that of the settings) and behind ``prefix`` (``lieusaint``) within the block."""
    before = get_script_prefix()
    token = _origin.set(origin)
    if prefix:
        set_script_prefix(f"{before}{prefix}/")
    try:
        yield
    finally:
        set_script_prefix(before)
        _origin.reset(token)
