"""A page as a content to merge, and what a commune puts in the place of words in braces."""

from __future__ import annotations

from typing import Any

from wagtail.models import Site

from parvis.core.geo.areas import square_kilometres
from parvis.hub.pages.models import ThemePage
from parvis.hub.pushed.block_merge import Content
from parvis.hub.pushed.placeholders import Place
from parvis.hub.sites.models import SiteFace
from parvis.hub.territories.models import Territory
from parvis.hub.territories.selectors import parents_of, population_year

FACTS = (
    "title",
    "introduction",
    "theme",
    "picture_id",
    "picture_alt",
    "picture_credit",
    "seo_title",
    "search_description",
)
"""Fields of a page that are pushed with its blocks. The address is not: it is chosen once."""


def content_of(page: ThemePage) -> Content:
    """What a page says, in the raw form of its fields and blocks."""
    return {"facts": {name: getattr(page, name) for name in FACTS}, "body": plain_body(page.body)}


def plain_body(body: Any) -> list[dict[str, Any]]:
    """Blocks in the raw form that the database keeps, whichever form they come in: forms compare only so."""
    field = ThemePage._meta.get_field("body")
    return list(field.stream_block.get_prep_value(field.to_python(body)))


def plain(content: Content) -> Content:
    """A content whose blocks are as the database would give them back."""
    return {**content, "body": plain_body(content["body"])} if content else content


def place_at(site: Site) -> Place | None:
    """What the pages of that site may say of its commune; None for a site that is of no commune."""
    face = SiteFace.objects.filter(site=site).select_related("territory").first()
    commune = face.territory if face else None
    if face is None or commune is None or commune.kind != Territory.Kind.COMMUNE:
        return None
    above = {parent.kind: parent for parent in parents_of(commune)}

    def named(kind: str) -> tuple[str, str]:
        parent = above.get(kind)
        return (parent.name, parent.code) if parent else ("", "")

    epci, department, region = (
        named(kind) for kind in (Territory.Kind.EPCI, Territory.Kind.DEPARTMENT, Territory.Kind.REGION)
    )
    return Place(
        commune.name,
        commune.code,
        commune.population,
        population_year(),
        str(next(iter(commune.postcodes), "")),
        *epci,
        *department,
        *region,
        face.name,
        square_kilometres(commune.contour) if commune.contour else None,
    )
