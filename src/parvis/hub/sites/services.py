"""Setting the face of a site."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from wagtail.models import Site

from parvis.hub.accounts.rules import Actor, require
from parvis.hub.audit.services import record
from parvis.hub.sites.models import SiteFace


def main_site() -> Site:
    """The site that answers every host name not given to another."""
    return Site.objects.get(is_default_site=True)


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
