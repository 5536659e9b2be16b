"""The operations of one room: declare an ``ApiRouter``, and decorate with ``operation`` each function that answers.

A room of the hub or a subject of public life gives its router as ``api`` of its ``Module``; rooms of the web give theirs to
``web/parvis_api.py``. An operation is a function of the request and its parameters: the caller is ``request.auth``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.utils.cache import patch_vary_headers
from ninja import Router
from ninja.constants import NOT_SET
from ninja.utils import check_csrf

from parvis.hub.accounts.rules import Actor
from parvis.hub.api.errors import ALWAYS, ForgedRequest
from parvis.hub.api.openapi import described, ref, refused
from parvis.hub.apikeys.requests import actor_of_request, shows_key
from parvis.hub.quotas.metering import account_of
from parvis.hub.ui.errors import MethodNotAllowed, as_json

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_READING = ("GET", "HEAD", "OPTIONS")
_RATE = ("X-RateLimit-Remaining", "X-RateLimit-Limit", "X-RateLimit-Reset")
_TEXT = {"type": "string"}
_VARYING = ("Authorization", "Cookie", "Accept-Language")


class ApiRequest(HttpRequest):
    """The request that an operation receives."""

    auth: Actor


class ApiRouter(Router):
    """The operations of one room.

    ``label`` heads them in the description; ``headers`` are those of the answers that may be files, as ``openapi.described`` makes them.
    ``preflight`` opens them to pages of other sites that must ask first, for they send a key or a body: OPTIONS is answered, and
    the headers may be read there. ``auth=None``: neither key nor session counts, the operations prove by themselves who calls.
    ``connector`` puts them in the description that connectors are made from (``hub.api.swagger``).
    """

    def __init__(
        self,
        tag: str,
        label: Any,
        *,
        headers: Mapping[str, Any] | None = None,
        preflight: bool = False,
        metered: bool = True,
        auth: Any = NOT_SET,
        connector: bool = False,
    ) -> None:
        super().__init__(tags=[tag], by_alias=True, exclude_unset=True, auth=auth)
        self.connector = connector
        self.tag, self.label, self.headers, self.preflight = tag, label, headers or {}, preflight
        if metered:
            self.add_decorator(_metered)

    def operation(
        self,
        path: str,
        name: str,
        summary: Any,
        answer: Any,
        *,
        url_name: str,
        method: str = "GET",
        errors: tuple[int, ...] = (),
        files: tuple[str, ...] = (),
        bodies: Mapping[str, Any] | None = None,
        only_reads: bool = False,
        status: int = 200,
        reads: Mapping[str, Any] | None = None,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare an operation; HEAD goes with GET.

        ``answer`` is the type of its JSON, ``files`` the media types that it also gives; ``errors`` are statuses besides
        ``ALWAYS``; ``bodies`` are media types it takes, with their schemas, when it reads the body itself. ``only_reads`` says that
        a POST changes nothing, so that no proof of its origin is asked of sessions. ``status`` is that of its success; without a
        JSON ``answer`` (None) there is no body. ``reads`` are headers of the request that it reads, with their sentences.
        """
        declare = self.api_operation(
            ["GET", "HEAD"] if method == "GET" else [method],
            path,
            response=answer if status == 200 else {status: answer},
            operation_id=name,
            url_name=url_name,
            openapi_extra=self._described(summary, errors, files, bodies, status) | _read_headers(reads),
        )

        def register(view: Callable[..., Any]) -> Callable[..., Any]:
            view.csrf_exempt = only_reads
            return declare(view)

        return register

    def _described(
        self,
        summary: Any,
        errors: tuple[int, ...],
        files: tuple[str, ...],
        bodies: Mapping[str, Any] | None,
        status: int,
    ) -> dict[str, Any]:
        headers = {name: ref("headers", name) for name in self.headers if files}
        success = {"description": summary, "headers": headers, "content": {media: {} for media in files}}
        described: dict[str, Any] = {"summary": summary, "responses": {status: success, **refused(*ALWAYS, *errors)}}
        if bodies:
            content = {media: {"schema": schema} for media, schema in bodies.items()}
            described["requestBody"] = {"required": True, "content": content}
        return described

    def answered(self, view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        """The view of one path with what every answer of the API has, errors included: origins, caches, methods."""

        def answer(request: HttpRequest, **names: str) -> HttpResponseBase:
            preflight = self.preflight and request.method == "OPTIONS"
            response = HttpResponse() if preflight else view(request, **names)
            if isinstance(response, HttpResponseNotAllowed):
                allowed = {*response["Allow"].split(", "), *(["OPTIONS"] if self.preflight else [])}
                in_order = ", ".join(sorted(allowed, key=METHODS.index))
                response = as_json(MethodNotAllowed(method=request.method, allowed=in_order))
            for name, value in self._origins().items():
                response[name] = value
            response["Cache-Control"] = "no-store"
            patch_vary_headers(response, _VARYING)
            return response

        return answer

    def _origins(self) -> dict[str, str]:
        origins = {"Access-Control-Allow-Origin": "*"}
        if self.preflight:
            origins["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
            origins["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
            origins["Access-Control-Expose-Headers"] = ", ".join((*self.headers, *_RATE))
        return origins


def _read_headers(reads: Mapping[str, Any] | None) -> dict[str, Any]:
    rows = [
        {"in": "header", "name": name, "required": False, **described(words, _TEXT)}
        for name, words in (reads or {}).items()
    ]
    return {"parameters": rows} if rows else {}


def caller(request: HttpRequest) -> Actor:
    """Who asks, by key or session: WrongKey, SignInNeeded, or ForgedRequest.

    Django's own check is not made for operations, which programs call without cookies: it is made here, for those who write and
    are known by their session alone.
    """
    actor = actor_of_request(request)
    by_session = actor.person_id is not None and not shows_key(request)
    only_reads = request.method in _READING or getattr(request, "_ninja_csrf_exempt", False)
    if by_session and not only_reads and check_csrf(request) is not None:
        raise ForgedRequest
    return actor


def _metered(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def answer(request: ApiRequest, **parameters: Any) -> Any:
        with account_of(request).calling():
            return view(request, **parameters)

    return answer
