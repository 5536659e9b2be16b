"""Where a site stands: under which origin, behind which prefix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request stands: at which site, behind which prefix, under which origin (empty: that of the settings)."""

    site: int | None
    origin: str = ""
    prefix: str = ""


def place_at(site: Any) -> Place:
    """Where somebody stands who reads a site (Wagtail's) as its own readers do, behind its prefix when it has one."""
    face = getattr(site, "siteface", None)
    if face is None or not face.prefix:
        return Place(site.pk, origin_of(site))
    return Place(site.pk, origin_of(face.parent), face.prefix)


def origin_of(site: Any) -> str:
    """Scheme, host name and port of a site that has a host name of its own; empty for the main one, which the settings name."""
    return "" if site.is_default_site else origin_at(site.hostname)


def origin_at(hostname: str) -> str:
    """Scheme, host name and port of a site that has a host name of its own: those of the portal but the name."""
    base = urlsplit(settings.PARVIS["PARVIS_BASE_URL"])
    return f"{base.scheme}://{hostname}{f':{base.port}' if base.port else ''}"
