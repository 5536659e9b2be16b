"""Entries of menus, as those who administer a site write them: a room of the portal, a page of the site, an address."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks

from parvis.hub.sites import menu_targets as places

MOST_LETTERS = 40
_OWN_WORD = gettext_lazy("Facultatif : le mot du menu, s’il n’est pas son nom.")


def rooms() -> list[tuple[str, Any]]:
    """The rooms of the portal."""
    return [(room.name, room.label) for room in places.rooms().values()]


class AddressBlock(blocks.CharBlock):
    """An address of the portal (``/explore/?theme=culture``) or of the web."""

    def clean(self, value: Any) -> str:
        """The address, which leads somewhere; a page of the site is chosen by itself, so that it may move."""
        text: str = super().clean(value).strip()
        parts = urlsplit(text)
        if parts.scheme:
            if parts.scheme not in ("https", "http") or not parts.hostname:
                raise ValidationError(_("Une adresse du web commence par https:// et un nom de site."))
            return text
        if not text.startswith("/") or text.startswith("//"):
            raise ValidationError(
                _(
                    "Écrivez une adresse du portail qui commence par une barre (/explore/), ou une adresse du web (https://…)."
                )
            )
        try:
            match = resolve(parts.path)
        except Resolver404:
            raise ValidationError(_("« %s » n’est pas une adresse de ce portail.") % parts.path) from None
        if match.url_name == "wagtail_serve":
            raise ValidationError(
                _("« %s » n’est pas une adresse fixe du portail. Pour une page du site, prenez « Page du site ».")
                % parts.path
            )
        return text


class RoomBlock(blocks.StructBlock):
    """A place that every portal has; its name follows the language of who reads."""

    room = blocks.ChoiceBlock(label=gettext_lazy("Rubrique"), choices=rooms)
    label = blocks.CharBlock(
        label=gettext_lazy("Libellé"), required=False, max_length=MOST_LETTERS, help_text=_OWN_WORD
    )

    class Meta:
        label = gettext_lazy("Rubrique du portail")
        icon = "list-ul"
        label_format = "{room} {label}"


class PageBlock(blocks.StructBlock):
    """A page of the site; it leaves the menu when it is taken off line."""

    page = blocks.PageChooserBlock(label=gettext_lazy("Page"))
    label = blocks.CharBlock(
        label=gettext_lazy("Libellé"), required=False, max_length=MOST_LETTERS, help_text=_OWN_WORD
    )

    class Meta:
        label = gettext_lazy("Page du site")
        icon = "doc-full"


class LinkBlock(blocks.StructBlock):
    """Somewhere else: of the portal or of the web."""

    label = blocks.CharBlock(label=gettext_lazy("Libellé"), max_length=MOST_LETTERS)
    address = AddressBlock(
        label=gettext_lazy("Adresse"),
        max_length=500,
        help_text=gettext_lazy("/explore/?theme=culture, ou https://www.exemple.fr/."),
    )

    class Meta:
        label = gettext_lazy("Autre adresse")
        icon = "link"
        label_format = "{label}"


MENU_BLOCKS = (("room", RoomBlock()), ("page", PageBlock()), ("link", LinkBlock()))
