"""What lists tell programs of a saved chart or map: the forms of ``/api/parvis/v1/charts`` and ``/maps`` share it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parvis.hub.addresses import canonical
from parvis.hub.api.schemas import Body, Moment, Uri

if TYPE_CHECKING:
    from parvis.hub.drawings.models import Drawing


class SavedCard(Body):
    """What is told of each in a list."""

    slug: str
    title: str
    publisher: str
    modified: Moment
    url: Uri
    svg: Uri
    png: Uri
    embed: Uri


def card_of(saved: Drawing) -> SavedCard:
    """The card of a chart or map."""
    base = canonical(saved.get_absolute_url())
    return SavedCard(
        slug=saved.slug,
        title=saved.title,
        publisher=saved.organisation.name,
        modified=saved.modified.isoformat(),
        url=base,
        svg=f"{base}image.svg",
        png=f"{base}image.png",
        embed=f"{base}cadre/",
    )
