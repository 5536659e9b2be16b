"""Files of strangers as they are returned: saved, never run, and never under our origin should a browser show them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpRequest, HttpResponseBase

APART = "sandbox; default-src 'none'"
"""A document opened alone has no origin, runs nothing and fetches nothing."""
READERS_OWN = "application/pdf"
"""The one type that browsers read in a viewer of theirs, which they refuse to open in a sandbox; scripts of a PDF do not leave it."""


def file_answer(file: FieldFile, media_type: str) -> FileResponse:
    """A kept file, to be saved under its own name."""
    name = (file.name or "").rpartition("/")[2]
    return _apart(FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type=media_type))


def sandboxed(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Have what a view gives back kept apart from our origin, but for a PDF that is to be read where it is."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
        response = view(request, *args, **options)
        disposition = str(response.get("Content-Disposition") or "")
        is_read = response.get("Content-Type") == READERS_OWN and disposition.startswith("inline")
        return response if is_read or not response.streaming else _apart(response)

    return answer


def _apart[R: HttpResponseBase](response: R) -> R:
    response["Content-Security-Policy"] = APART
    response["X-Content-Type-Options"] = "nosniff"
    return response
