"""Members keep their scoreboards: they save, change and delete them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from parvis.core.errors import Forbidden
from parvis.domains.indicators.models import MOST_ON_BOARD, Board
from parvis.domains.indicators.rules import BoardChanged, TooManyBoards
from parvis.domains.indicators.selectors import board_of, boards_of
from parvis.hub.accounts.rules import Actor
from parvis.hub.audit.services import record

MOST_BOARDS = 20


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
