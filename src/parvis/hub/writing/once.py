"""What is asked twice is done once: a POST that names itself by ``Idempotency-Key`` is answered as the first time.

The name is taken, the act done and the answer kept in one transaction: of two that come at once the second waits for the first, then
receives its answer; of a process that is killed in between, nothing remains, neither act nor name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from parvis.core.errors import ParvisError
from parvis.hub.accounts.encryption import decrypted, encrypt
from parvis.hub.apikeys.requests import writer_of
from parvis.hub.ui.errors import as_json
from parvis.hub.writing.models import Answer
from parvis.hub.writing.rules import BadIdempotencyKey, IdempotencyKeyReused

KEPT = timedelta(hours=24)
LONGEST = 255
"""Characters of a name."""
PURPOSE = "idempotent-answers"
HEADERS = ("Content-Type", "ETag", "Location", "Upload-Offset", "Tus-Resumable")
"""What is kept of the headers of an answer."""
_ASKED = ("CONTENT_TYPE", "HTTP_UPLOAD_LENGTH", "HTTP_UPLOAD_METADATA", "HTTP_IF_MATCH")
"""The headers that are part of what is asked."""

type View = Callable[..., HttpResponseBase]


def once(view: View, reading: Collection[str] = ()) -> View:
    """The view, its POST answered as the first time when they name themselves and succeeded; ``reading`` are the names of addresses
    whose POST changes nothing."""

    def answer(request: HttpRequest, **names: Any) -> HttpResponseBase:
        name = request.headers.get("Idempotency-Key")
        if request.method != "POST" or name is None or _only_reads(request, reading):
            return view(request, **names)
        try:
            key = writer_of(request).key_id
            if not 0 < len(name) <= LONGEST or not name.isprintable():
                raise BadIdempotencyKey
            question = _digest_of(request)
        except RequestDataTooBig:
            return view(request, **names)  # which refuses it in its own words
        except ParvisError as error:
            return as_json(error)
        return _answered_once(key, name, question, lambda: view(request, **names))

    return answer


def _only_reads(request: HttpRequest, reading: Collection[str]) -> bool:
    match = request.resolver_match
    return match is not None and match.url_name in reading


def forget_answers() -> int:
    """Delete those of more than a day; how many."""
    return Answer.objects.filter(created__lt=timezone.now() - KEPT).delete()[0]


def _answered_once(key: int | None, name: str, question: str, act: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    with transaction.atomic():
        Answer.objects.filter(key_id=key, digest=digest, created__lt=timezone.now() - KEPT).delete()
        # A second request waits here until the first is over: the row is unique, and the transaction of the first has it.
        row, is_new = Answer.objects.get_or_create(key_id=key, digest=digest, defaults={"question": question})
        if not is_new:
            return as_json(IdempotencyKeyReused()) if row.question != question else _again(row)
        response = act()
        if response.status_code >= 400 or not isinstance(response, HttpResponse):
            transaction.set_rollback(True)  # nothing was done: the next try is a first one
            return response
        row.status = response.status_code
        row.headers = {header: response[header] for header in HEADERS if header in response}
        row.body = encrypt(response.content.decode(), purpose=PURPOSE)
        row.save(update_fields=["status", "headers", "body"])
    return response


def _again(row: Answer) -> HttpResponse:
    response = HttpResponse(decrypted(row.body, purpose=PURPOSE) or "", status=row.status)
    for name, value in row.headers.items():
        response[name] = value
    response["Idempotency-Replayed"] = "true"
    return response


def _digest_of(request: HttpRequest) -> str:
    facts = [request.get_full_path(), *(request.META.get(name, "") for name in _ASKED)]
    return hashlib.sha256("\n".join(facts).encode() + b"\n\n" + request.body).hexdigest()
