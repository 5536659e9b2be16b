"""Which face a request sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.models import Site

from parvis.hub.caches import fresh
from parvis.hub.registry import Way
from parvis.hub.sites.lens import Lens
from parvis.hub.sites.models import SiteFace
from parvis.hub.sites.origins import place_at
from parvis.hub.sites.places import forget_places, place_of


def face_of(request: HttpRequest) -> SiteFace:
    """The face of the site the request came to, with defaults when nothing was set."""
    face = getattr(request, "_parvis_face", None)
    if face is None:
        # Wagtail's own ``for_request`` would look for the site again; it keeps here the one that a preview shows.
        face = getattr(request, SiteFace.get_cache_attr_name(), None)
        face = face or SiteFace.objects.filter(site=place_of(request).site).first() or SiteFace()
        request._parvis_face = face
    return face


@fresh(lambda request: place_of(request).site or 0)
def lens_of(request: HttpRequest) -> Lens | None:
    """The lens of the site the request came to: its commune, when the site is part of a larger one; None otherwise.

    A site changed by another process is seen as it is now within ten seconds.
    """
    face = face_of(request)
    if face.parent_id is None or face.territory is None or face.territory.kind != "commune":
        return None
    return lens_on(face.territory)


def forget_lenses(**_said: Any) -> None:
    """Forget which site looks through which lens: one was changed here."""
    forget_places()
    lens_of.cache_clear()
    named_site.cache_clear()


def communes_with_a_site() -> QuerySet[Any]:
    """The communes whose site looks through a lens (``territories.Territory``)."""
    model = SiteFace._meta.get_field("territory").related_model
    keys = SiteFace.objects.filter(parent__isnull=False).values("territory")
    return model.objects.filter(kind="commune", pk__in=keys)


def territories_with_a_site() -> QuerySet[Any]:
    """The territories that sites are about (``territories.Territory``)."""
    model = SiteFace._meta.get_field("territory").related_model
    return model.objects.filter(pk__in=SiteFace.objects.filter(territory__isnull=False).values("territory"))


@dataclass(frozen=True, slots=True)
class CommuneSite:
    """The site of a commune, as others lead to it."""

    code: str
    commune: str
    name: str
    address: str


def sites_of(communes: QuerySet[Any]) -> list[CommuneSite]:
    """The sites of these communes (``territories.Territory``), by name of commune."""
    keys = communes.order_by().values("pk")
    faces = SiteFace.objects.filter(parent__isnull=False, territory__in=keys, territory__kind="commune")
    rows = faces.select_related("site__siteface__parent", "territory")
    return [
        CommuneSite(face.territory.code, face.territory.name, face.name, address_of(face.site))
        for face in rows.order_by("territory__folded")
    ]


def site_of(territory: Any) -> Any:
    """The site (Wagtail's) of a territory: the main one's first; None when it has none."""
    faces = SiteFace.objects.filter(territory=territory).select_related("site__siteface__parent")
    face = faces.order_by("-site__is_default_site", "pk").first()
    return face.site if face else None


def address_of(site: Any) -> str:
    """The whole address of a site (Wagtail's), where its readers come to it."""
    place = place_at(site)
    base = place.origin or settings.PARVIS["PARVIS_BASE_URL"]
    return f"{base}/{place.prefix}/" if place.prefix else f"{base}/"


@fresh()
def named_site(site: int) -> Way:
    """A site by its key, as others lead to it."""
    row = Site.objects.select_related("siteface__parent").get(pk=site)
    face = getattr(row, "siteface", None)
    return Way(face.name if face else row.site_name, address_of(row))


def lens_on(commune: Any) -> Lens:
    """The lens of a commune (a ``territories.Territory``)."""
    return Lens(
        territory=commune.pk,
        name=commune.name,
        codes=(commune.code, *commune.former_codes),
        epci=commune.epci,
        department=commune.department,
        region=commune.region,
        ept=commune.ept,
    )


def site_names() -> dict[int, str]:
    """What people call each site, by its key: the name of its portal, where Wagtail knows the name of a machine."""
    names = dict(SiteFace.objects.values_list("site", "name"))
    sites = Site.objects.order_by("-is_default_site", "site_name")
    return {site.pk: names.get(site.pk) or site.site_name or site.hostname for site in sites}


def site_names_by_host() -> dict[str, str]:
    """The same by the name of the machine, which the journal keeps."""
    names = site_names()
    return {site.hostname: names[site.pk] for site in Site.objects.all()}
