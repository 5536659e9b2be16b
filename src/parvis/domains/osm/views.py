"""One finding, what is decided of it, and what is sent to OpenStreetMap. Errors are the wrapper's care (``urls``)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.core.errors import NotFound, ParvisError
from parvis.core.osm import editors
from parvis.domains.osm import remote
from parvis.domains.osm.account import account_of, finish_sign_in, required_account, sign_in_address, sign_out
from parvis.domains.osm.both_sides import compared_rows
from parvis.domains.osm.decisions import decide, reopen
from parvis.domains.osm.drawing import pair_drawing
from parvis.domains.osm.licences import may_come_here, may_go_there
from parvis.domains.osm.links import comment_of, correction_links, editor_links, place_there, source_of
from parvis.domains.osm.messages import BY_HAND, DECISIONS, DOUBTS, EXPLAINED
from parvis.domains.osm.models import Conflation, Finding
from parvis.domains.osm.notes import note_text, reference_address, send_note
from parvis.domains.osm.review import (
    Review,
    changeset_tags,
    may_be_sent,
    may_move,
    planned_edit,
    send_review,
    settle_uncertain,
)
from parvis.domains.osm.rules import LicenceForbids, NothingApproved, OsmConflict
from parvis.domains.osm.selectors import conflation_at, datasets_of, finding_at, next_after
from parvis.hub.accounts.rules import Actor, may
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.quotas.metering import client_of
from parvis.hub.ui.errors import problem_of
from parvis.hub.visitors.rules import Visitor
from parvis.hub.visitors.services import count_sending

reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@reads_and_posts
def finding_page(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """What the two sides say, and what may be done; POST decides (``decision``), reopens, asks what became of a
    sending (``verifier``), or chooses what is sent (``envoi``)."""
    actor = actor_of(request.user)
    finding = finding_at(conflation_at(actor, slug), key)
    if request.method != "POST":
        return _shown(request, actor, finding)
    try:
        return _acted(request, actor, finding)
    except NotFound:
        raise
    except ParvisError as error:
        finding.refresh_from_db()
        finding.conflation = conflation_at(actor, slug)
        return _shown(request, actor, finding, error)


def _acted(request: HttpRequest, actor: Actor, finding: Finding) -> HttpResponse:
    post, review = request.POST, Review(request)
    if "rouvrir" in post:
        reopen(actor, finding)
        return redirect(finding.get_absolute_url())
    if "verifier" in post:
        settle_uncertain(actor, finding)
        return redirect(finding.get_absolute_url())
    if "retirer" in post:
        review.remove(finding.pk)
        return redirect(finding.get_absolute_url())
    if "envoi" in post:
        # Whoever adds has the object read there: somebody answers for it.
        required_account(request, "write_api")
        _require_licence(actor, finding)
        planned = planned_edit(
            finding, post.getlist("etiquette"), moves="deplacer" in post, number=review.next_number()
        )
        review.add(planned)
        return redirect(_next_address(finding))
    decide(actor, finding, post.get("decision", "")[:20])
    return redirect(_next_address(finding))


def _next_address(finding: Finding) -> str:
    following = next_after(finding)
    return (
        following.get_absolute_url()
        if following
        else f"{finding.conflation.get_absolute_url()}?constat={finding.verdict}"
    )


def _require_licence(actor: Actor, finding: Finding) -> None:
    town, _theirs = datasets_of(actor, finding.conflation)
    if not may_go_there(town):
        raise LicenceForbids(title=town.title)
    if not may_be_sent(finding) or finding.decision:
        raise NothingApproved


def _shown(request: HttpRequest, actor: Actor, finding: Finding, error: ParvisError | None = None) -> HttpResponse:
    town, osm = datasets_of(actor, finding.conflation)
    site, following = settings.PARVIS["PARVIS_OSM_SITE"], next_after(finding)
    place = place_there(finding)
    facts = {
        "finding": finding,
        "record": finding.conflation,
        "ours": town,
        "theirs": osm,
        "explained": EXPLAINED[finding.verdict],
        "doubts": [DOUBTS[name] for name in finding.facts.get("doubts", ()) if name in DOUBTS],
        "rows": compared_rows(finding),
        "new_tags": sorted((finding.side("ours") or {}).get("new_tags", {}).items()) if finding.is_new_there else [],
        "nearby": [
            (key, editors.browse(site, key))
            for key in finding.facts.get("nearby", ())
            if key[0] in "nwr" and key[1:].isdigit()
        ],
        "drawing": pair_drawing(finding),
        "osm_address": editors.browse(site, finding.theirs) if finding.theirs else editors.place(site, *place),
        "note_address": editors.new_note(site, *place),
        "note_text": note_text(finding),
        "editors": editor_links(finding, town),
        "corrections": correction_links(finding, town),
        "goes_there": may_go_there(town),
        "comes_here": may_come_here(town),
        "is_open": remote.is_open(),
        "account": account_of(request),
        "review": Review(request),
        "is_chosen": Review(request).holds(finding),
        "may_send": may_be_sent(finding),
        "may_move": may_move(finding),
        "may_decide": may(actor, "edit", finding.conflation.organisation_id),
        "by_hand": [(name, DECISIONS[name]) for name in BY_HAND],
        "reference_address": reference_address(finding.reference),
        "following": following,
        "problem": problem_of(error) if error else None,
        "trap": finding.conflation.described.trap,
    }
    return render(request, "osm/finding.html", facts, status=error.status if error else 200)


@never_cache
@require_POST
def note(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """Write a note with the person's own account."""
    actor = actor_of(request.user)
    finding = finding_at(conflation_at(actor, slug), key)
    try:
        with transaction.atomic():
            _count(request, actor)
        send_note(request, actor, finding, request.POST.get("texte", "")[:4_000])
    except ParvisError as error:
        finding = finding_at(finding.conflation, key)
        return _shown(request, actor, finding, error)
    return redirect(finding.get_absolute_url())


