"""Rectangles that a person draws over what no text says: signatures, handwriting, faces, stamps. They are black in what is published."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import ClassVar, Final

from django.db import transaction

from parvis.core.errors import NotFound, RequestError
from parvis.core.redaction import Box
from parvis.core.translation import gettext_noop
from parvis.domains.deliberations.deposit.hiding import hide
from parvis.domains.deliberations.kinds import PREPARE
from parvis.domains.deliberations.models import Act, ActFile
from parvis.domains.deliberations.rules import ActIsSealed
from parvis.domains.deliberations.selectors import boxes_of, last_page_of
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.jobs.services import enqueue

MOST_BOXES: Final = 200
"""Of one file."""
SMALLEST: Final = 0.01
"""Of the width, and of the height, of a page: what is smaller hides nothing, and was not meant."""
DECIMALS: Final = 4


class BoxRefused(RequestError):
    """This is no rectangle of a page that is published as it is seen."""

    code: ClassVar[str] = "act-box"


class BoxNotOnPage(BoxRefused):
    """It goes beyond the page, or is too small to hide anything."""

    code: ClassVar[str] = "act-box-place"
    sentence: ClassVar[str] = gettext_noop("Cette zone n’est pas dans la page, ou elle est trop petite.")
    advice: ClassVar[str] = gettext_noop(
        "De 0 à 100 % de la page : la droite après la gauche, le bas sous le haut, 1 % au moins de chaque côté."
    )


class BoxBeyondPages(BoxRefused):
    """The file has no such page, or nobody could read how many it has."""

    code: ClassVar[str] = "act-box-page"
    sentence: ClassVar[str] = gettext_noop("« {file} » n’a pas de page {page} qui ait été lue.")
    advice: ClassVar[str] = gettext_noop("Choisissez une de ses pages ; si la lecture a échoué, lisez-le à nouveau.")


class TooManyBoxes(BoxRefused):
    """More rectangles than a file may have."""

    code: ClassVar[str] = "act-box-many"
    sentence: ClassVar[str] = gettext_noop("« {file} » a déjà {most} zones occultées, et n’en prend pas davantage.")
    advice: ClassVar[str] = gettext_noop("Dessinez une zone plus grande à la place de plusieurs petites.")


class NoPagesToCover(BoxRefused):
    """What is no PDF is set anew from its text: nothing of its picture is published."""

    code: ClassVar[str] = "act-box-kind"
    sentence: ClassVar[str] = gettext_noop("« {file} » est publié d’après son texte : ses images ne le sont pas.")
    advice: ClassVar[str] = gettext_noop("Occultez ses mots ; seules les pages d’un PDF ont des zones à occulter.")


def add_box(actor: Actor, act: Act, file: ActFile, box: Box) -> None:
    """Have a rectangle of a page hidden in what is published of an act that is not online; ActIsSealed, BoxRefused.

    One that is there already is drawn once.
    """
    rounded = Box(box.page, *(round(side, DECIMALS) for side in (box.left, box.top, box.right, box.bottom)))

    def added(row: ActFile, boxes: Sequence[Box]) -> list[Box]:
        if rounded in boxes:
            return list(boxes)
        _require_room(row, rounded, boxes)
        return sorted([*boxes, rounded], key=lambda box: (box.page, box.top, box.left))

    _change(actor, act, file, added)


def remove_box(actor: Actor, act: Act, file: ActFile, box: Box) -> None:
    """Have a rectangle shown again in what is published of an act that is not online; nothing when it is gone already; ActIsSealed."""
    _change(actor, act, file, lambda _row, boxes: [other for other in boxes if other != box])


def _change(actor: Actor, act: Act, file: ActFile, changed: Callable[[ActFile, Sequence[Box]], list[Box]]) -> None:
    require(actor, "edit", act.organisation_id, f"occulter une zone de « {act.title} »")
    with transaction.atomic():
        # Nobody puts it online, nor draws another, meanwhile.
        act = Act.objects.select_for_update().get(pk=act.pk)
        if act.live or act.withdrawn_at:
            raise ActIsSealed(title=act.title)
        row = ActFile.objects.select_for_update().filter(pk=file.pk, act=act).first()
        if row is None:
            raise NotFound(name=file.name)
        boxes = boxes_of(row)
        wished = changed(row, boxes)
        if wished == boxes:
            return
        hide(act, {row.pk: {"boxes": [asdict(box) for box in wished]}})
        if act.confirmed_at:
            enqueue(actor, PREPARE, act=act.pk)


def _require_room(file: ActFile, box: Box, boxes: Sequence[Box]) -> None:
    if file.suffix != "pdf":
        raise NoPagesToCover(file=file.name)
    if not 1 <= box.page <= last_page_of(file):
        raise BoxBeyondPages(file=file.name, page=box.page)
    sides = (box.left, box.top, box.right, box.bottom)
    is_inside = all(math.isfinite(side) and 0 <= side <= 1 for side in sides)
    # Sides are rounded: what is just wide enough is not refused for a hair.
    least = SMALLEST - 10**-DECIMALS / 2
    if not is_inside or box.right - box.left < least or box.bottom - box.top < least:
        raise BoxNotOnPage
    if len(boxes) >= MOST_BOXES:
        raise TooManyBoxes(file=file.name, most=MOST_BOXES)
