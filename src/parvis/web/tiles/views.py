"""Vector tiles of datasets, what their layers show, and the base map."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from parvis.core.errors import Forbidden, NotFound, OperationError, ParvisError, RequestError
from parvis.core.geo.mercator import TileAddress
from parvis.core.geo.tiles import tile
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.catalogue import selectors as catalogue
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.datastore.selectors import engine, source_of
from parvis.hub.maps import ground
from parvis.hub.maps.rules import MOST_FIELDS
from parvis.hub.maps.selectors import layer_of
from parvis.web.tiles.answers import MVT, asked_again, for_ever, kept

type View = Callable[..., HttpResponse]

_STATUS = ((NotFound, 404), (Forbidden, 404), (RequestError, 400), (OperationError, 503))


def answered(view: View) -> View:
    """Turn our errors into an HTTP status with a sentence; a former identifier into a redirect."""

    @require_safe
    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: object, **names: object) -> HttpResponse:
        try:
            return view(request, *args, **names)
        except ParvisError as error:
            status = next((code for kind, code in _STATUS if isinstance(error, kind)), None)
            if status is None:
                raise
            present = _present_address(request, names) if status == 404 else None
            if present:
                return HttpResponsePermanentRedirect(present)
            body = {"error_code": error.code, "message": error.message(get_language() or "fr")}
            return JsonResponse(body, status=status, headers={"Cache-Control": "no-store"})

    return wrapped


def _present_address(request: HttpRequest, names: dict[str, object]) -> str | None:
    """Where a renamed dataset's tiles are now."""
    former = str(names.get("dataset_id", ""))
    present = former and catalogue.renamed(actor_of(request.user), former)
    return request.get_full_path().replace(f"/tiles/{former}/", f"/tiles/{present}/", 1) if present else None


@answered
def dataset_tile(request: HttpRequest, dataset_id: str, z: int, x: int, y: int) -> HttpResponse:
    """A tile of the version ``v`` (the current one when absent) carrying the values named in ``f``, separated by commas."""
    address = TileAddress(z, x, y)
    dataset = catalogue.public_dataset(actor_of(request.user), dataset_id)
    asked = request.GET.get("v", "")
    version = catalogue.version(dataset, asked) if asked else dataset.current
    source = source_of(dataset, version)
    known = set(source.shape.names)
    fields = [name for name in request.GET.get("f", "").split(",") if name in known][:MOST_FIELDS]
    public = _is_public(dataset)
    return kept(
        request,
        f"{dataset.uid}/{version.name}/{z}/{x}/{y}/{','.join(fields)}",
        MVT,
        lambda: tile(source, engine(), address, fields=fields),
        for_ever(public) if asked else asked_again(public),
    )


@answered
def layer(request: HttpRequest, dataset_id: str) -> HttpResponse:
    """What the map of a dataset shows: extent, legends, values, address of its tiles."""
    dataset = catalogue.public_dataset(actor_of(request.user), dataset_id)
    found = layer_of(dataset)
    if found is None:
        raise NotFound(name=f"{dataset_id} : carte")
    body = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    return kept(request, body, "application/json", body.encode, asked_again(_is_public(dataset)))


@answered
def contours_tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    """A tile of the base map."""
    TileAddress(z, x, y)
    key = f"base/{ground.contours_revision()}/{z}/{x}/{y}"
    return kept(
        request, key, MVT, lambda: ground.base_tile(z, x, y) if z <= ground.MAX_ZOOM else b"", for_ever(public=True)
    )


@answered
def places(request: HttpRequest) -> HttpResponse:
    """The names written on the base map."""
    key = f"places/{ground.contours_revision()}"
    return kept(request, key, "application/geo+json", lambda: ground.base_places().encode(), for_ever(public=True))


def _is_public(dataset: Dataset) -> bool:
    return dataset.access == Access.PUBLIC
