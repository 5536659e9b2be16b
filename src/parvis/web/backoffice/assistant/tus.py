"""Uploads in pieces that can be resumed: tus 1.0.0, core protocol with creation, expiration and termination.

Pieces are sent by our own pages with the session's cookie and Django's CSRF token in a header, so another site cannot send
any; every request is checked against the person who opened the deposit.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from parvis.core.errors import ParvisError
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.backoffice.screens import sentence
from parvis.hub.datastore.resumable import VERSION, metadata, whole_number
from parvis.hub.datastore.services import abandon, append, open_deposit
from parvis.web.backoffice.assistant.deposits import deposit_of

EXTENSIONS = "creation,termination"


def _answer(status: int, text: str = "", **headers: str) -> HttpResponse:
    response = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    response["Tus-Resumable"] = VERSION
    response["Cache-Control"] = "no-store"
    for name, value in headers.items():
        response[name.replace("_", "-")] = value
    return response


def _tus(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Check the version of the protocol, and turn errors into its statuses."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
            return _answer(412, "Tus-Resumable: 1.0.0", Tus_Version=VERSION)
        try:
            return view(request, *args, **kwargs)
        except ParvisError as error:
            return _answer(error.status, sentence(error))

    return checked


@require_http_methods(["OPTIONS", "POST"])
@_tus
def create(request: HttpRequest) -> HttpResponse:
    """Say what is spoken here (OPTIONS), or announce a file (POST)."""
    if request.method == "OPTIONS":
        return _answer(204, Tus_Version=VERSION, Tus_Extension=EXTENSIONS)
    size = whole_number(request.headers.get("Upload-Length"))
    if size is None:
        return _answer(400, "Upload-Length")
    name = metadata(request.headers.get("Upload-Metadata", "")).get("filename", "fichier")
    deposit = open_deposit(actor_of(request.user), name, size)
    place = reverse("backoffice:tus_upload", args=[deposit.pk])
    return _answer(201, Location=place, Upload_Offset="0")


@require_http_methods(["HEAD", "PATCH", "DELETE"])
@_tus
def upload(request: HttpRequest, key: Any) -> HttpResponse:
    """Say how much has come (HEAD), take the next piece (PATCH), or forget the file (DELETE)."""
    actor = actor_of(request.user)
    deposit = deposit_of(actor, key)
    if request.method == "HEAD":
        return _answer(200, Upload_Offset=str(deposit.received), Upload_Length=str(deposit.bytes))
    if request.method == "DELETE":
        abandon(actor, deposit)
        return _answer(204)
    if request.content_type != "application/offset+octet-stream":
        return _answer(415, "application/offset+octet-stream")
    offset = whole_number(request.headers.get("Upload-Offset"))
    if offset is None:
        return _answer(400, "Upload-Offset")
    return _answer(204, Upload_Offset=str(append(actor, deposit, offset, request)))
