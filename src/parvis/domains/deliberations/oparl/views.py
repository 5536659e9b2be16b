"""The addresses of OParl 1.1: the system, its lists, every object under its own address, and files."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from parvis.domains.deliberations.models import Act, ActFile, Session
from parvis.domains.deliberations.oparl.acts import ONLINE
from parvis.domains.deliberations.oparl.endpoint import FileWithdrawn, UnknownObject, answer, endpoint
from parvis.domains.deliberations.oparl.ledger import settle, tell, trace
from parvis.domains.deliberations.oparl.lists import Page, list_page
from parvis.domains.deliberations.oparl.system import system_object
from parvis.domains.deliberations.oparl.tables import OparlObject
from parvis.domains.deliberations.oparl.words import OF_ASSEMBLIES, TYPE_AT, address, system_address
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.addresses import absolute_url
from parvis.hub.quotas.metering import counted_file
from parvis.hub.records.rules import Status
from parvis.hub.records.selectors import files_of
from parvis.hub.uploads.answers import sandboxed


@endpoint
def beginning(request: HttpRequest) -> HttpResponseBase:
    """Shorter addresses lead to the System."""
    return redirect(system_address())


@endpoint
def system(request: HttpRequest) -> HttpResponseBase:
    """The System."""
    return answer(request, system_object(request))


@endpoint
def bodies(request: HttpRequest) -> HttpResponseBase:
    """The list of every Body."""
    base = absolute_url(request.path_info)
    return answer(request, list_page(base, OparlObject.objects.filter(type="Body"), Page.read("Body", request.GET)))


@endpoint
def list_of_body(request: HttpRequest, key: str, place: str) -> HttpResponseBase:
    """A list of a Body."""
    row = _row("Body", key)
    kind = TYPE_AT.get(place, "Body")
    if kind == "Body":
        raise UnknownObject(name=request.path)
    objects = OparlObject.objects.filter(type=kind, body=row.root_key)
    return answer(request, list_page(address("Body", key, place), objects, Page.read(kind, request.GET)))


@endpoint
def list_of_assembly(request: HttpRequest, key: str, place: str) -> HttpResponseBase:
    """A list of an Organization."""
    row = _row("Organization", key)
    kind = TYPE_AT.get(place, "")
    if kind not in OF_ASSEMBLIES:
        raise UnknownObject(name=request.path)
    objects = OparlObject.objects.filter(type=kind, assembly=row.assembly)
    return answer(request, list_page(address("Organization", key, place), objects, Page.read(kind, request.GET)))


@endpoint
def single(request: HttpRequest, place: str, key: str) -> HttpResponseBase:
    """An object, or what stays of it."""
    row = _row(TYPE_AT.get(place, ""), key)
    objects = tell([row])
    # Taken offline a moment ago, and not looked at yet: it is not shown for all that.
    body = objects[0] if objects else trace(row, timezone.now())
    return answer(request, body, row.modified if objects else None)


@endpoint
def unknown(request: HttpRequest, rest: str) -> HttpResponseBase:
    """Any other address."""
    raise UnknownObject(name=request.path)


@endpoint
def read_file(request: HttpRequest, key: str) -> HttpResponseBase:
    """The bytes of a file, to be read where they are."""
    return _bytes(request, key=key, to_keep=False)


@endpoint
def keep_file(request: HttpRequest, key: str) -> HttpResponseBase:
    """The bytes of a file, to be saved."""
    return _bytes(request, key=key, to_keep=True)


@sandboxed
def _bytes(request: HttpRequest, *, key: str, to_keep: bool) -> HttpResponseBase:
    row = _row("File", key)
    file = None if row.deleted else _published(row)
    if file is None:
        raise FileWithdrawn(name=request.path)
    facts = tell([row])[0]
    etag, stamp = f'"{row.digest[:32]}"', int(row.modified.timestamp())
    response = get_conditional_response(request, etag=etag, last_modified=stamp)
    if response is None:
        content = FileResponse(
            file.open("rb"), as_attachment=to_keep, filename=facts["fileName"], content_type=facts["mimeType"]
        )
        response = counted_file(request, actor_of(request.user), content)
    response["ETag"], response["Last-Modified"], response["Cache-Control"] = etag, http_date(stamp), "public, no-cache"
    return response


def _published(row: OparlObject) -> Any:
    """The bytes that readers are given of a file; None when there are none any more."""
    if row.root == "act":
        of_act = ActFile.objects.filter(pk=row.key, act__in=Act.objects.filter(ONLINE)).first()
        return of_act.published if of_act and of_act.published else None
    session = Session.objects.filter(pk=row.root_key, status=Status.PUBLISHED).first()
    files = files_of(session) if session else []
    return next((file.file for file in files if f"seance-{file.pk}" == row.key), None)


def _row(kind: str, key: str) -> OparlObject:
    """What the ledger remembers of an object; UnknownObject. What was noted and waits its turn is looked at before that is said."""
    objects = OparlObject.objects.filter(type=kind, key=key)
    row = objects.first()
    while row is None and settle():
        row = objects.first()
    if row is None:
        raise UnknownObject(name=f"{kind}/{key}")
    return row
