"""Sending a form of a visitor, and the secret page where they find again what they sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from parvis.core.errors import Forbidden, NotFound, ParvisError
from parvis.hub.addresses import absolute_path
from parvis.hub.sites.places import place_of
from parvis.hub.visitors.receipt_rules import ReceiptKind
from parvis.hub.visitors.receipts import erase_sent, receipt_at, send_once, sent_before, sign_off
from parvis.hub.visitors.writings import WritingForm

if TYPE_CHECKING:
    from django.db.models import Model


def send_form(
    request: HttpRequest,
    form: WritingForm,
    kind: ReceiptKind,
    make: Callable[[], Model],
    prepare: Callable[[], object] | None = None,
) -> HttpResponse | None:
    """Keep what a posted form says, written by ``make``, and lead to its receipt; None when the form will not do, and says why.

    ``prepare`` does what is long (a picture), once the browser did its work and before anything is locked.
    """
    receipt = sent_before(request.POST.get("jeton", "")[:64])
    if receipt is not None:  # the network dropped, or the button was pressed again: it is here
        return redirect(receipt.get_absolute_url())
    if not form.is_valid():
        return None
    try:
        if prepare is not None:
            prepare()
        receipt = send_once(kind, form.visitor, form.cleaned_data["jeton"], make, place_of(request).site)
    except (Forbidden, NotFound):
        raise
    except ParvisError as error:
        form.refuse(error)
        return None
    return redirect(f"{receipt.get_absolute_url()}?recu=1")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest, key: str) -> HttpResponse:
    """What became of it; POST with ``acte`` erases the signature (``signature``) or everything (``tout``)."""
    if request.method == "POST" and request.POST.get("acte") == "tout":
        erase_sent(key)
        return _secret(render(request, "visitors/erased.html", {"home": absolute_path("/")}))
    if request.method == "POST" and request.POST.get("acte") == "signature":
        sign_off(key)
        return _secret(redirect(request.path))
    row, kind, target = receipt_at(key)
    facts = {"receipt": row, "kind": kind, "facts": kind.facts(target), "is_new": "recu" in request.GET}
    return _secret(render(request, "visitors/receipt.html", facts))


def _secret(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    # Not « no-referrer »: browsers then send « Origin: null » with the form, which is refused.
    response["Referrer-Policy"] = "same-origin"
    return response
