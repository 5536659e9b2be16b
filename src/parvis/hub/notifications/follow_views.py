"""« Suivre ce jeu de données »: by mail, or by feed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parvis.core.errors import RequestError
from parvis.hub.accounts.rules import ANONYMOUS
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.addresses import canonical
from parvis.hub.catalogue.selectors import public_dataset
from parvis.hub.notifications.following import FOLLOW, FOLLOW_WEEKLY, SECTION, entries_of
from parvis.hub.notifications.views import ask, mail_is_waiting, reads_and_posts
from parvis.hub.sites.selectors import face_of
from parvis.hub.ui.atom import atom_feed
from parvis.hub.ui.errors import problem_of


@reads_and_posts
def follow(request: HttpRequest, dataset_id: str) -> HttpResponse:
    """The form; POST asks for mails, which leave for data that anybody reads."""
    dataset = public_dataset(actor_of(request.user), dataset_id)
    problem = None
    if request.method == "POST":
        try:
            kind = FOLLOW_WEEKLY if request.POST.get("rythme") == "semaine" else FOLLOW
            subscription = ask(request, kind, str(public_dataset(ANONYMOUS, dataset_id).pk))
            return mail_is_waiting(request, subscription, f"{dataset.get_absolute_url()}information/")
        except RequestError as error:
            problem = problem_of(error)
    facts = {
        "dataset": dataset,
        "facts": SECTION.facts(dataset, ANONYMOUS),
        "problem": problem,
        "email": request.POST.get("email", "")[:254],
        "weekly": request.POST.get("rythme") == "semaine",
    }
    return render(request, "notifications/follow_page.html", facts, status=422 if problem else 200)


@require_safe
def feed(request: HttpRequest, dataset_id: str) -> HttpResponse:
    """What happened to it as Atom, the latest first."""
    dataset = public_dataset(actor_of(request.user), dataset_id)
    title = f"{dataset.title} · {face_of(request).name}"
    page = canonical(f"{dataset.get_absolute_url()}information/")
    response = atom_feed(title, page, canonical(request.get_full_path()), entries_of(dataset))
    if dataset.access == "public":
        response["Access-Control-Allow-Origin"] = "*"
    return response
