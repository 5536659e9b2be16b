"""The base map over HTTP: the shipped ground, the file that the operator built, IGN's Plan through this portal."""

from __future__ import annotations

import os

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from parvis.core.errors import NotFound
from parvis.core.mercator import TileAddress
from parvis.hub.apikeys.requests import actor_of_request
from parvis.hub.maps import basemap_files, ign
from parvis.hub.maps.own_ground import ground_archive, ground_revision
from parvis.hub.quotas.metering import counted_file, permit
from parvis.hub.ui.byte_ranges import OpenedBytes, bytes_answer
from parvis.web.tiles.answers import DAY, for_ever, stored_tile
from parvis.web.tiles.views import answered

PMTILES = "application/vnd.pmtiles"


@answered
def ground_tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    """A tile of the ground that ships: layers ``land``, ``lakes``, ``rivers``, ``borders`` and ``names``."""
    TileAddress(z, x, y)
    key = f"base/{ground_revision()}/{z}/{x}/{y}"
    return stored_tile(request, key, lambda: ground_archive().tile(z, x, y))


@answered
def detail_tile(request: HttpRequest, name: str, z: int, x: int, y: int) -> HttpResponse:
    """A tile of the base map of that name, which names its bytes."""
    TileAddress(z, x, y)
    archive = basemap_files.archive_named(name)
    if archive is None:
        raise NotFound(name=name[:100])
    return stored_tile(request, f"fond/{name}/{z}/{x}/{y}", lambda: archive.tile(z, x, y))


@answered
def whole_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """The file itself, whole or in parts (RFC 9110): QGIS and other maps read it by its address."""
    path = basemap_files.path_named(name)
    if path is None:
        raise NotFound(name=name[:100])
    stream = path.open("rb")
    facts = os.fstat(stream.fileno())
    answer = bytes_answer(request, OpenedBytes(f'"{name}"', stream, facts.st_size, int(facts.st_mtime)))
    answer["Cache-Control"] = for_ever()
    answer["Content-Type"] = PMTILES
    # Other sites' maps read it in parts, from scripts.
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Access-Control-Expose-Headers"] = "ETag, Content-Range, Content-Length"
    return counted_file(request, actor_of_request(request), answer) if answer.streaming else answer


@answered
def ign_tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    """A tile of IGN's Plan; 404 when the operator did not choose it."""
    if settings.PARVIS["PARVIS_MAP_BASE"] != "ign":
        raise NotFound(name=f"carte/ign/{z}/{x}/{y}.png")
    body = ign.stored_tile(z, x, y)
    if body is None:
        with permit(request, actor_of_request(request), "ign", ign.TileUnavailable()):
            body = ign.tile(z, x, y)
    response = HttpResponse(body, content_type="image/png")
    response["Cache-Control"] = f"public, max-age={7 * DAY}"
    return response
