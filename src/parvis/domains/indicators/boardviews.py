"""« Tableau d’indicateurs »: one's own choice, in one's own order, at an address that says it all; kept by members."""

from __future__ import annotations

from dataclasses import replace

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from parvis.core.errors import ParvisError
from parvis.domains.indicators import selectors
from parvis.domains.indicators.boards import MOST_ON_BOARD, Choice, delete_board, save_board
from parvis.domains.indicators.kinds import DIGEST
from parvis.domains.indicators.tiles import tiles_of
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.notifications.selectors import mail_is_open
from parvis.hub.notifications.views import ask, mail_is_waiting, reads_and_posts, refused
from parvis.hub.records.rules import opened_revision
from parvis.hub.sites.lens import current_lens
from parvis.hub.ui.errors import problem_of
from parvis.hub.ui.templatetags.parvis_ui import canonical


@reads_and_posts
def board(request: HttpRequest) -> HttpResponse:
    """The tiles, a form to add some and to choose the place; POST keeps the scoreboard for a member."""
    return _saved(request) if request.method == "POST" else _shown(request, Choice.read(request.GET))


def _shown(request: HttpRequest, choice: Choice, problem: ParvisError | None = None) -> HttpResponse:
    actor = actor_of(request.user)
    rows = selectors.chosen(actor, choice.slugs, choice.territory)
    choice = replace(choice, slugs=tuple(seen.indicator.slug for seen in rows))
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
        "share": canonical(replace(choice, key="").address()),
        "opened": next((board for board in boards if board.key == choice.key), None),
        "mail_is_open": mail_is_open(),
        "problem": problem_of(problem) if problem else None,
    }
    response = render(request, "indicators/board.html", facts, status=400 if problem else 200)
    response["X-Robots-Tag"] = "noindex"
    return response


def _saved(request: HttpRequest) -> HttpResponse:
    choice, post = Choice.read(request.POST), request.POST
    key = choice.key if post.get("acte") == "changer" else ""
    revision = opened_revision(post.get("revision", ""))
    try:
        board = save_board(
            actor_of(request.user), post.get("nom", ""), choice.slugs, choice.territory, key=key, revision=revision
        )
    except ParvisError as error:
        return _shown(request, choice, error)
    return redirect(Choice.of(board).address())


@never_cache
@login_required
def boards(request: HttpRequest) -> HttpResponse:
    """« Mes tableaux »: those that the member keeps; POST deletes one."""
    actor = actor_of(request.user)
    if request.method == "POST":
        delete_board(actor, request.POST.get("tableau", "")[:64])
        return redirect("indicators-boards")
    rows = [(board, Choice.of(board).address()) for board in selectors.boards_of(actor)]
    return render(request, "indicators/boards.html", {"rows": rows, "title": _("Mes tableaux")})


@require_POST
def digest(request: HttpRequest) -> HttpResponse:
    """Ask for the tiles of a scoreboard each week; with ``t``, for what a saved one holds then."""
    actor, choice, lens = actor_of(request.user), Choice.read(request.POST), current_lens()
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
