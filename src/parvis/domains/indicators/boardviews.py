"""« Tableau d’indicateurs »: one's own choice, in one's own order, at an address that says it all; kept by members."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from parvis.core.errors import ParvisError
from parvis.domains.indicators import selectors
from parvis.domains.indicators.boards import MOST_ON_BOARD, delete_board, save_board
from parvis.domains.indicators.mails import board_address
from parvis.domains.indicators.models import Board
from parvis.domains.indicators.telling import problem_of
from parvis.domains.indicators.tiles import Tile, tiles_of
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.notifications.selectors import mail_is_open
from parvis.hub.sites.lens import current_lens
from parvis.hub.ui.templatetags.parvis_ui import canonical


@dataclass(frozen=True, slots=True)
class Placed:
    """A tile in its place, with the addresses of the same board where it stands earlier, later, or not at all."""

    tile: Tile
    earlier: str
    later: str
    without: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of a scoreboard says."""

    slugs: tuple[str, ...]
    territory: str
    key: str = ""
    """Of the saved board that is being changed."""

    @classmethod
    def read(cls, query: QueryDict) -> Asked:
        """From ``i`` (as often as there are indicators), ``territoire`` and ``t``."""
        slugs = [slug[:80] for slug in query.getlist("i") if slug][:MOST_ON_BOARD]
        return cls(tuple(dict.fromkeys(slugs)), query.get("territoire", "")[:120], query.get("t", "")[:64])

    def address(self, slugs: Sequence[str] | None = None) -> str:
        """The page of these indicators, or of those in another order."""
        pairs = [("i", slug) for slug in (self.slugs if slugs is None else slugs)]
        pairs += [(name, value) for name, value in (("territoire", self.territory), ("t", self.key)) if value]
        return f"{reverse('indicators-board')}?{urlencode(pairs)}"


def board(request: HttpRequest) -> HttpResponse:
    """The tiles, a form to add some and to choose the place; POST keeps the scoreboard for a member."""
    if request.method == "POST":
        return _saved(request)
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    return _shown(request, Asked.read(request.GET))


def _shown(request: HttpRequest, asked: Asked, problem: ParvisError | None = None) -> HttpResponse:
    actor = actor_of(request.user)
    rows = selectors.chosen(actor, asked.slugs, asked.territory)
    asked = Asked(tuple(one.indicator.slug for one in rows), asked.territory, asked.key)
    mine = selectors.boards_of(actor)
    opened = next((one for one in mine if one.key == asked.key), None)
    others = [row for row in selectors.indicators_published() if row.slug not in asked.slugs]
    facts = {
        "asked": asked,
        "placed": _placed(asked, tiles_of(rows)),
        "others": others if len(asked.slugs) < MOST_ON_BOARD else [],
        "most": MOST_ON_BOARD,
        "places": selectors.places_of(rows) if current_lens() is None else [],
        "share": canonical(board_address(list(asked.slugs), asked.territory)),
        "boards": mine,
        "opened": opened,
        "mail_is_open": mail_is_open(),
        "problem": problem_of(problem) if problem else None,
    }
    response = render(request, "indicators/board.html", facts, status=400 if problem else 200)
    response["X-Robots-Tag"] = "noindex"
    return response


def _placed(asked: Asked, tiles: Sequence[Tile]) -> list[Placed]:
    slugs = list(asked.slugs)
    return [
        Placed(
            tile,
            asked.address(_moved(slugs, rank, rank - 1)) if rank else "",
            asked.address(_moved(slugs, rank, rank + 1)) if rank + 1 < len(slugs) else "",
            asked.address([slug for slug in slugs if slug != tile.slug]),
        )
        for rank, tile in enumerate(tiles)
    ]


def _moved(slugs: Sequence[str], rank: int, to: int) -> list[str]:
    kept = list(slugs)
    kept.insert(to, kept.pop(rank))
    return kept


def _saved(request: HttpRequest) -> HttpResponse:
    asked, actor = Asked.read(request.POST), actor_of(request.user)
    revision = request.POST.get("revision", "0")
    try:
        kept = save_board(
            actor,
            request.POST.get("nom", ""),
            asked.slugs,
            asked.territory,
            key=asked.key if request.POST.get("acte") == "changer" else "",
            revision=int(revision) if revision.isascii() and revision.isdecimal() and len(revision) < 10 else 0,
        )
    except ParvisError as error:
        return _shown(request, asked, error)
    return redirect(saved_address(kept))


def saved_address(kept: Board) -> str:
    """Where a saved scoreboard is seen and changed."""
    return Asked(tuple(kept.slugs), kept.territory, kept.key).address()


@never_cache
@login_required
def boards(request: HttpRequest) -> HttpResponse:
    """« Mes tableaux »: those that the member keeps; POST deletes one."""
    actor = actor_of(request.user)
    if request.method == "POST":
        delete_board(actor, request.POST.get("tableau", "")[:64])
        return redirect("indicators-boards")
    rows: list[dict[str, Any]] = [
        {"board": one, "address": saved_address(one), "count": len(one.slugs)} for one in selectors.boards_of(actor)
    ]
    return render(request, "indicators/boards.html", {"rows": rows, "title": _("Mes tableaux")})
