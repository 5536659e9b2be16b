"""Images, and videos by their link only: nothing of somebody else's is loaded by the page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from parvis.hub.pages.blocks.texts import GROUP


class ImageBlock(blocks.StructBlock):
    """An image with its words."""

    image = ImageChooserBlock(label=_("Image"))
    alt = blocks.CharBlock(
        label=_("Ce que montre l’image"),
        max_length=240,
        help_text=_("Pour qui ne la voit pas : ce qu’on y voit d’utile, en une phrase."),
    )
    caption = blocks.CharBlock(label=_("Légende"), required=False, max_length=300)
    credit = blocks.CharBlock(label=_("Auteur ou crédit"), required=False, max_length=160)

    class Meta:
        label = _("Image")
        icon = "image"
        group = GROUP
        template = "parvis/pages/blocks/image.html"
        description = _("Une image, sa description et sa légende.")


class VideoBlock(blocks.StructBlock):
    """A link to a video, as a card."""

    title = blocks.CharBlock(label=_("Titre de la vidéo"), max_length=200)
    address = blocks.URLBlock(
        label=_("Adresse"), help_text=_("La vidéo n’est ni copiée ni chargée ici : la page y mène.")
    )
    duration = blocks.CharBlock(label=_("Durée"), required=False, max_length=40)
    text = blocks.TextBlock(
        label=_("Ce qu’on y apprend"), required=False, max_length=600, help_text=_("Pour qui ne peut pas la regarder.")
    )
    picture = ImageChooserBlock(label=_("Image"), required=False)

    class Meta:
        label = _("Vidéo (lien)")
        icon = "media"
        group = GROUP
        template = "parvis/pages/blocks/video.html"
        description = _("Une carte qui mène à une vidéo : rien n’est chargé d’un autre site tant qu’on ne l’ouvre pas.")
        preview_value = {
            "title": "Attacher son vélo sans se le faire voler",
            "address": "https://video.example.org/attacher",
            "duration": "3 minutes",
            "text": "Où passer l’antivol, et quel arceau choisir.",
        }

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """The host it is on, told before the link is followed."""
        host = urlsplit(value.get("address") or "").hostname or ""
        return {**super().get_context(value, parent_context), "host": host.removeprefix("www.")}
