"""Setting the face of a site."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from parvis.hub.accounts.rules import Actor, require
from parvis.hub.audit.services import record
from parvis.hub.sites.models import SiteFace


def main_site() -> Site:
    """The site that answers every host name not given to another."""
    return Site.objects.get(is_default_site=True)


def make_site(actor: Actor, territory: Any, hostname: str, *, parent: Site, prefix: str = "") -> Site:
    """The site of a commune at that host name, part of the ``parent`` site, with its own root page; the one it already has.

    With ``prefix``, it also stands behind ``/<prefix>/`` of the parent, where a host name of its own need not exist;
    ValidationError for a prefix that is the address of something else.
    """
    require(actor, "administer", None, "créer un site")
    found = SiteFace.objects.filter(territory=territory, parent=parent).select_related("site").first()
    if found is not None:
        return found.site
    with transaction.atomic():
        root = Page(title=territory.name, slug=hostname.replace(".", "-"))
        parent.root_page.get_parent().add_child(instance=root)
        site = Site.objects.create(hostname=hostname, port=80, site_name=territory.name, root_page=root)
        set_face(
            actor, site, name=_("Les données de %s") % territory.name, territory=territory, parent=parent, prefix=prefix
        )
        record(actor.name, actor.person_id, "site.create", "site", hostname, territory=territory.code)
    return site


def set_face(actor: Actor, site: Site, **values: Any) -> SiteFace:
    """Change words, colours or territory of a site; ValidationError for colours that cannot be read."""
    require(actor, "administer", None, "changer le visage du site")
    face = SiteFace.for_site(site)
    changed = sorted(name for name, value in values.items() if getattr(face, name) != value)
    if not changed:
        return face
    for name in changed:
        setattr(face, name, values[name])
    face.full_clean()
    with transaction.atomic():
        face.save()
        record(actor.name, actor.person_id, "site.face", "site", site.hostname, changed=changed)
    return face
