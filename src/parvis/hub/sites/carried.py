"""What leaves of this room when the whole instance does, and what stays."""

from __future__ import annotations

from parvis.hub.carried import Carried

CARRIED = (
    Carried(model="parvis_sites.SiteFace", name="sites/visages"),
    Carried(model="parvis_sites.FormerPrefix", name="sites/anciens-prefixes"),
    Carried(model="parvis_sites.SiteMenus", name="sites/menus"),
)
