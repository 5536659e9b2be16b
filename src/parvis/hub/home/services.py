"""Setting the home of a site."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Site

from parvis.hub.accounts.rules import Actor, require
from parvis.hub.audit.services import record
from parvis.hub.home.models import SiteHome
from parvis.hub.sites.models import SiteFace


def set_home(actor: Actor, site: Site, **values: Any) -> SiteHome:
    """Change the home of a site; ValidationError for what cannot be shown there."""
    require(actor, "administer", SiteFace.for_site(site).organisation_id, _("changer l’accueil du site"))
    home = SiteHome.for_site(site)
    for name, value in values.items():
        setattr(home, name, value)
    home.full_clean()
    with transaction.atomic():
        home.save()
        record(actor.name, actor.person_id, "site.home", "site", site.hostname, changed=sorted(values))
    return home
