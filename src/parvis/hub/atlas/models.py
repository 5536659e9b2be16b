"""Maps that were saved."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from parvis.core.atlas.description import MapDescription
from parvis.hub.drawings.models import Drawing


class Map(Drawing):
    """A map under a permanent address; ``description`` is what ``MapDescription.to_dict`` gives."""

    noun: ClassVar[str] = "map"
    with_article = _("la carte")
    place: ClassVar[str] = "cartes"
    unnamed: ClassVar[str] = "carte"

    class Meta(Drawing.Meta):
        verbose_name = _("carte")
        verbose_name_plural = _("cartes")

    @property
    def described(self) -> MapDescription:
        """Its description, checked, bearing its title."""
        return MapDescription.from_dict({**self.description, "title": self.title})
