"""The permanent page of each figure, « Créer une alerte quand… », scoreboards. Errors are the wrapper's care (``urls``)."""

from __future__ import annotations

import math

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from parvis.core.errors import ParvisError
from parvis.core.indicators.bounds import Bound
from parvis.domains.indicators import selectors
from parvis.domains.indicators.boards import delete_board, save_board
from parvis.domains.indicators.kinds import DIGEST
from parvis.domains.indicators.models import MOST_ON_BOARD, Board, Value
from parvis.domains.indicators.presentation import formula_words, value_text
from parvis.domains.indicators.services import recomputed
from parvis.domains.indicators.sources import origins
from parvis.domains.indicators.subscriptions import ask_alert
from parvis.domains.indicators.tiles import tiles_of
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.addresses import canonical
from parvis.hub.notifications.selectors import mail_is_open
from parvis.hub.notifications.views import address_of, ask, caller_of, mail_is_waiting, reads_and_posts, refused
from parvis.hub.records.rules import opened_revision
from parvis.hub.sites.lens import current_lens
from parvis.hub.sites.places import place_of
from parvis.hub.ui.errors import problem_of
from parvis.hub.ui.formatting import period_words


@reads_and_posts
def alert(request: HttpRequest, slug: str) -> HttpResponse:
    """The form « prévenez-moi quand ce chiffre passe… »; POST sends a mail to confirm."""
    actor = actor_of(request.user)
    seen = selectors.seen(actor, [selectors.indicator(actor, slug)])[0]
    facts = {"one": seen, "tile": tiles_of([seen])[0], "mail_is_open": mail_is_open()}
    if request.method != "POST":
        return render(request, "indicators/alert.html", facts)
    facts |= {name: request.POST.get(name, "")[:254] for name in ("email", "sens", "seuil")}
    try:
        bound = Bound.read(request.POST.get("sens", ""), request.POST.get("seuil", ""))
        subscription = ask_alert(
            caller_of(request), address_of(request), seen.indicator, seen.place, bound, place_of(request).site
        )
    except ParvisError as error:
        return render(request, "indicators/alert.html", {**facts, "problem": problem_of(error)}, status=400)
    return mail_is_waiting(request, subscription, seen.indicator.get_absolute_url())


def value(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """One figure for ever: what it is, when and from what it was computed; NotFound when its datasets are not open."""
    figure = selectors.value_of(actor_of(request.user), slug, key)
    computation, sources = figure.computation, origins(figure.computation, figure)
    facts = {
        "value": figure,
        "again": _again(figure) if "refaire" in request.GET else None,
        "computation": computation,
        "definition": computation.described,
        "formula": formula_words(computation.described.formula),
        "text": value_text(computation.described, figure.value),
        "period": period_words(figure.period or computation.described.period),
        "origins": sources,
        "checked": {one.version.pk: one for one in sources if one.version}.values(),
        "population": (figure.parts or {}).get("population"),
        "is_latest": computation.indicator.latest_id == computation.pk,
    }
    return render(request, "indicators/value.html", facts)


def _again(figure: Value) -> dict[str, object]:
    """The figure computed once more from the versions of its time: what it is now, and whether it is the same."""
    try:
        amount = recomputed(figure)
    except ParvisError as error:
        return {"problem": problem_of(error)}
    same = amount == figure.value or (
        amount is not None and figure.value is not None and math.isclose(amount, figure.value, rel_tol=1e-9)
    )
    return {"text": value_text(figure.computation.described, amount), "same": same}


@reads_and_posts
def board(request: HttpRequest) -> HttpResponse:
    """The tiles, a form to add some and to choose the place; POST keeps the scoreboard for a member."""
    return _saved(request) if request.method == "POST" else _shown(request, _read(request.GET))


def _read(query: QueryDict) -> Board:
    """What an address says, kept by nobody: ``i`` for each indicator, ``territoire``, and ``t``, the key of the one it changes."""
    slugs = [slug[:80] for slug in query.getlist("i") if slug][:MOST_ON_BOARD]
    territory, key = query.get("territoire", "")[:120], query.get("t", "")[:64]
    return Board(slugs=list(dict.fromkeys(slugs)), territory=territory, key=key)


def _shown(request: HttpRequest, choice: Board, problem: ParvisError | None = None) -> HttpResponse:
    actor = actor_of(request.user)
    rows = selectors.chosen(actor, choice.slugs, choice.territory)
    choice.slugs = [seen.indicator.slug for seen in rows]
    boards = selectors.boards_of(actor)
    others = [row for row in selectors.indicators_published() if row.slug not in choice.slugs]
    facts = {
        "asked": choice,
        "placed": [
            {
                "tile": tile,
                "earlier": choice.moved(rank, -1),
                "later": choice.moved(rank, 1),
                "without": choice.without(tile.slug),
            }
            for rank, tile in enumerate(tiles_of(rows))
        ],
        "others": others if len(choice.slugs) < MOST_ON_BOARD else [],
        "most": MOST_ON_BOARD,
        "places": selectors.places_of(rows) if current_lens() is None else [],
        "share": canonical(Board(slugs=choice.slugs, territory=choice.territory, key="").address()),
        "opened": next((board for board in boards if board.key == choice.key), None),
        "mail_is_open": mail_is_open(),
        "problem": problem_of(problem) if problem else None,
    }
    response = render(request, "indicators/board.html", facts, status=400 if problem else 200)
    response["X-Robots-Tag"] = "noindex"
    return response


def _saved(request: HttpRequest) -> HttpResponse:
    choice, post = _read(request.POST), request.POST
    key = choice.key if post.get("acte") == "changer" else ""
    revision = opened_revision(post.get("revision", ""))
    try:
        board = save_board(
            actor_of(request.user), post.get("nom", ""), choice.slugs, choice.territory, key=key, revision=revision
        )
    except ParvisError as error:
        return _shown(request, choice, error)
    return redirect(board.address())


@never_cache
@login_required
def boards(request: HttpRequest) -> HttpResponse:
    """« Mes tableaux »: those that the member keeps; POST deletes one."""
    actor = actor_of(request.user)
    if request.method == "POST":
        delete_board(actor, request.POST.get("tableau", "")[:64])
        return redirect("indicators-boards")
    facts = {"boards": selectors.boards_of(actor), "title": _("Mes tableaux")}
    return render(request, "indicators/boards.html", facts)


@require_POST
def digest(request: HttpRequest) -> HttpResponse:
    """Ask for the tiles of a scoreboard each week; with ``t``, for what a saved one holds then."""
    actor, choice, lens = actor_of(request.user), _read(request.POST), current_lens()
    target, details = "", {}
    if choice.key and actor.person_id:
        target = str(selectors.board_of(actor, choice.key).pk)
    else:
        slugs = [seen.indicator.slug for seen in selectors.chosen(actor, choice.slugs)]
        details = {"slugs": slugs, "territory": choice.territory or (lens.code if lens else "")}
    try:
        subscription = ask(request, DIGEST, target, details)
    except ParvisError as error:
        return refused(request, error, choice.address())
    return mail_is_waiting(request, subscription, choice.address())
