"""What is no HTTP exchange: lists of folders, files by other protocols, tables of databases, told as an answer like the others."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.module_loading import import_string

from parvis.core.databases.contract import KINDS, Bounds
from parvis.core.fetching import Answer
from parvis.core.fetching.addresses import AllowedHosts, looks_public, without_secrets
from parvis.core.fetching.answers import NOT_MODIFIED
from parvis.core.fetching.locations import Credentials
from parvis.core.fetching.remote import Reach, fetch_any, list_any, reach_of
from parvis.core.progress import Progress
from parvis.core.sources.contract import LIST, Request, Settings
from parvis.core.sources.database import database_of, reading_of
from parvis.hub.harvesting.models import Source
from parvis.hub.harvesting.rules import ElsewhereRefused

WEB = frozenset({"http", "https"})
_PUBLIC_SCHEMES = WEB | {"ftp", "ftps"}
"""Of what a catalogue may name elsewhere than on its own server."""


def reach() -> Reach:
    """The public internet, and what the operator opens besides: the GIS server of a town hall is on its own network."""
    return reach_of(settings.PARVIS["PARVIS_SOURCES_PRIVATE_HOSTS"], settings.PARVIS["PARVIS_SOURCES_FOLDERS"])


def reach_from(source: Source, url: str) -> Reach:
    """What may be reached at an address that a source gives: itself, and the public web; ElsewhereRefused.

    A catalogue of the public web that names a server of the town hall's network, or a folder of this machine, would have it published.
    One that is in that network itself, by its address or its name, may name its neighbours there.
    """
    whole, here, there = reach(), urlsplit(source.url), urlsplit(url)
    if (here.scheme.lower(), here.netloc.lower()) == (there.scheme.lower(), there.netloc.lower()):
        return whole
    if there.scheme.lower() not in _PUBLIC_SCHEMES:
        raise ElsewhereRefused(place=without_secrets(url)[:200])
    host = (here.hostname or "").lower()
    is_inside = not looks_public(host) or (isinstance(whole.allowed, AllowedHosts) and whole.allowed.names_it(host))
    if host == (there.hostname or "").lower() or is_inside:
        return whole
    allowed = whole.allowed.public() if isinstance(whole.allowed, AllowedHosts) else whole.allowed
    return Reach(allowed, whole.resolver)


def is_exchange(request: Request) -> bool:
    """Whether HTTP itself asks for it."""
    return request.method != LIST and request.url.partition("://")[0].lower() in WEB


def brought(
    source: Source,
    request: Request,
    destination: Path,
    progress: Progress,
    *,
    max_bytes: int,
    secrets: Mapping[str, str],
    etag: str = "",
    **limits: float,
) -> Answer:
    """The list, the file or the rows, in ``destination``; the errors of ``core.fetching`` and of ``core.databases``.

    A key is pinned the first time that an SSH server shows it: another one is refused from then on.
    """
    credentials = _credentials(source, secrets)
    if request.url.partition("://")[0].lower() in KINDS and reach_from(source, request.url):
        bounds = Bounds(bytes=max_bytes)
        bounds = replace(bounds, seconds=min(bounds.seconds, limits.get("total_seconds", bounds.seconds)))
        return _rows(source, request, destination, progress, credentials, bounds)
    if request.method == LIST:
        listing = list_any(request.url, credentials=credentials, reach=reach_from(source, request.url), **limits)
        destination.write_text(json.dumps({"entries": [asdict(entry) for entry in listing.entries]}), encoding="utf-8")
        _pin(source, listing.host_key)
        return Answer(200, destination, request.url)
    file = fetch_any(
        request.url,
        destination,
        max_bytes=max_bytes,
        credentials=credentials,
        reach=reach_from(source, request.url),
        etag=etag,
        progress=progress,
        **limits,
    )
    _pin(source, file.host_key)
    status = NOT_MODIFIED if file.unchanged else 200
    return Answer(status, file.path, request.url, file.name, file.bytes, file.media_type, file.etag[:300])


def _rows(
    source: Source, request: Request, destination: Path, progress: Progress, credentials: Credentials, bounds: Bounds
) -> Answer:
    extract = import_string("parvis.core.databases.extraction.extract")  # loads Arrow, for databases alone
    wishes = Settings(request.url, {str(name): str(value) for name, value in source.options.items()})
    rows = extract(
        database_of(wishes),
        reading_of(wishes),
        destination,
        credentials=credentials,
        reach=reach(),
        bounds=bounds,
        progress=progress,
    )
    return Answer(200, rows.path, request.url, f"{source.slug}.parquet", rows.path.stat().st_size)


def _credentials(source: Source, secrets: Mapping[str, str]) -> Credentials:
    """Who asks: the secret is a password, unless its name says what else it is."""
    secret: dict[str, Any] = {name: secrets[name] for name in ("token", "private_key") if name in secrets}
    password = secrets.get("password") or secrets.get("Authorization", "")
    return Credentials(
        str(source.options.get("username", "")),
        password,
        host_key=str(source.options.get("host_key", "")),
        **secret,
    )


def _pin(source: Source, host_key: str) -> None:
    if host_key and not source.options.get("host_key"):
        source.options = {**source.options, "host_key": host_key}
        if source.pk is not None:
            Source.objects.filter(pk=source.pk).update(options=source.options)
