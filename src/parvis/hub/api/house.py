"""The house's own API: routers put together, their addresses, and the OpenAPI document that comes out of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Annotated, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.functional import Promise
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.renderers import JSONRenderer
from wagtail.utils.urlpatterns import decorate_urlpatterns

from parvis import __version__
from parvis.hub.addresses import here
from parvis.hub.api.errors import STATUSES, handle_errors
from parvis.hub.api.routers import ApiRequest, ApiRouter, caller
from parvis.hub.api.schemas import Problem, documented

PATH = "/api/parvis/v1"
_DOCUMENT = Annotated[dict[str, Any], documented(required=["openapi", "info", "paths"])]
_LANGUAGE = Annotated[str, documented(_("La langue."), enum=["fr", "en"])]
SECURITY = {
    "security": [{}, {"key": []}, {"keyInAddress": []}],
    "schemes": {
        "key": {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Apikey <key>"},
        "keyInAddress": {"type": "apiKey", "in": "query", "name": "apikey"},
    },
}


class _Renderer(JSONRenderer):
    json_dumps_params = {"ensure_ascii": False}


class HouseApi(NinjaAPI):
    """``/api/parvis/v1``, of the routers of rooms. Its pages of documentation are ours: the library's come from elsewhere, which
    the content policy forbids."""

    def __init__(self, routers: Iterable[ApiRouter]) -> None:
        super().__init__(
            title=_("API propre à Parvis"),
            description=_("Ce que le portail offre en plus de l’API Explore."),
            version=__version__,
            openapi_url=None,
            docs_url=None,
            auth=caller,
            renderer=_Renderer(),
        )
        self.rooms = (_itself(self), *routers)
        for router in self.rooms:
            self.add_router("", router)
        handle_errors(self)

    def get_content_type(self) -> str:
        """JSON is in UTF-8 and has no charset (RFC 8259)."""
        return self.renderer.media_type

    def addresses(self) -> list[URLPattern]:
        """Those of every operation, to mount at ``PATH``."""
        return [
            pattern
            for bound in self._get_bound_routers()
            for pattern in decorate_urlpatterns([*bound.urls_paths(bound.prefix)], _answered(bound.template))
        ]

    def document(self, origin: str, language: str) -> dict[str, Any]:
        """The description in OpenAPI 3.1 for a portal at ``origin``, in French, or in English."""
        drawn = self._drawn("en" if language.startswith("en") else "fr")
        return {**drawn, "servers": [{"url": f"{origin}{PATH}"}]}

    @cache  # noqa: B019 - one API a process, two languages
    def _drawn(self, language: str) -> dict[str, Any]:
        with override(language):
            return json.loads(json.dumps(self._document(), cls=DjangoJSONEncoder))

    def _document(self) -> dict[str, Any]:
        drawn = self.get_openapi_schema(path_prefix="")
        headers = {name: row for router in self.rooms for name, row in router.headers.items()}
        problem = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        return {
            "openapi": drawn["openapi"],
            "info": {**drawn["info"], "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"}},
            "servers": [],
            "security": SECURITY["security"],
            "tags": [{"name": router.tag, "description": router.label} for router in self.rooms],
            "paths": _paths(drawn["paths"]),
            "components": {
                "schemas": _told(drawn["components"]["schemas"] | {"Problem": Problem.model_json_schema()}),
                "responses": {
                    f"Refused{status}": {"description": words, "content": problem} for status, words in STATUSES.items()
                },
                "headers": {name: {"description": row.words, "schema": row.schema} for name, row in headers.items()},
                "securitySchemes": SECURITY["schemes"],
            },
        }


def _answered(router: Any) -> Any:
    return router.answered if isinstance(router, ApiRouter) else lambda view: view


def _itself(api: HouseApi) -> ApiRouter:
    router = ApiRouter("description", _("Cette description"), metered=False)

    @router.operation(
        "/openapi.json", "getDescription", _("Cette description."), _DOCUMENT, url_name="parvis_description"
    )
    def description(request: ApiRequest, lang: _LANGUAGE = "") -> dict[str, Any]:
        return api.document(origin_of(request), lang or get_language() or "fr")

    return router


def origin_of(request: HttpRequest) -> str:
    """Where the site that is asked begins, without a last stroke."""
    return request.build_absolute_uri(here("/")).rstrip("/")


def _paths(drawn: dict[str, Any]) -> dict[str, Any]:
    """The operations without HEAD, which goes without saying beside GET, nor the docstrings of their functions."""
    for operations in drawn.values():
        operations.pop("head", None)
        for parameter in (row for operation in operations.values() for row in operation["parameters"]):
            parameter["required"] |= parameter["schema"].pop("required", False)
            parameter["schema"].pop("description", None)
    return _told(drawn)


def _told(node: Any) -> Any:
    """The same for readers.

    Of titles and descriptions the translated ones alone remain, for pydantic makes others up of names and docstrings; what a
    ``documented`` value says of itself becomes what its object requires.
    """
    if isinstance(node, list):
        return [_told(item) for item in node]
    if not isinstance(node, dict):
        return node
    silent = {key for key in ("title", "description") if key in node and not isinstance(node[key], Promise | dict)}
    silent |= {"default"} if node.get("default") == "" else set()
    required = [name for name, row in node.get("properties", {}).items() if row.pop("required", None) is True]
    told = {key: _told(value) for key, value in node.items() if key not in silent}
    return told | ({"required": required} if required else {})
