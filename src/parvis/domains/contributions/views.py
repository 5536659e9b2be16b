"""Public pages: what may be contributed to a dataset, the forms, the private page of a proposal. Errors are the wrapper's care."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db import IntegrityError
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache

from parvis.core.errors import NotFound, RequestError
from parvis.domains.contributions import selectors
from parvis.domains.contributions.decisions import answer_back, withdraw
from parvis.domains.contributions.forms import PREFIX, MessageForm, RowForm, TextForm
from parvis.domains.contributions.missions import missions_of
from parvis.domains.contributions.near import METRES, near, read_place
from parvis.domains.contributions.presentation import cells_of, columns_of, place_fields, shown_value
from parvis.domains.contributions.proposing import propose, require_open
from parvis.domains.contributions.rules import Kind, State
from parvis.domains.contributions.tables import ContributedTable, table_of
from parvis.domains.contributions.trails import trails_of_row
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.addresses import absolute_path
from parvis.hub.catalogue.selectors import datasets_visible_to, public_dataset
from parvis.hub.maps.base_map import base_of_maps
from parvis.hub.maps.script_messages import map_words
from parvis.hub.notifications.selectors import mail_is_open
from parvis.hub.notifications.views import reads_and_posts
from parvis.hub.sites.places import place_of
from parvis.hub.validation.keyed_tables import Row
from parvis.hub.visitors.forms import VisitorForm
from parvis.hub.visitors.places import places_called

if TYPE_CHECKING:
    from parvis.hub.visitors.rules import Visitor

SEEN = "vu"
MOST_ANSWERED = 20
MOST_PHOTOS = 12


def of_table(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view of the table of a dataset that the reader may see."""

    @wraps(view)
    def answer(request: HttpRequest, dataset_id: str, *args: Any, **named: Any) -> HttpResponse:
        return view(request, table_of(public_dataset(actor_of(request.user), dataset_id)), *args, **named)

    return answer


@of_table
def contribute(request: HttpRequest, table: ContributedTable) -> HttpResponse:
    """What may be contributed to a dataset, what is needed most, what was answered."""
    facts = {
        **_facts(table),
        "kinds": table.kinds,
        "missions": missions_of(table),
        "answered": selectors.answered(table.dataset)[:MOST_ANSWERED],
        "figures": selectors.figures([table.dataset.pk]),
        "photos": [
            (proposal, table.title_of({**proposal.row, **proposal.changes}))
            for proposal in selectors.photos().filter(dataset=table.dataset.pk)[:MOST_PHOTOS]
        ],
    }
    return render(request, "contributions/contribute.html", facts)


@reads_and_posts
@of_table
def row(request: HttpRequest, table: ContributedTable) -> HttpResponse:
    """One row: its values in a form; POST proposes what was changed, or that it be removed."""
    kind = Kind.REMOVE if request.POST.get("acte") == "retirer" else Kind.CORRECT
    require_open(table, kind)
    key = table.read_key(request.GET.get("cle", "")[:2_000])
    current = table.row_at(key)
    facts = {
        **_facts(table),
        "title": table.title_of(current),
        "place": table.place_of(current),
        "may_remove": Kind.REMOVE in table.kinds,
    }
    if (answer := _sent_before(request)) is not None:
        return answer
    if request.method != "POST":
        form = RowForm(request, table, current, initial=_given_values(request, table))
        return _form(request, "contributions/row.html", form, {**facts, "seen": json.dumps(current)})
    seen = _seen(request, current)
    if kind is Kind.REMOVE:
        form = MessageForm(request, request.POST, request.FILES)
    else:
        form = RowForm(request, table, current, request.POST, request.FILES)
    if form.is_valid():
        changes = form.changes if isinstance(form, RowForm) else {}
        # What the author saw decides whether the row moved on, not what it is by now.
        changes = {name: value for name, value in changes.items() if value != seen.get(name)}
        answer = _propose(request, form, table, kind, key=key, seen=seen, changes=changes)
        if answer is not None:
            return answer
    if not isinstance(form, RowForm):
        facts["removal"] = form
        form = RowForm(request, table, current)
    return _form(request, "contributions/row.html", form, {**facts, "seen": json.dumps(current)}, status=422)