@never_cache
@reads_and_posts
def sending(request: HttpRequest) -> HttpResponse:
    """All that would be sent, before and after; POST sends it (``envoyer``), removes one (``retirer``) or all (``vider``)."""
    actor, review = actor_of(request.user), Review(request)
    if not review.slug:
        return render(
            request, "osm/sending.html", {"planned": [], "account": account_of(request), "is_open": remote.is_open()}
        )
    try:
        conflation = conflation_at(actor, review.slug)
    except NotFound:  # withdrawn or renamed since
        review.clear()
        return redirect("osm-sending")
    error: ParvisError | None = None
    if request.method == "POST":
        if "vider" in request.POST:
            review.clear()
            return redirect(conflation.get_absolute_url())
        if "retirer" in request.POST:
            review.remove(int(request.POST["retirer"][:9]) if request.POST["retirer"].isdecimal() else 0)
            return redirect("osm-sending")
        try:
            return _sent(request, actor, review, conflation)
        except ParvisError as refusal:
            error = refusal
    return _sending_page(request, actor, review, conflation, error)


def _sent(request: HttpRequest, actor: Actor, review: Review, conflation: Conflation) -> HttpResponse:
    planned, post = review.planned(conflation), request.POST
    tags = changeset_tags(*(post.get(name, "")[:255] for name in ("commentaire", "source", "motdiese")))
    with transaction.atomic():
        _count(request, actor)
    try:
        changeset = send_review(request, actor, planned, tags)
    except OsmConflict:
        _read_again(review, planned)
        raise
    review.clear()
    facts = {
        "record": conflation,
        "changeset": changeset,
        "address": reference_address(f"changeset/{changeset}"),
        "count": len(planned),
        "following": next_after(planned[-1].finding) if planned else None,
    }
    return render(request, "osm/sent.html", facts)


def _read_again(review: Review, planned: list[Any]) -> None:
    """Show each object as it is now: what somebody else changed is before the person's eyes before anything is sent."""
    for row in planned:
        if row.edit.is_new:
            continue
        names = [name for name, _before, _after in row.changes]
        try:
            review.add(planned_edit(row.finding, names, moves=row.moves, number=0))
        except ParvisError:
            review.remove(row.finding.pk)


def _sending_page(
    request: HttpRequest, actor: Actor, review: Review, conflation: Conflation, error: ParvisError | None
) -> HttpResponse:
    planned = review.planned(conflation)
    town, _theirs = datasets_of(actor, conflation)
    first = planned[0].finding if planned else None
    facts = {
        "record": conflation,
        "ours": town,
        "planned": planned,
        "account": account_of(request),
        "is_open": remote.is_open(),
        "site": settings.PARVIS["PARVIS_OSM_SITE"],
        "comment": request.POST.get("commentaire") or (comment_of(first) if first else ""),
        "source": request.POST.get("source") or (source_of(first, town) if first else ""),
        "hashtag": request.POST.get("motdiese", conflation.hashtag),
        "problem": problem_of(error) if error else None,
    }
    return render(request, "osm/sending.html", facts, status=error.status if error else 200)


@never_cache
@require_safe
def sign_in(request: HttpRequest) -> HttpResponse:
    """What will be asked for, and the link to OpenStreetMap where the person allows it.

    A link, not a form: a form whose answer leads to another site is refused by our own security policy.
    """
    back = _back(request.GET.get("retour", ""))
    facts = {"address": sign_in_address(request, back), "back": back, "site": settings.PARVIS["PARVIS_OSM_SITE"]}
    return render(request, "osm/sign_in.html", facts)


@never_cache
@require_safe
def signed_in(request: HttpRequest) -> HttpResponse:
    """They come back from there."""
    return redirect(finish_sign_in(request))


@never_cache
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Forget the account."""
    sign_out(request)
    return redirect(_back(request.POST.get("retour", "")))


def _back(wished: str) -> str:
    """A page of this subject to go back to, never anybody else's."""
    home = reverse("osm-sending")
    return (
        wished
        if wished.startswith(home.removesuffix("envoi/"))
        and "//" not in wished
        and "\\" not in wished
        and len(wished) < 300
        else home
    )


def _count(request: HttpRequest, actor: Actor) -> None:
    count_sending(Visitor(client_of(request, actor).name, proven=True, person_id=actor.person_id), "osm")
