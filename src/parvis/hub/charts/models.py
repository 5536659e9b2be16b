"""Charts that were saved."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from parvis.core.charts.description import ChartDescription
from parvis.hub.drawings.models import Drawing


class Chart(Drawing):
    """A chart under a permanent address; ``description`` is what ``ChartDescription.to_dict`` gives."""

    noun: ClassVar[str] = "chart"
    with_article = _("le graphique")
    place: ClassVar[str] = "graphiques"
    unnamed: ClassVar[str] = "graphique"

    class Meta(Drawing.Meta):
        verbose_name = _("graphique")
        verbose_name_plural = _("graphiques")

    @property
    def described(self) -> ChartDescription:
        """Its description, checked, bearing its title."""
        return ChartDescription.from_dict({**self.description, "title": self.title})