@reads_and_posts
@of_table
def add(request: HttpRequest, table: ContributedTable) -> HttpResponse:
    """A new row; rows alike are shown first: « est-ce celle-ci ? »."""
    require_open(table, Kind.ADD)
    if (answer := _sent_before(request)) is not None:
        return answer
    facts = _facts(table)
    if request.method != "POST":
        return _form(
            request,
            "contributions/add.html",
            RowForm(request, table, None, initial=_given_values(request, table)),
            facts,
        )
    form = RowForm(request, table, None, request.POST, request.FILES)
    if form.is_valid():
        alike = [] if request.POST.get("nouvelle") else table.alike(form.values)
        if alike:
            facts["alike"] = _alike_links(table, alike)
            return _form(request, "contributions/add.html", form, facts, status=422)
        answer = _propose(request, form, table, Kind.ADD, changes=form.values)
        if answer is not None:
            return answer
    return _form(request, "contributions/add.html", form, facts, status=422)


@of_table
def alike(request: HttpRequest, table: ContributedTable) -> JsonResponse:
    """Rows that a new one may be, while it is typed."""
    require_open(table, Kind.ADD)
    form = RowForm(request, table, None, request.GET)
    form.is_valid()  # what is not typed yet, or badly, is simply not looked for
    return JsonResponse({"rows": _alike_links(table, table.alike(form.values))})


@reads_and_posts
@of_table
def say(request: HttpRequest, table: ContributedTable, kind: str) -> HttpResponse:
    """A remark or a question, about a column, a row or the whole."""
    chosen = Kind.QUESTION if kind == "question" else Kind.REMARK
    require_open(table, chosen)
    column = table.shape.get(request.GET.get("colonne", "")[:100])
    key = table.read_key(request.GET["cle"][:2_000]) if request.GET.get("cle") and table.key else None
    current = table.row_at(key) if key else None
    facts = {
        **_facts(table),
        "kind": chosen,
        "column": column,
        "columns": table.shape if column is None and current is None else (),
        "title": table.title_of(current) if current else "",
    }
    if (answer := _sent_before(request)) is not None:
        return answer
    if request.method != "POST":
        return _form(request, "contributions/say.html", TextForm(request), facts)
    form = TextForm(request, request.POST, request.FILES)
    if form.is_valid():
        about = column.name if column else request.POST.get("colonne", "")[:100]
        answer = _propose(request, form, table, chosen, key=key, column=about)
        if answer is not None:
            return answer
    return _form(request, "contributions/say.html", form, facts, status=422)


