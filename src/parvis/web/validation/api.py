"""``/api/parvis/v1/validate`` and ``/schemas``: the same checks, for programs."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, ClassVar

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from parvis.core.errors import ParvisError, RequestError
from parvis.hub.apikeys.requests import actor_of_request
from parvis.hub.datastore.confined import require_confinement
from parvis.hub.quotas.metering import spending
from parvis.hub.ui.errors import MethodNotAllowed, as_json
from parvis.hub.validation.selectors import catalogue
from parvis.packs.schemas import CatalogueEntry
from parvis.web.validation.asking import asked_schema, check, given_file, own_folder
from parvis.web.validation.schemas import schema_path
from parvis.web.validation.uploads import a_place, receive_body, receive_form, require_budget

FORMATS = {"json": "application/json", "csv": "text/csv; charset=utf-8"}
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Expose-Headers": "X-Parvis-Valid, X-Parvis-Faults, X-RateLimit-Remaining, X-RateLimit-Limit, "
    "X-RateLimit-Reset",
}
_TRUE = ("1", "true", "oui", "yes")


class BadParameter(RequestError):
    """A parameter is wrong."""

    code: ClassVar[str] = "validation-parameter"
    fr: ClassVar[str] = "Le paramètre {name} vaut « {value} » : il faut {expected}."
    en: ClassVar[str] = "The parameter {name} is “{value}”: {expected} is expected."


class SchemaNeeded(RequestError):
    """Nothing says which schema to check against."""

    code: ClassVar[str] = "validation-no-schema"
    fr: ClassVar[str] = "Il manque le schéma : donnez « schema », un nom du catalogue ou une adresse."
    en: ClassVar[str] = "The schema is missing: give “schema”, a name of the catalogue or an address."
    hint_fr: ClassVar[str] = "Les noms sont à l’adresse /api/parvis/v1/schemas."
    hint_en: ClassVar[str] = "The names are at /api/parvis/v1/schemas."


def _door(*methods: str) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """What both addresses share: methods, origins, errors as JSON."""

    def around(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @csrf_exempt
        @wraps(view)
        def answered(request: HttpRequest) -> HttpResponseBase:
            response = _answer(view, request, methods)
            for name, value in _CORS.items():
                response[name] = value
            response["Cache-Control"] = "no-store"
            patch_vary_headers(response, ["Authorization", "Cookie", "Accept-Language"])
            return response

        return answered

    return around


def _answer(view: Callable[..., HttpResponseBase], request: HttpRequest, methods: tuple[str, ...]) -> HttpResponseBase:
    if request.method == "OPTIONS":
        return HttpResponse(status=200)
    if request.method not in methods:
        return as_json(MethodNotAllowed(method=request.method, allowed=", ".join((*methods, "OPTIONS"))))
    try:
        return view(request)
    except ParvisError as error:
        return as_json(error, "line")


@_door("POST")
def validate(request: HttpRequest) -> HttpResponseBase:
    """The report of a file: the body of the request, the file ``file`` of a form, or the one at ``url``."""
    actor = actor_of_request(request)
    require_confinement(actor)
    require_budget(request, actor)
    chosen = request.GET.get("format") or "json"
    if chosen not in FORMATS:
        raise BadParameter(name="format", value=chosen[:40], expected=" | ".join(FORMATS))
    with own_folder() as folder:
        body = _receive(request, folder)
        with a_place(request, actor):
            path, name, said, strict = _received(request, folder, body)
            against = asked_schema(request, said)
            if against is None:
                raise SchemaNeeded
            report = folder / "rapport"
            report.mkdir()
            with spending(request, actor) as spent:
                found = check(path, name, against, strict=strict, report=report, endings=(chosen,))
        stream = (report / f"rapport.{chosen}").open("rb")  # still readable once its folder is gone
    response = FileResponse(stream, content_type=FORMATS[chosen])
    response["X-Parvis-Valid"] = "true" if found["report"]["valid"] else "false"
    response["X-Parvis-Faults"] = str(found["report"]["total"])
    for header, value in spent.headers().items():
        response[header] = value
    return response


def _receive(request: HttpRequest, folder: Path) -> Path | None:
    """Have what the request sends in ``folder``; the file when it is the body itself."""
    if request.content_type in FORMS:
        receive_form(request, folder)
    elif not request.GET.get("url"):
        return receive_body(request, folder, _name(request))
    return None


def _name(request: HttpRequest) -> str:
    return request.GET.get("name", "")[:200] or "fichier"


def _received(request: HttpRequest, folder: Path, body: Path | None) -> tuple[Path, str, str, bool]:
    """The file, its name, the schema as it was said, and whether to be strict."""
    if request.content_type in FORMS:
        path, name = given_file(request, folder)
        said = request.POST.get("schema") or request.GET.get("schema", "")
        return path, name, said, (request.POST.get("strict") or request.GET.get("strict", "")).lower() in _TRUE
    said, strict = request.GET.get("schema", ""), request.GET.get("strict", "").lower() in _TRUE
    if body is None:
        path, name = given_file(request, folder)
        return path, name, said, strict
    return body, _name(request), said, strict


@_door("GET", "HEAD")
def schemas(request: HttpRequest) -> HttpResponseBase:
    """The schemas known here, or those that hold the words of ``q``."""
    actor_of_request(request)
    found = catalogue(request.GET.get("q", "")[:200])
    base = request.build_absolute_uri("/").rstrip("/")
    body = {"total_count": len(found), "schemas": [_row(entry, base) for entry in found]}
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})


def _row(entry: CatalogueEntry, base: str) -> dict[str, Any]:
    return {
        "name": entry.name,
        "title": entry.title,
        "description": entry.description,
        "labels": list(entry.labels),
        "version": entry.latest.version,
        "versions": [{"version": row.version, "url": row.url} for row in entry.versions],
        "homepage": entry.homepage,
        "licence": entry.licence,
        "page": base + schema_path(entry.name),
        "template": f"{base}{schema_path(entry.name)}modele.xlsx",
    }
