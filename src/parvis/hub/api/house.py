"""The house's own API: routers put together, their addresses, and the OpenAPI document that comes out of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Annotated, Any

from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.renderers import JSONRenderer
from pydantic.json_schema import models_json_schema
from wagtail.utils.urlpatterns import decorate_urlpatterns

from parvis.core.translation import languages, supported
from parvis.hub.addresses import absolute_path
from parvis.hub.api.errors import STATUSES, handle_errors
from parvis.hub.api.openapi import Document, openapi, ref, refusals, translated
from parvis.hub.api.routers import ApiRequest, ApiRouter, caller
from parvis.hub.api.schemas import Body, Documented, Problem
from parvis.hub.api.swagger import swagger

PATH = "/api/parvis/v1"
_DOCUMENT = Annotated[dict[str, Any], Documented(required=["openapi", "info", "paths"])]
_SWAGGER = Annotated[dict[str, Any], Documented(required=["swagger", "info", "paths"])]
_LANGUAGE = Annotated[str, Documented(_("La langue."), enum=[*languages()])]


class _Renderer(JSONRenderer):
    json_dumps_params = {"ensure_ascii": False}


class HouseApi(NinjaAPI):
    """``/api/parvis/v1``, made of the routers of rooms.

    The library's own pages of documentation are off: their scripts come from another site, which the content policy forbids.
    """

    def __init__(
        self,
        routers: Iterable[ApiRouter],
        webhooks: Mapping[str, Any] | None = None,
        messages: Iterable[type[Body]] = (),
    ) -> None:
        """``webhooks`` is the section of the document by that name, which refers to the schemas of ``messages``."""
        super().__init__(
            title=_("API propre à Parvis"),
            description=_("Ce que le portail offre en plus de l’API Explore."),
            openapi_url=None,
            docs_url=None,
            auth=caller,
            renderer=_Renderer(),
        )
        self.webhooks, self.messages = webhooks, tuple(messages)
        self.rooms = (_itself(self), *routers)
        for router in self.rooms:
            self.add_router("", router)
        handle_errors(self)

    def get_content_type(self) -> str:
        """JSON is in UTF-8 and has no charset (RFC 8259)."""
        return self.renderer.media_type

    def addresses(self) -> list[URLPattern]:
        """Those of every operation, to mount at ``PATH``."""
        # Not the library's own ``urls``: they do not tell of which router each is, and add a page at the root.
        return [
            pattern
            for bound in self._get_bound_routers()
            for pattern in decorate_urlpatterns([*bound.urls_paths(bound.prefix)], _answered(bound.template))
        ]

    def document(self, origin: str, language: str) -> Document:
        """The description in OpenAPI 3.1 for a portal at ``origin``, in that language, or in French."""
        return self._translated(supported(language)) | {"servers": [{"url": f"{origin}{PATH}"}]}

    def connector_document(self, origin: str, language: str) -> Document:
        """What writes, in OpenAPI 2.0: what connectors are made from."""
        tags = tuple(router.tag for router in self.rooms if router.connector)
        return swagger(self._translated(supported(language)), origin, absolute_path(PATH), tags)

    @cache  # noqa: B019 - one API a process, few languages
    def _translated(self, language: str) -> Document:
        generated = self.get_openapi_schema(path_prefix="")
        headers = {name: row for router in self.rooms for name, row in router.headers.items()}
        components = {
            "schemas": _cleaned(generated["components"]["schemas"] | _schemas((Problem, *self.messages))),
            "responses": refusals(STATUSES, dict.fromkeys(STATUSES, ref("schemas", "Problem"))),
            "headers": headers,
        }
        tags = {router.tag: router.label for router in self.rooms}
        paths = _paths(generated["paths"])
        return translated(openapi(self.title, self.description, tags, paths, components, self.webhooks), language, PATH)


def _schemas(bodies: Iterable[type[Body]]) -> dict[str, Any]:
    """The schemas of bodies that no operation names, and of what they are made of."""
    models: Any = [(body, "serialization") for body in bodies]
    _references, schemas = models_json_schema(models, ref_template="#/components/schemas/{model}")
    return dict(schemas["$defs"])


def _answered(router: Any) -> Any:
    return router.answered if isinstance(router, ApiRouter) else lambda view: view


def _itself(api: HouseApi) -> ApiRouter:
    router = ApiRouter("description", _("Cette description"), metered=False)

    @router.operation(
        "/openapi.json", "getDescription", _("Cette description."), _DOCUMENT, url_name="parvis_description"
    )
    def description(request: ApiRequest, lang: _LANGUAGE = "") -> Document:
        return api.document(origin_of(request), lang or get_language() or "fr")

    @router.operation(
        "/swagger.json",
        "getConnectorDescription",
        _("Ce qui écrit, en OpenAPI 2.0, dont se font les connecteurs de Power Automate."),
        _SWAGGER,
        url_name="parvis_swagger",
    )
    def connector(request: ApiRequest, lang: _LANGUAGE = "") -> Document:
        return api.connector_document(origin_of(request), lang or get_language() or "fr")

    return router


def origin_of(request: HttpRequest) -> str:
    """Where the site that is asked begins, without a last stroke."""
    return request.build_absolute_uri(absolute_path("/")).rstrip("/")


def _paths(generated: dict[str, Any]) -> dict[str, Any]:
    """The operations without HEAD, which is implied by GET."""
    for operations in generated.values():
        operations.pop("head", None)
        for parameter in (row for operation in operations.values() for row in operation["parameters"]):
            parameter["schema"] = {name: value for name, value in parameter["schema"].items() if name != "description"}
    return _cleaned(generated)


def _cleaned(node: Any) -> Any:
    """What was generated, for readers.

    Of titles and descriptions the translated ones alone remain: the others are made up of names and docstrings.
    """
    if isinstance(node, list):
        return [_cleaned(item) for item in node]
    if not isinstance(node, dict):
        return node
    silent = {key for key in ("title", "description") if key in node and not isinstance(node[key], Promise | dict)}
    silent |= {"default"} if node.get("default") == "" else set()
    return {key: _cleaned(value) for key, value in node.items() if key not in silent}
