"""``parvis init``: an instance, with the organisations of its territory."""

from __future__ import annotations

from argparse import Namespace
from urllib.parse import urlsplit

from django.conf import settings
from wagtail.models import Site

from parvis.core.text import slugify
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.accounts.services import save_organisation
from parvis.hub.datastore.services import recover
from parvis.hub.datastore.services.imports import ask_to_count
from parvis.hub.sites.services import main_site, make_site, set_face
from parvis.hub.territories.models import Territory
from parvis.hub.territories.selectors import by_any_code, children
from parvis.hub.territories.services import load_reference

KINDS = {
    Territory.Kind.COMMUNE: Organisation.Kind.COMMUNE,
    Territory.Kind.EPCI: Organisation.Kind.EPCI,
    Territory.Kind.EPT: Organisation.Kind.EPCI,
    Territory.Kind.DEPARTMENT: Organisation.Kind.DEPARTMENT,
    Territory.Kind.REGION: Organisation.Kind.REGION,
}
WITH_COMMUNES = (Territory.Kind.EPCI, Territory.Kind.EPT)


def run(args: Namespace) -> None:
    """Make the instance whole, and an organisation for each territory named and each of its communes."""
    recover()
    load_reference(OPERATOR)
    chosen = [by_any_code(code) for code in args.territory]
    made = 0
    for territory in chosen:
        members = children(territory) if territory.kind in WITH_COMMUNES else []
        made += sum(_organisation(one) for one in [territory, *members])
    if chosen and not _has_face():
        set_face(OPERATOR, main_site(), name=chosen[0].name[:80], territory=chosen[0])
    sites = sum(_site(commune) for commune in communes_under(chosen[0])) if chosen else 0
    if sites:
        ask_to_count(None)
    print(f"Instance : {settings.PARVIS_HOME}")
    for territory in chosen:
        print(f"Territoire : {territory.name} ({territory.get_kind_display()} {territory.code})")
    if made:
        print(f"Organisations créées : {made}")
    if sites:
        print(f"Sites de communes créés : {sites}, à <commune>.{_base_host()} (voir docs/howto/sites-des-communes.md)")
    print("Ensuite : parvis import FICHIER, parvis user add ADRESSE --superuser, parvis serve")


def communes_under(territory: Territory) -> list[Territory]:
    """The communes that get a site of their own: those of an intercommunal body, not those of a department."""
    return list(children(territory)) if territory.kind in WITH_COMMUNES else []


def _site(commune: Territory) -> bool:
    """Make the site of a commune, below the host name of the portal; False when it has one."""
    parent = main_site()
    before = Site.objects.count()
    make_site(OPERATOR, commune, f"{slugify(commune.name)}.{_base_host()}", parent=parent)
    return Site.objects.count() > before


def _base_host() -> str:
    """The host name of the portal; ``localhost`` while it has only an address in numbers."""
    host = urlsplit(settings.PARVIS["PARVIS_BASE_URL"]).hostname or ""
    return host if any(letter.isalpha() for letter in host) else "localhost"


def _organisation(territory: Territory) -> bool:
    """Make the organisation of a territory; False when it has one."""
    kind = KINDS[Territory.Kind(territory.kind)]
    if Organisation.objects.filter(territory=territory, kind=kind).exists():
        return False
    name = territory.name
    if Organisation.objects.filter(name__iexact=name).exists():
        name = f"{territory.name} ({territory.get_kind_display()} {territory.code})"
    siren = territory.code if territory.kind in WITH_COMMUNES and len(slugify(territory.code)) == 9 else ""
    save_organisation(OPERATOR, None, {"name": name, "kind": kind, "territory": territory, "siren": siren})
    return True


def _has_face() -> bool:
    site = main_site()
    return getattr(site, "siteface", None) is not None and site.siteface.territory_id is not None
