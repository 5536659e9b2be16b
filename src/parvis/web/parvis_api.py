"""``/api/parvis/v1/openapi.json``: the addresses that are Parvis's own, described; each room gives its part.

To add yours: write ``description.py`` in your room with a ``PART = Part(tag, words, operations, parameters, schemas,
headers)`` (see ``web/sql/description.py``) and add it to ``PARTS`` below; a subject of public life gives its own in its
module (``description``). Its operations are relative to
``/api/parvis/v1``. Their names, and the keys of parameters and schemas, are yours alone in the whole description (the
test says which one is taken twice: give ``Parameter(key=…)``). Every refusal has the body ``Problem``: ``error_code``,
``message``, and ``hint``, ``line``, ``column`` where they are known. ``tests/conformance/test_schemathesis.py`` then
asks your addresses what the description allows, and fails on a status, a media type or a body that it does not tell;
give it the values that mean something there, in ``KNOWN``.
"""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.utils.translation import get_language

from parvis.hub.addresses import here
from parvis.hub.apikeys.requests import actor_of_request
from parvis.hub.apikeys.rules import SignInNeeded, WrongKey
from parvis.hub.described.rooms import described_parts
from parvis.web.openapi import Description, Operation, Parameter, Part, Schema, Told, closed, openapi, ref
from parvis.web.portal import chart_description as charts
from parvis.web.portal import map_description as maps
from parvis.web.sql import description as sql
from parvis.web.validation import description as validation

_TEXT: Schema = {"type": "string"}
_PLACE: Schema = {"type": "integer", "minimum": 0}
_PROBLEM = ref("Problem")
_ITSELF = Part(
    "description",
    Told("Cette description", "This description"),
    (
        Operation(
            "getDescription",
            "/openapi.json",
            Told("Cette description.", "This description."),
            ("lang",),
            {"application/json": {"type": "object", "required": ["openapi", "info", "paths"]}},
            (401,),
            others=(),
            tag="description",
            headers=(),
        ),
    ),
    (
        Parameter(
            "lang", {"type": "string", "enum": ["fr", "en"], "default": "fr"}, Told("La langue.", "The language.")
        ),
    ),
)

PARTS = (_ITSELF, charts.PART, maps.PART, sql.PART, validation.PART, *described_parts())
"""What each room gives; a new room of the web adds its own here."""

PARVIS = Description(
    title=Told("API propre à Parvis", "Parvis’s own API"),
    words=Told(
        "Ce que le portail offre en plus de l’API Explore.",
        "What the portal offers besides the Explore API.",
    ),
    path="/api/parvis/v1",
    parameters=tuple(row for part in PARTS for row in part.parameters),
    operations=tuple(row for part in PARTS for row in part.operations),
    schemas={
        "Problem": closed(
            {"error_code": _TEXT, "message": _TEXT, "hint": _TEXT, "line": _PLACE, "column": _PLACE},
            optional=["hint", "line", "column"],
        ),
        **{name: schema for part in PARTS for name, schema in part.schemas.items()},
    },
    refusals={
        400: (
            Told("La demande est mal faite : le message dit où.", "The request is wrong: the message tells."),
            _PROBLEM,
        ),
        401: (Told("La clé n’est pas bonne, ou il en faut une.", "The key is wrong, or one is needed."), _PROBLEM),
        403: (Told("Ce n’est pas ouvert à cet appelant.", "This is not open to this caller."), _PROBLEM),
        404: (Told("Rien de ce nom.", "Nothing of that name."), _PROBLEM),
        405: (Told("Cette méthode n’est pas permise ici.", "This method is not allowed here."), _PROBLEM),
        422: (
            Told("Le fichier ou le schéma ne peut pas être lu.", "The file or the schema cannot be read."),
            _PROBLEM,
        ),
        413: (Told("Le corps de la demande est trop long.", "The body of the request is too long."), _PROBLEM),
        429: (Told("Le quota du jour est épuisé.", "The day’s quota is spent."), _PROBLEM),
        503: (
            Told(
                "Trop de demandes à la fois, ou service fermé.", "Too many requests at once, or the service is closed."
            ),
            _PROBLEM,
        ),
    },
    tags={part.tag: part.words for part in PARTS},
    headers={name: row for part in PARTS for name, row in part.headers.items()},
)
"""Parvis's own API."""


def description(request: HttpRequest) -> JsonResponse:
    """The description in OpenAPI 3.1, in French, or in English with ``lang=en``."""
    language = request.GET.get("lang") or get_language() or "fr"
    try:
        actor_of_request(request)
        body, status = openapi(PARVIS, request.build_absolute_uri(here("/")).rstrip("/"), language), 200
    except (SignInNeeded, WrongKey) as error:
        body, status = {"error_code": error.code, "message": error.message(language)}, 401
    response = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    response["Access-Control-Allow-Origin"] = "*"
    return response
