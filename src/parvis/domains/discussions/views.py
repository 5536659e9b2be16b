"""The tab « Discussions » of a dataset, and the page of a discussion."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from parvis.core.errors import NotFound
from parvis.domains.discussions import selectors, services
from parvis.domains.discussions.forms import AnswerForm, MessageForm, ThreadForm
from parvis.domains.discussions.receipt import RECEIPT
from parvis.hub.accounts.rules import may
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.catalogue.selectors import public_dataset, renamed
from parvis.hub.quotas.metering import client_of
from parvis.hub.ui.pagination import pages_of, whole_number
from parvis.hub.visitors.receipt_views import send_form
from parvis.hub.visitors.rules import Visitor
from parvis.hub.visitors.services import count_sending

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

PAGE_SIZE = 20


def _of_dataset(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view of a dataset that the reader sees; a former identifier leads to the present one."""

    @wraps(view)
    def found(request: HttpRequest, dataset_id: str, **kwargs: Any) -> HttpResponse:
        actor = actor_of(request.user)
        try:
            dataset = public_dataset(actor, dataset_id)
        except NotFound:
            present = renamed(actor, dataset_id)
            if present is None:
                raise
            path = request.get_full_path().replace(f"/dataset/{dataset_id}/", f"/dataset/{present}/", 1)
            return redirect(path, permanent=True)
        return view(request, dataset, **kwargs)

    return found


@require_http_methods(["GET", "HEAD", "POST"])
@_of_dataset
def threads(request: HttpRequest, dataset: Dataset) -> HttpResponse:
    """The discussions of a dataset; POST opens one."""
    actor, is_open = actor_of(request.user), selectors.are_open(dataset)
    form = ThreadForm(request, request.POST or None)
    if request.method == "POST":

        def make() -> Any:
            fields = form.cleaned_data
            return services.open_thread(actor, dataset, fields["title"], fields["text"], fields["signature"])

        answer = send_form(request, form, RECEIPT, make)
        if answer is not None:
            return answer
    rows = selectors.threads_of(dataset)
    total = rows.count()
    pages = pages_of(total, PAGE_SIZE, whole_number(request, "page", 1))
    start = (pages.number - 1) * PAGE_SIZE
    facts = {
        "dataset": dataset,
        "threads": rows[start : start + PAGE_SIZE],
        "total": total,
        "pages": pages,
        "form": form,
        "is_open": is_open,
    }
    return render(request, "discussions/threads.html", facts, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@_of_dataset
def thread(request: HttpRequest, dataset: Dataset, key: int) -> HttpResponse:
    """One discussion; POST writes in it, for the organisation when who writes is of it, and closes it (``acte``)."""
    actor = actor_of(request.user)
    discussion = selectors.thread_at(dataset, key)
    is_of_organisation = may(actor, "edit", dataset.organisation_id)
    form: Any = AnswerForm(request.POST or None) if is_of_organisation else MessageForm(request, request.POST or None)
    if request.method == "POST":
        if request.POST.get("acte") in ("clore", "rouvrir"):
            services.close_thread(actor, discussion, closed=request.POST["acte"] == "clore")
            return redirect(discussion.get_absolute_url())
        answer = _written(request, discussion, form)
        if answer is not None:
            return answer
    facts = {
        "dataset": dataset,
        "thread": discussion,
        "form": form,
        "is_of_organisation": is_of_organisation,
        "is_open": discussion.closed is None and selectors.are_open(dataset),
    }
    return render(request, "discussions/thread.html", facts, status=422 if form.errors else 200)


def _written(request: HttpRequest, discussion: Any, form: Any) -> HttpResponse | None:
    actor = actor_of(request.user)
    if isinstance(form, MessageForm):

        def make() -> Any:
            fields = form.cleaned_data
            return services.write_message(actor, discussion, fields["text"], fields["signature"])

        return send_form(request, form, RECEIPT, make)
    if not form.is_valid():
        return None
    message = services.write_message(actor, discussion, form.cleaned_data["text"])
    services.receive(message)
    return redirect(message.get_absolute_url())


@require_http_methods(["POST"])
@_of_dataset
def report(request: HttpRequest, dataset: Dataset, key: int, message: int) -> HttpResponse:
    """Have moderators read a message again."""
    discussion = selectors.thread_at(dataset, key)
    row = selectors.message_at(message)
    if row.thread_id != discussion.pk:
        raise NotFound(name=f"message {message}")
    actor = actor_of(request.user)
    count_sending(Visitor(client_of(request, actor).name, person_id=actor.person_id), "report")
    services.report(row)
    return render(request, "discussions/reported.html", {"back": discussion.get_absolute_url()})
