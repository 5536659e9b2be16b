"""Tabs and accordions: blocks inside sections that open; without JavaScript both are sections that open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

GROUP = _("Mise en page")


class FoldingBlock(blocks.StructBlock):
    """Sections of blocks; ``body`` gives it the blocks that a section may hold."""

    title = blocks.CharBlock(label=_("Titre"), required=False, max_length=160)

    def __init__(self, section: blocks.Block | None = None, **kwargs: Any) -> None:
        inner = [("sections", blocks.ListBlock(section, label=_("Sections"), min_num=1, max_num=12))] if section else []
        super().__init__(inner, **kwargs)

    def inner(self, value: Any) -> Iterator[Any]:
        """The stream of each of its sections."""
        for section in value.get("sections") or ():
            yield section["body"]


class TabsBlock(FoldingBlock):
    """One section at a time."""

    class Meta:
        label = _("Onglets")
        icon = "table"
        group = GROUP
        template = "parvis/pages/blocks/tabs.html"
        description = _("Plusieurs volets dont un seul est ouvert à la fois : par commune, par année…")
        preview_value = {
            "title": "",
            "sections": [
                {"title": "Lieusaint", "body": [("text", "<p>Trente arceaux, dont dix couverts.</p>")]},
                {"title": "Grigny", "body": [("text", "<p>Vingt arceaux près de la gare.</p>")]},
            ],
        }


class AccordionBlock(FoldingBlock):
    """Sections that open one by one."""

    class Meta:
        label = _("Accordéon")
        icon = "list-ul"
        group = GROUP
        template = "parvis/pages/blocks/accordion.html"
        description = _("Des sections repliées, à ouvrir : méthode, détails, cas particuliers.")
        preview_value = {
            "title": "",
            "sections": [
                {"title": "Lieusaint", "body": [("text", "<p>Trente arceaux, dont dix couverts.</p>")]},
                {"title": "Grigny", "body": [("text", "<p>Vingt arceaux près de la gare.</p>")]},
            ],
        }
