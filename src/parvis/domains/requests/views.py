"""Asking for data, supporting a request, writing to an organisation; all without an account."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from parvis.core.errors import NotFound
from parvis.domains.requests import services
from parvis.domains.requests.forms import LetterForm, RequestForm
from parvis.domains.requests.law import CODE_URL, articles_for
from parvis.domains.requests.models import DataRequest
from parvis.domains.requests.receipt import OF_LETTERS, OF_REQUESTS
from parvis.hub.accounts.rules import ANONYMOUS
from parvis.hub.accounts.selectors import actor_of, organisation
from parvis.hub.catalogue.selectors import announced_dataset
from parvis.hub.publications.declaration import portal_publisher
from parvis.hub.quotas.metering import client_of
from parvis.hub.records.selectors import record_at
from parvis.hub.visitors.receipt_views import send_form
from parvis.hub.visitors.rules import Visitor
from parvis.hub.visitors.services import count_sending

reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])


@reads_and_posts
def ask(request: HttpRequest) -> HttpResponse:
    """The form of a request; ``jeu`` names the dataset from whose page it was opened, ``objet=licence`` asks for another licence."""
    dataset = _dataset(request)
    is_licence = dataset is not None and request.GET.get("objet") == "licence"
    kind, initial = "licence" if is_licence else "data", dict[str, Any]()
    owner = dataset.organisation if dataset is not None else portal_publisher()
    if owner is not None:
        initial["organisation"] = owner.slug
    if is_licence:
        initial["title"] = f"Une licence ouverte pour « {dataset.title} »"[:150]
    form = RequestForm(request, request.POST or None, initial=initial)
    if request.method == "POST":

        def make() -> DataRequest:
            fields = {
                **form.cleaned_data,
                "kind": kind,
                "about": dataset.dataset_id if dataset else "",
            }
            return services.ask(fields["organisation"], fields)

        answer = send_form(request, form, OF_REQUESTS, make)
        if answer is not None:
            return answer
    facts = {"form": form, "dataset": dataset, "is_licence": is_licence, "law": CODE_URL}
    facts["articles"] = articles_for(kind)
    return render(request, "requests/ask.html", facts, status=422 if form.errors else 200)


def _dataset(request: HttpRequest) -> Any:
    name = request.GET.get("jeu", "")[:100]
    try:
        return announced_dataset(ANONYMOUS, name) if name else None
    except NotFound:
        return None


@require_http_methods(["POST"])
def support(request: HttpRequest, slug: str) -> HttpResponse:
    """Need the same data."""
    actor = actor_of(request.user)
    row = record_at(DataRequest, actor, slug)
    caller = client_of(request, actor).name
    count_sending(Visitor(caller, person_id=actor.person_id), "vote")
    counted = services.support(row, caller)
    return redirect(f"{row.get_absolute_url()}?soutien={'oui' if counted else 'deja'}#soutenir")


@reads_and_posts
def contact(request: HttpRequest, slug: str) -> HttpResponse:
    """Write to an organisation."""
    receiver = organisation(slug)
    form = LetterForm(request, request.POST or None)
    if request.method == "POST":
        answer = send_form(request, form, OF_LETTERS, lambda: services.write_letter(receiver, form.cleaned_data))
        if answer is not None:
            return answer
    facts = {"form": form, "organisation": receiver, "is_private": True}
    return render(request, "requests/contact.html", facts, status=422 if form.errors else 200)
