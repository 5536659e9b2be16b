"""Addresses of an API of one room, which reads and writes notes."""

from __future__ import annotations

from typing import Annotated

from django.http import Http404
from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from parvis.core.errors import RequestError
from parvis.core.translation import gettext_noop
from parvis.hub.api.house import HouseApi
from parvis.hub.api.openapi import described
from parvis.hub.api.routers import ApiRequest, ApiRouter
from parvis.hub.api.schemas import Body, Documented, Listing, Offset, Slug

NOTES = [f"note-{rank}" for rank in range(250)]
router = ApiRouter("notes", "Notes", headers={"X-Notes": described("Notes.", {"type": "string"})}, preflight=True)
closed = ApiRouter("closed", "Fermées")


class Misplaced(RequestError):
    """An error that tells where it is."""

    code = "misplaced"
    sentence = gettext_noop("Ligne {line}.")


class Note(Body):
    slug: str
    words: str = ""
    properties: Annotated[dict[str, str], Documented(_("La langue."))] = {}
    title: str = ""


class NoteList(Listing[Note]):
    pass


class Written(Body):
    words: str = Field(max_length=20)
    count: int = 0


@router.operation("/notes", "listNotes", "Les notes.", NoteList, url_name="notes")
def notes(request: ApiRequest, offset: Offset = 0) -> NoteList:
    return NoteList.page(NOTES, lambda slug: Note(slug=slug), offset)


@router.operation(
    "/notes", "addNote", "Une note de plus.", Note, url_name="notes", method="POST", errors=(400, 403, 413)
)
def add(request: ApiRequest, note: Written) -> Note:
    return Note(slug=request.auth.name, words=note.words)


@router.operation("/count", "count", "Compter.", Note, url_name="count", method="POST", only_reads=True)
def count(request: ApiRequest) -> Note:
    return Note(slug="compte")


@router.operation("/notes/{slug:slug}", "getNote", "Une note.", Note, url_name="note", errors=(400, 404))
def note(request: ApiRequest, slug: Slug) -> Note:
    if slug not in NOTES:
        raise Http404
    if slug == "note-13":
        raise Misplaced(line=13, column="non")
    return Note(slug=slug, words="é")


@closed.operation("/closed", "closed", "Fermé.", Note, url_name="closed")
def closed_note(request: ApiRequest) -> Note:
    return Note(slug="fermée")


API = HouseApi((router, closed))
urlpatterns = [path("api/parvis/v1/", include(API.addresses()))]
