"""The pages of a link: send a file, with or without JavaScript or by a program, and read what became of it.

The address is the secret: no session and no cookie gives a right here, so that another site could have nothing done by a browser, and
programs send by it as people do.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.core.errors import NotFound, ParvisError
from parvis.hub.addresses import canonical
from parvis.hub.datastore.rules import FileTooLarge
from parvis.hub.datastore.sending_words import sending_words
from parvis.hub.datastore.services import append
from parvis.hub.datastore.tus import announced, piece, tus
from parvis.hub.deliveries.messages import facts_sentence, recurrence_words, sentences_of, state_name
from parvis.hub.deliveries.rules import NoFile, State
from parvis.hub.deliveries.selectors import due_for, link_at, receiving, sent_by
from parvis.hub.deliveries.services import SENDER, open_delivery, take
from parvis.hub.ui.errors import as_json, problem_of, with_headers
from parvis.hub.validation.selectors import followed, report_file, report_files, verdict_of

if TYPE_CHECKING:
    from parvis.hub.deliveries.models import Delivery, DeliveryLink
    from parvis.hub.validation.models import Verdict

OVERHEAD = 100_000
"""Bytes of a form around its file."""
SHOWN = 12
"""Former deliveries that the page of a link shows."""
EVERY = 3
"""Seconds between two looks at a file that is being read, without JavaScript."""
_MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """What is expected, and the form; posted, the file is received and begins to be read."""
    row = link_at(token)
    if request.method != "POST":
        return _secret(_form(request, row))
    try:
        delivery = _receive(request, row)
    except ParvisError as error:
        if _is_program(request):
            return as_json(error)
        return _secret(with_headers(_form(request, row, error.status, problem_of(error)), error))
    address = reverse("delivery-verdict", args=[token, delivery.pk])
    if _is_program(request):
        return JsonResponse({"state": delivery.state, "address": canonical(address)}, status=202)
    return _secret(redirect(address))


def _is_program(request: HttpRequest) -> bool:
    return not request.accepts("text/html") or request.headers.get("Accept", "*/*") == "*/*"


def _receive(request: HttpRequest, row: DeliveryLink) -> Delivery:
    limit = settings.PARVIS["PARVIS_UPLOAD_BYTES"]
    announced = request.META.get("CONTENT_LENGTH") or "0"
    size = int(announced[:18]) if announced.isascii() and announced.isdigit() else 0
    if size > limit + OVERHEAD:
        raise FileTooLarge(name="fichier", bytes=size, limit=limit)
    upload = request.FILES.get("fichier")
    if upload is None:
        raise NoFile
    delivery = open_delivery(row, upload.name or "fichier", upload.size or 0, request.POST.get("jeton", "")[:64])
    if delivery.state == State.RECEIVING and delivery.deposit is not None and not delivery.deposit.received:
        append(SENDER, delivery.deposit, 0, upload)
    return take(delivery)


def _form(request: HttpRequest, row: DeliveryLink, status: int = 200, problem: Any = None) -> HttpResponse:
    expectation = row.expectation
    deliveries = expectation.deliveries.exclude(state=State.RECEIVING).select_related("expectation__dataset")[:SHOWN]
    facts = {
        "link": row,
        "token": request.resolver_match.kwargs["token"] if request.resolver_match else "",
        "expectation": expectation,
        "recurrence": recurrence_words(expectation),
        "due": due_for(expectation),
        "today": timezone.localdate(),
        "schema": followed(expectation.dataset),
        "deliveries": [(delivery, state_name(delivery.state)) for delivery in deliveries],
        "problem": problem,
        "submission": secrets.token_urlsafe(24),
        "most": settings.PARVIS["PARVIS_UPLOAD_BYTES"],
        "sending_words": sending_words(),
    }
    return render(request, "deliveries/link.html", facts, status=status)


@csrf_exempt
@require_http_methods(["OPTIONS", "POST"])
@tus
def create(request: HttpRequest, token: str) -> HttpResponse:
    """Announce a file that comes in pieces."""
    row = link_at(token)

    def begin(name: str, size: int) -> str:
        return reverse("delivery-piece", args=[token, open_delivery(row, name, size).deposit_id])

    return announced(request, begin)


@csrf_exempt
@require_http_methods(["HEAD", "PATCH", "DELETE"])
@tus
def upload(request: HttpRequest, token: str, key: Any) -> HttpResponse:
    """Say how much has come, take the next piece, or forget the file."""
    delivery = receiving(link_at(token), key)
    return piece(request, SENDER, delivery.deposit)


@csrf_exempt
@never_cache
@require_POST
def after(request: HttpRequest, token: str, key: Any) -> HttpResponse:
    """A file that came in pieces begins to be read, once."""
    delivery = take(receiving(link_at(token), key))
    return _secret(redirect("delivery-verdict", token, delivery.pk))


@never_cache
@require_safe
def verdict(request: HttpRequest, token: str, key: int) -> HttpResponse:
    """Where a file stands: being read, or what it is worth."""
    delivery = sent_by(link_at(token), key)
    judged = _schema_verdict(delivery)
    facts = {
        "token": token,
        "delivery": delivery,
        "state": state_name(delivery.state),
        "is_at_work": delivery.state in (State.RECEIVING, State.AT_WORK),
        "sentences": sentences_of(delivery),
        "facts_sentence": facts_sentence(delivery.facts),
        "came": delivery.facts.get("came") or [],
        "reports": report_files(delivery.expectation.dataset, judged) if judged is not None else [],
        "progress": _progress(delivery),
        "every": EVERY,
        "sending_words": sending_words(),
    }
    return _secret(render(request, "deliveries/verdict.html", facts))


@never_cache
@require_safe
def progress(request: HttpRequest, token: str, key: int) -> HttpResponse:
    """The same for a script, or for the program that sent it."""
    try:
        delivery = sent_by(link_at(token), key)
    except ParvisError as error:
        return as_json(error)
    facts: dict[str, Any] = {**_progress(delivery), "state": delivery.state, "words": delivery.words}
    facts |= {"findings": sentences_of(delivery), "facts": delivery.facts}
    return JsonResponse(facts, json_dumps_params={"ensure_ascii": False})


def _progress(delivery: Delivery) -> dict[str, Any]:
    job = delivery.imported.job if delivery.imported is not None else None
    percent = min(100, round(100 * job.done / job.total)) if job is not None and job.total else None
    is_over = delivery.state not in (State.RECEIVING, State.AT_WORK)
    text = state_name(delivery.state) + (f" · {percent}\u00a0%" if percent is not None and not is_over else "")
    return {"text": text[:1].upper() + text[1:], "percent": percent, "over": is_over}


@never_cache
@require_safe
def report(request: HttpRequest, token: str, key: int, ending: str) -> HttpResponseBase:
    """The full report of a file that does not follow its schema; NotFound when there is none."""
    delivery = sent_by(link_at(token), key)
    judged = _schema_verdict(delivery)
    if judged is None or ending not in _MEDIA:
        raise NotFound(name=f"rapport.{ending}")
    stream = report_file(delivery.expectation.dataset, judged, ending)
    name = _("rapport") + f".{ending}"
    return _secret(FileResponse(stream, as_attachment=True, filename=name, content_type=_MEDIA[ending]))


def _schema_verdict(delivery: Delivery) -> Verdict | None:
    row = followed(delivery.expectation.dataset)
    return verdict_of(delivery.version, row) if row is not None and delivery.version is not None else None


def _secret[R: HttpResponseBase](response: R) -> R:
    response["X-Robots-Tag"] = "noindex"
    # Not « no-referrer »: browsers then send « Origin: null » with the form.
    response["Referrer-Policy"] = "same-origin"
    return response
