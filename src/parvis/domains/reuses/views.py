"""Proposing a reuse without an account, and the picture of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from parvis.core.errors import NotFound
from parvis.core.pictures import MEDIA_TYPES
from parvis.domains.reuses import services
from parvis.domains.reuses.forms import ReuseForm
from parvis.domains.reuses.models import Reuse
from parvis.domains.reuses.receipt import RECEIPT
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.addresses import canonical
from parvis.hub.records.selectors import record_at
from parvis.hub.uploads.answers import file_answer
from parvis.hub.visitors.receipt_views import send_form

if TYPE_CHECKING:
    from parvis.core.pictures import Received


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """The form; ``jeu`` names the dataset from whose page it was opened."""
    name = request.GET.get("jeu", "")[:100]
    page = canonical(reverse("dataset", kwargs={"dataset_id": name})) if name.replace("-", "").isalnum() else ""
    form = ReuseForm(request, request.POST or None, request.FILES or None, initial={"datasets": page})
    if request.method == "POST":
        pictures: list[Received] = []

        def prepare() -> None:
            upload = form.cleaned_data["picture"]
            if upload:
                pictures.append(services.shrink_picture(upload.name, upload))

        def make() -> Any:
            return services.propose(form.cleaned_data, form.names, *pictures)

        answer = send_form(request, form, RECEIPT, make, prepare)
        if answer is not None:
            return answer
    return render(request, "reuses/propose.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def capture(request: HttpRequest, slug: str) -> FileResponse:
    """The picture of a reuse, for anyone who sees it; NotFound without one."""
    reuse = record_at(Reuse, actor_of(request.user), slug)
    if not reuse.picture:
        raise NotFound(name=slug)
    return file_answer(reuse.picture, MEDIA_TYPES["webp"])
