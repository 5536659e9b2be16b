"""Scoreboards: indicators of one's choice, at an address that says it all; members keep theirs, save, change and delete them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db import transaction
from django.http import QueryDict
from django.urls import reverse

from parvis.core.errors import Forbidden
from parvis.domains.indicators.models import Board
from parvis.domains.indicators.rules import BoardChanged, TooManyBoards
from parvis.domains.indicators.selectors import board_of, boards_of
from parvis.hub.accounts.rules import Actor
from parvis.hub.audit.services import record

MOST_BOARDS = 20
MOST_ON_BOARD = 12
"""Tiles of a scoreboard: as many as one A4 sheet holds."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Indicators in their order, seen from a territory; ``key`` is that of the saved board that is being changed."""

    slugs: tuple[str, ...]
    territory: str = ""
    key: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> Choice:
        """From ``i`` (as often as there are indicators), ``territoire`` and ``t``."""
        slugs = [slug[:80] for slug in query.getlist("i") if slug][:MOST_ON_BOARD]
        return cls(tuple(dict.fromkeys(slugs)), query.get("territoire", "")[:120], query.get("t", "")[:64])

    @classmethod
    def of(cls, board: Board) -> Choice:
        """What a saved board holds."""
        return cls(tuple(board.slugs), board.territory, board.key)

    def address(self, slugs: Sequence[str] | None = None) -> str:
        """The page of these indicators, or of those in another order."""
        pairs = [("i", slug) for slug in (self.slugs if slugs is None else slugs)]
        pairs += [(name, value) for name, value in (("territoire", self.territory), ("t", self.key)) if value]
        return f"{reverse('indicators-board')}?{urlencode(pairs)}"

    def moved(self, rank: int, by: int) -> str:
        """The page where one of them stands earlier or later; empty where there is no such place."""
        slugs = list(self.slugs)
        if not 0 <= rank + by < len(slugs):
            return ""
        slugs.insert(rank + by, slugs.pop(rank))
        return self.address(slugs)

    def without(self, slug: str) -> str:
        """The page without one of them."""
        return self.address([other for other in self.slugs if other != slug])


def save_board(
    actor: Actor, name: str, slugs: Sequence[str], territory: str = "", *, key: str = "", revision: int = 0
) -> Board:
    """Keep a scoreboard, or change the one of that ``key``, at the ``revision`` that was opened.

    Forbidden without an account, TooManyBoards beyond MOST_BOARDS, BoardChanged when it was saved elsewhere meanwhile.
    """
    if actor.person_id is None or actor.read_only:
        raise Forbidden(action="garder un tableau sans compte")
    facts = {
        "name": name.strip()[:120] or "Tableau",
        "slugs": list(dict.fromkeys(slugs))[:MOST_ON_BOARD],
        "territory": territory[:120],
    }
    with transaction.atomic():
        if not key:
            if len(boards_of(actor)) >= MOST_BOARDS:
                raise TooManyBoards(most=MOST_BOARDS)
            board = Board.objects.create(person_id=actor.person_id, **facts)
        else:
            board = board_of(actor, key)
            if not Board.objects.filter(pk=board.pk, revision=revision).update(**facts, revision=revision + 1):
                raise BoardChanged(name=board.name)
            board.refresh_from_db()
        record(actor.name, actor.person_id, "board.save", "board", str(board.pk), name=board.name, slugs=board.slugs)
    return board


def delete_board(actor: Actor, key: str) -> None:
    """Drop one's own scoreboard, and the digest that follows it."""
    board = board_of(actor, key)
    if actor.read_only:
        raise Forbidden(action="supprimer un tableau")
    with transaction.atomic():
        record(actor.name, actor.person_id, "board.delete", "board", str(board.pk), name=board.name)
        board.delete()
