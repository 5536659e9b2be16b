"""Setting the face of a site."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.audit.services import record
from parvis.hub.sites.models import SiteFace


def main_site() -> Site:
    """The site that answers every host name not given to another."""
    return Site.objects.get(is_default_site=True)


def make_site(actor: Actor, territory: Any, hostname: str, *, parent: Site, prefix: str = "") -> Site:
    """The site of a commune at that host name, part of the ``parent`` site, with its own root page; the one it already has.

    With ``prefix``, it also is behind ``/<prefix>/`` of the parent, where a host name of its own need not exist;
    ValidationError for a prefix that is the address of something else.
    """
    require(actor, "administer", None, "créer un site")
    face = SiteFace.objects.filter(territory=territory, parent=parent).select_related("site").first()
    if face is not None:
        return face.site
    with transaction.atomic():
        root = Page(title=territory.name, slug=hostname.replace(".", "-"))
        parent.root_page.get_parent().add_child(instance=root)
        site = Site.objects.create(hostname=hostname, port=80, site_name=territory.name, root_page=root)
        set_face(
            actor,
            site,
            name=_("Les données de %s") % territory.name,
            territory=territory,
            parent=parent,
            prefix=prefix,
            organisation=keeper_of(territory),
        )
        record(actor.name, actor.person_id, "site.create", "site", hostname, territory=territory.code)
    return site


def keeper_of(territory: Any) -> Organisation | None:
    """The organisation that would keep the site of a territory: its own, None when there is not exactly one."""
    kind = "epci" if territory.kind == "ept" else territory.kind
    organisations = list(Organisation.objects.filter(territory=territory, kind=kind)[:2])
    return organisations[0] if len(organisations) == 1 else None


FOR_WHO_RUNS_THE_INSTANCE = {"territory", "parent", "prefix", "organisation"}
"""What decides which data a site shows and where it stands."""


def set_face(actor: Actor, site: Site, **values: Any) -> SiteFace:
    """Change words or colours of a site, its territory or its place among sites for who runs the instance.

    ValidationError for colours that cannot be read.
    """
    face = SiteFace.for_site(site)
    runs_all = FOR_WHO_RUNS_THE_INSTANCE & values.keys()
    require(actor, "administer", None if runs_all else face.organisation_id, "changer l’identité visuelle du site")
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
