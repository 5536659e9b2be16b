"""The choice of a site above the forms of what sites show."""

from __future__ import annotations

from typing import Any

from wagtail.contrib.settings import views
from wagtail.contrib.settings.forms import SiteSwitchForm

from parvis.hub.sites.selectors import site_names


class NamedSites(SiteSwitchForm):
    """Sites by the names of their portals, where Wagtail shows those of machines (« localhost [défaut] »)."""

    def __init__(self, current_site: Any, model: Any, sites: Any, **kwargs: Any) -> None:
        super().__init__(current_site, model, sites, **kwargs)
        names = site_names()
        self.fields["site"].choices = [(self.get_change_url(site, model), names[site.pk]) for site in sites]


def name_sites() -> None:
    """Wagtail's view of a setting has no other place to say which form it shows."""
    views.SiteSwitchForm = NamedSites