@never_cache
@reads_and_posts
def follow(request: HttpRequest, uid: str) -> HttpResponse:
    """The private page of a proposal: where it stands; its author answers, or takes it back."""
    proposal = selectors.proposal_called(uid)
    form = VisitorForm(request, request.POST or None)
    facts = {"proposal": proposal, "is_new": "nouvelle" in request.GET, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("acte") == "retirer":
                withdraw(proposal)
            else:
                answer_back(proposal, request.POST.get("reponse", "")[:4_000])
            return _private(redirect(proposal.get_absolute_url()))
        except RequestError as error:
            form.refuse(error)
    table = table_of(proposal.dataset) if proposal.dataset.current_id else None
    facts |= {
        "cells": cells_of(table, proposal) if table else [],
        "dataset": proposal.dataset,
        "can_answer": proposal.state == State.ASKED_BACK,
        "corrections": proposal.corrections.all(),
    }
    return _private(render(request, "contributions/follow.html", facts, status=422 if form.errors else 200))


def photo(request: HttpRequest, uid: str) -> FileResponse:
    """The photo of a proposal, for who has its secret: its author, and moderators."""
    proposal = selectors.proposal_called(uid)
    if not proposal.photo:
        raise NotFound(name="photo")
    return _private(FileResponse(proposal.photo.open("rb"), content_type=_media_type(proposal.photo.name)))


def public_photo(request: HttpRequest, key: int) -> FileResponse:
    """A photo that a moderator found fit for everybody, of data that the reader may see."""
    proposal = selectors.photos().filter(pk=key).first()
    if proposal is None:
        raise NotFound(name="photo")
    public_dataset(actor_of(request.user), proposal.dataset.dataset_id)
    return FileResponse(proposal.photo.open("rb"), content_type=_media_type(proposal.photo.name))


def home(request: HttpRequest) -> HttpResponse:
    """« Contribuer »: what is asked for now, figures, thanks, answers, ambassadors."""
    facts = {
        "section": "contribute",
        **selectors.home_facts(actor_of(request.user)),
    }
    return render(request, "contributions/home.html", facts)


def around(request: HttpRequest) -> HttpResponse:
    """What is near a place (``pres``, or one of those that the words ``q`` name), to be looked at on the spot."""
    actor, place = actor_of(request.user), read_place(request.GET.get("pres", ""))
    datasets, chosen = datasets_visible_to(actor), None
    if request.GET.get("jeu"):
        chosen = public_dataset(actor, request.GET["jeu"][:100])
        datasets = datasets.filter(pk=chosen.pk)
    words, of_dataset = request.GET.get("q", "").strip()[:120], {"jeu": chosen.dataset_id} if chosen else {}
    facts = {
        "section": "contribute",
        "chosen": chosen,
        "words": words,
        "places": [
            (named["title"], urlencode({**of_dataset, "pres": f"{named['latitude']},{named['longitude']}"}))
            for named in places_called(actor, words)
        ],
        "place": place,
        "groups": near(datasets, place) if place is not None else [],
        "kilometres": METRES // 1_000,
    }
    response = render(request, "contributions/around.html", facts)
    response["X-Robots-Tag"] = "noindex"
    return response


def _sent_before(request: HttpRequest) -> HttpResponse | None:
    """Where the same form led when it was sent a first time: a button pressed twice makes one proposal."""
    token = request.POST.get("jeton", "")[:64]
    proposal = selectors.proposal_of_form(token) if request.method == "POST" and token else None
    return None if proposal is None else _private(redirect(f"{proposal.get_absolute_url()}?nouvelle"))


def _propose(
    request: HttpRequest, form: MessageForm, table: ContributedTable, kind: Kind, **asked_facts: Any
) -> HttpResponse | None:
    """Write it down and lead to its private page; None when the form has to be shown again, with the reason."""
    visitor: Visitor = form.visitor
    try:
        proposal = propose(
            visitor,
            table,
            kind,
            text=form.cleaned_data.get("message", ""),
            photo=form.cleaned_data.get("photo"),
            site=place_of(request).site,
            token=form.cleaned_data.get("jeton", ""),
            **asked_facts,
        )
    except IntegrityError:
        return _sent_before(request)
    except RequestError as error:
        form.refuse(error)
        return None
    return _private(redirect(f"{proposal.get_absolute_url()}?nouvelle"))


def _facts(table: ContributedTable) -> dict[str, Any]:
    return {"section": "explore", "dataset": table.dataset, "table": table, "mail_is_open": mail_is_open()}


def _form(
    request: HttpRequest, template: str, form: MessageForm, facts: dict[str, Any], status: int = 200
) -> HttpResponse:
    if isinstance(form, RowForm):
        trails = trails_of_row(form.table, form.table.key_of(form.row)) if form.row else {}
        facts = {**facts, "columns_of_form": columns_of(form, trails), **_map_facts(form)}
    response = render(request, template, {**facts, "form": form}, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


def _map_facts(form: RowForm) -> dict[str, Any]:
    """What the map where a place is chosen needs; nothing for rows without a place that may be written."""
    names = place_fields(form)
    if not names:
        return {}
    layer = f"{absolute_path('/tiles/')}{form.table.dataset.dataset_id}/layer.json"
    settings = {"words": map_words(), "base": base_of_maps(), "language": get_language(), "layer": layer}
    return {"place_fields": names, "map_settings": settings}


def _given_values(request: HttpRequest, table: ContributedTable) -> dict[str, Any]:
    """Values that a link proposes for the form: those of a source that was compared with the dataset, for instance."""
    names = {column.name for column in table.editable}
    return {
        name: value[:2_000]
        for name, value in request.GET.items()
        if name.startswith(PREFIX) and name.removeprefix(PREFIX) in names
    }


def _seen(request: HttpRequest, current: Row) -> Row:
    """The row as the page showed it; what it is now when the page says nothing that can be read."""
    try:
        seen = json.loads(request.POST.get(SEEN, "")[:200_000])
    except (ValueError, RecursionError):
        return current
    if not isinstance(seen, dict) or not all(value is None or isinstance(value, str) for value in seen.values()):
        return current
    return {name: seen.get(name, value) for name, value in current.items()}


def _alike_links(table: ContributedTable, rows: Sequence[Row]) -> list[dict[str, str]]:
    return [
        {
            "title": table.title_of(current)[:200],
            "address": table.address_of(current),
            "details": " · ".join(
                f"{column.label} : {shown_value(column, current.get(column.name))}"
                for column in list(table.shape)[:6]
                if current.get(column.name) and column.name != table.title_column
            )[:300],
        }
        for current in rows
    ]


def _media_type(name: str) -> str:
    return {"png": "image/png", "webp": "image/webp"}.get(name.rpartition(".")[2], "image/jpeg")


def _private(response: Any) -> Any:
    response["X-Robots-Tag"] = "noindex"
    # Not "no-referrer": the forms of this page would be sent with the origin "null", and refused.
    response["Referrer-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
