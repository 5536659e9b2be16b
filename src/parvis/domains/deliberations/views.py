"""Published files, the text of a file, what was withdrawn."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from parvis.core.errors import NotFound
from parvis.domains.deliberations import public, selectors
from parvis.domains.deliberations.collection import ACTS
from parvis.domains.deliberations.reading_views import FileView
from parvis.hub.accounts.selectors import actor_of, organisation
from parvis.hub.addresses import canonical
from parvis.hub.collections.views import opened, seen_at
from parvis.hub.ui.byte_ranges import OpenedBytes, bytes_answer
from parvis.hub.ui.pagination import whole_number
from parvis.hub.uploads.answers import APART

READ_HERE = frozenset({"application/pdf", "image/png", "image/jpeg"})
"""What browsers show by themselves; anything else is saved."""


def _view_at(request: HttpRequest, slug: str, position: int) -> FileView:
    """A published file of an act that the reader may see; NotFound."""
    act = seen_at(ACTS, actor_of(request.user), slug)
    if not 0 < position <= len(act.views):
        raise NotFound(name=f"{slug}/{position}")
    view: FileView = act.views[position - 1]
    return view


@require_safe
def published_file(request: HttpRequest, slug: str, position: int) -> HttpResponseBase:
    """The bytes that are published, and no others: whole or in part, under a name that says what they are."""
    view = _view_at(request, slug, position)
    file, is_online = view.file, view.act.live
    changed = view.act.first_published_at or file.created
    stream = file.published.open("rb")
    response = bytes_answer(
        request, OpenedBytes(f'"sha256-{file.published_digest}"', stream, stream.size, int(changed.timestamp()))
    )
    response["Content-Type"] = file.published_type if file.published_type in READ_HERE else "application/octet-stream"
    form = "inline" if file.published_type in READ_HERE else "attachment"
    response["Content-Disposition"] = f'{form}; filename="{view.download_name}"'
    # Asked again each time: what is withdrawn is gone at once.
    response["Cache-Control"] = "no-cache" if is_online else "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Link"] = f'<{canonical(view.act.get_absolute_url())}>; rel="describedby"'
    if file.published_type != "application/pdf":
        response["Content-Security-Policy"] = APART
    return opened(response)


@require_safe
def file_text(request: HttpRequest, slug: str, position: int) -> HttpResponse:
    """The text of a published file, some pages at a time: ``page`` is one of them."""
    view = _view_at(request, slug, position)
    view = FileView(view.act, view.file, view.position, selectors.published_pages(view.file))
    first = whole_number(request, "page", view.pages[0].number if view.pages else 1)
    facts = {
        "collection": ACTS,
        "record": view.act,
        "view": view,
        "pages": view.screen_from(first) if view.pages else [],
    }
    return render(request, "deliberations/text.html", facts)


@require_safe
def withdrawals(request: HttpRequest) -> HttpResponse:
    """Acts that were online and are no longer, for those who copied them: their address, and nothing of what they said."""
    rows = [
        {
            "url": canonical(act.get_absolute_url()),
            "organisation": act.organisation.name,
            "date": act.date,
            "withdrawn_at": act.withdrawn_at,
            "reason": act.withdrawn_for,
        }
        for act in public.withdrawn_acts()
    ]
    facts = {"generated_at": timezone.now(), "withdrawals": rows}
    return opened(JsonResponse(facts, json_dumps_params={"ensure_ascii": False}))


@require_safe
def of_organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """The list of the acts of an organisation, from its own page; NotFound."""
    return redirect(f"{reverse(ACTS.name)}?{urlencode({'organisation': organisation(slug).slug})}")
