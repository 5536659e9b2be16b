"""Vector tiles of datasets, what their layers show, and the base map."""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.views.decorators.http import require_safe

from parvis.core.errors import NotFound, ParvisError
from parvis.core.geo.tiles import tile
from parvis.core.mercator import TileAddress
from parvis.hub.apikeys.requests import actor_of_request
from parvis.hub.caches import byte_cache
from parvis.hub.catalogue import selectors as catalogue
from parvis.hub.catalogue.rules import Access
from parvis.hub.datastore.selectors import engine, source_of
from parvis.hub.maps.naming import names_of_codes
from parvis.hub.maps.rules import MOST_FIELDS
from parvis.hub.maps.selectors import layer_of
from parvis.hub.sites.lens import current_lens
from parvis.hub.sites.selectors import face_of
from parvis.hub.territories.codes import NAMED
from parvis.hub.ui.errors import as_json
from parvis.web.tiles.answers import DAY, MVT, cached_answer, of_version, revalidated
from parvis.web.tiles.questions import conditions_of, question_of

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

type View = Callable[..., HttpResponse]

_DRAWING = 2
"""Goes up when the same rows are drawn otherwise: browsers and caches keep tiles by what they were drawn from."""

MOST_NAMES, LONGEST_CODES = 100, 2_000
"""Codes whose names are told at once, and letters read of an address that asks for them."""


def answered(view: View) -> View:
    """Turn our errors into an HTTP status with a sentence; a former identifier into a redirect."""

    @require_safe
    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: object, **names: object) -> HttpResponse:
        try:
            return view(request, *args, **names)
        except ParvisError as error:
            present = _present_address(request, names) if error.status == 404 else None
            if present:
                return HttpResponsePermanentRedirect(present)
            response = as_json(error)
            response["Cache-Control"] = "no-store"
            return response

    return wrapped


def _present_address(request: HttpRequest, names: dict[str, object]) -> str | None:
    """Where a renamed dataset's tiles are now."""
    former = str(names.get("dataset_id", ""))
    present = former and catalogue.renamed(actor_of_request(request), former)
    return request.get_full_path().replace(f"/tiles/{former}/", f"/tiles/{present}/", 1) if present else None


@answered
def dataset_tile(request: HttpRequest, dataset_id: str, z: int, x: int, y: int) -> HttpResponse:
    """A tile of the rows that ``where``, ``refine`` and ``exclude`` keep, carrying the values named in ``f``.

    Of the version ``v`` (or ``version``), the current one when absent.
    """
    address = TileAddress(z, x, y)
    actor = actor_of_request(request)
    dataset = catalogue.public_dataset(actor, dataset_id)
    version_name = request.GET.get("v") or request.GET.get("version", "")
    version = catalogue.version(dataset, version_name) if version_name else dataset.current
    source = source_of(dataset, version)
    question = question_of(request, dataset, version)
    column_names = set(source.shape.names)
    fields = [name for name in request.GET.get("f", "").split(",") if name in column_names][:MOST_FIELDS]
    lens = current_lens()
    seen = f"{source.key}/{lens.key if lens else ''}"  # the same tile holds other rows on the site of each commune
    key = f"{_DRAWING}/{dataset.uid}/{seen}/{z}/{x}/{y}/{','.join(fields)}/{question.key}"

    def made() -> bytes:
        return tile(source, engine(), address, fields=fields, where=question.where, seconds=_seconds())

    public = _is_public(dataset)
    if not question.lasting:
        return cached_answer(request, f"{key}/{time.time_ns()}", MVT, made, revalidated(public))
    cache = of_version(public) if version_name else revalidated(public)
    return cached_answer(request, key, MVT, lambda: byte_cache("tiles").get_or_make(key, made, len), cache)


@answered
def layer(request: HttpRequest, dataset_id: str) -> HttpResponse:
    """What the map of a dataset shows: extent, legends, values, address of its tiles."""
    actor = actor_of_request(request)
    dataset = catalogue.public_dataset(actor, dataset_id)
    question = question_of(request, dataset, dataset.current)
    map_layer = layer_of(
        dataset,
        where=question.where,
        conditions=conditions_of(request),
        territory=face_of(request).territory,
        seconds=_seconds(),
    )
    if map_layer is None:
        raise NotFound(name=f"{dataset_id} : carte")
    body = json.dumps(map_layer, ensure_ascii=False, separators=(",", ":"))
    return cached_answer(request, body, "application/json", body.encode, revalidated(_is_public(dataset)))


@answered
def place_names(request: HttpRequest, kind: str) -> HttpResponse:
    """The names of the territories of ``codes``, parted by commas, at most ``MOST_NAMES`` of them: an object by code."""
    if kind not in NAMED:
        raise NotFound(name=f"carte/noms/{kind}.json")
    codes = [code for code in request.GET.get("codes", "")[:LONGEST_CODES].split(",") if code.isalnum()]
    body = json.dumps(names_of_codes(kind, codes[:MOST_NAMES]), ensure_ascii=False, separators=(",", ":"))
    return cached_answer(request, body, "application/json", body.encode, f"public, max-age={DAY}")


def _seconds() -> float:
    return float(settings.PARVIS["PARVIS_ENGINE_SECONDS"])


def _is_public(dataset: Dataset) -> bool:
    return dataset.access == Access.PUBLIC
