"""The homes that the demonstration gives to its sites."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parvis.hub.accounts.rules import Actor, require
from parvis.hub.home.models import SiteHome
from parvis.hub.home.services import set_home
from parvis.hub.packs.pictures import with_picture
from parvis.hub.pages.selectors import pages_of
from parvis.hub.sites.models import SiteFace


def load_homes(actor: Actor, homes: Mapping[str, Mapping[str, Any]]) -> int:
    """Lay out the homes of sites, by the code of their territory; those that people have set are left. How many were."""
    require(actor, "administer", None, "charger la démonstration")
    done = 0
    for face in SiteFace.objects.filter(territory__code__in=homes).select_related("site__root_page", "territory"):
        if SiteHome.objects.filter(site=face.site).exists():
            continue
        row = with_picture(homes[face.territory.code])
        pages = {page.slug: page for page in pages_of(face.site)}
        forward = [("page", pages[slug]) for slug in row.pop("pages", ()) if slug in pages]
        forward += [("figure", name) for name in row.pop("figures", ())]
        set_home(actor, face.site, **row, forward=forward)
        done += 1
    return done
