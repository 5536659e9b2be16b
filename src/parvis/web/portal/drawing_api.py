"""What the lists of ``/api/parvis/v1/charts`` and ``/maps`` share: their operation, and what they say of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from parvis.hub.addresses import canonical
from parvis.hub.api.routers import ApiRequest, ApiRouter
from parvis.hub.api.schemas import Listing, Offset
from parvis.web.portal.drawing_schemas import SavedCard

if TYPE_CHECKING:
    from parvis.hub.accounts.rules import Actor
    from parvis.hub.drawings.models import Drawing


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


def declare_list(
    router: ApiRouter,
    summary: Any,
    listing: type[Listing[SavedCard]],
    published: Callable[[Actor], Sequence[Drawing]],
) -> None:
    """Declare the operation that lists the published drawings of a router, latest first; ``offset`` goes further."""
    tag = router.tag

    @router.operation(f"/{tag}", f"list{tag.capitalize()}", summary, listing, url_name=f"{tag}-api")
    def drawings(request: ApiRequest, offset: Offset = 0) -> Any:
        return listing.page(published(request.auth), card_of, offset)
