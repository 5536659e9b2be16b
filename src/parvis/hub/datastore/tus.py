"""Uploads in pieces that can be resumed: tus 1.0.0, core protocol with creation and termination, whoever may send."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse

from parvis.core.errors import ParvisError
from parvis.hub.backoffice.screens import sentence
from parvis.hub.datastore.resumable import VERSION, metadata, whole_number
from parvis.hub.datastore.services import abandon, append

if TYPE_CHECKING:
    from parvis.hub.accounts.rules import Actor
    from parvis.hub.datastore.models import Deposit

EXTENSIONS = "creation,termination"
PIECE = "application/offset+octet-stream"


def answer(status: int, text: str = "", **headers: str) -> HttpResponse:
    """An answer of the protocol, never cached."""
    response = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    response["Tus-Resumable"] = VERSION
    response["Cache-Control"] = "no-store"
    for name, value in headers.items():
        response[name.replace("_", "-")] = value
    return response


def tus(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Check the version of the protocol, and turn errors into its statuses."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
            return answer(412, "Tus-Resumable: 1.0.0", Tus_Version=VERSION)
        try:
            return view(request, *args, **kwargs)
        except ParvisError as error:
            return answer(error.status, sentence(error))

    return checked


def announced(request: HttpRequest, begin: Callable[[str, int], str]) -> HttpResponse:
    """Say what is spoken here (OPTIONS), or have a file announced (POST): ``begin`` takes its name and size and gives its address."""
    if request.method == "OPTIONS":
        return answer(204, Tus_Version=VERSION, Tus_Extension=EXTENSIONS)
    size = whole_number(request.headers.get("Upload-Length"))
    if size is None:
        return answer(400, "Upload-Length")
    name = metadata(request.headers.get("Upload-Metadata", "")).get("filename", "fichier")
    return answer(201, Location=begin(name, size), Upload_Offset="0")


def piece(request: HttpRequest, actor: Actor, deposit: Deposit) -> HttpResponse:
    """Say how much has come (HEAD), take the next piece (PATCH), or forget the file (DELETE)."""
    if request.method == "HEAD":
        return answer(200, Upload_Offset=str(deposit.received), Upload_Length=str(deposit.bytes))
    if request.method == "DELETE":
        abandon(actor, deposit)
        return answer(204)
    if request.content_type != PIECE:
        return answer(415, PIECE)
    offset = whole_number(request.headers.get("Upload-Offset"))
    if offset is None:
        return answer(400, "Upload-Offset")
    return answer(204, Upload_Offset=str(append(actor, deposit, offset, request)))
