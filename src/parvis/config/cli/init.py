"""``parvis init``: an instance, with the organisations of its territory."""

from __future__ import annotations

import sys
import time
from argparse import Namespace
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings

from parvis.config.cli.instance import alone
from parvis.config.cli.main import report
from parvis.config.cli.progress import bar
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.datastore.services import recover
from parvis.hub.datastore.services.imports import ask_to_count
from parvis.hub.fulltext.writing import write_changes as write_documents
from parvis.hub.packs.site_creation import Started, start_organisations, start_sites
from parvis.hub.search.writing import write_changes
from parvis.hub.sites.services import keeper_of, main_site, set_face
from parvis.hub.territories.selectors import Kind, by_any_code, children
from parvis.hub.territories.services import load_reference
from parvis.packs.bundled_files import starter_pages

if TYPE_CHECKING:
    from parvis.hub.territories.models import Territory

WITH_COMMUNES = (Kind.EPCI, Kind.EPT)


def run(args: Namespace) -> None:
    """Make the instance whole: an organisation for each territory named and each of its communes, and their sites."""
    with alone(settings.PARVIS_HOME, "sites"):
        recover()
        load_reference(OPERATOR)
        chosen = [by_any_code(code) for code in args.territory]
        started = time.monotonic()
        made = start_organisations(OPERATOR, list(_with_members(chosen)))
        done = _start(chosen[0]) if chosen else Started(0, 0, ())
        write_changes()  # the first search need not wait for it
        write_documents()
    if sys.stderr.isatty():
        print("\r\x1b[2K", end="", file=sys.stderr)
    print(f"Instance : {settings.PARVIS_HOME}")
    for territory in chosen:
        print(f"Territoire : {territory.name} ({territory.get_kind_display()} {territory.code})")
    if made:
        print(f"Organisations créées : {made}")
    if done.sites or done.pages:
        seconds = time.monotonic() - started
        print(f"Sites de communes créés : {done.sites}, avec {done.pages} pages à compléter, en {seconds:.0f} s")
        print(f"  à <commune>.{base_host()} et /<commune>/ (voir docs/howto/sites-des-communes.md)")
    for name, error in done.refused:
        print(f"{name} :", file=sys.stderr)
        report(error, as_json=False)
    print("Ensuite : parvis import FICHIER, parvis user add ADRESSE --superuser, parvis serve")


def _start(territory: Territory) -> Started:
    """The face of the main site, when it has none, and the sites of the communes."""
    is_faceless = not _has_face()
    if is_faceless:
        face = {"name": territory.name[:80], "territory": territory, "organisation": keeper_of(territory)}
        set_face(OPERATOR, main_site(), **face)
    done = start_sites(OPERATOR, communes_under(territory), base_host(), starter_pages(), tell)
    if done.sites or is_faceless:
        ask_to_count(None)
    return done


def communes_under(territory: Territory) -> list[Territory]:
    """The communes that get a site of their own: those of an intercommunal body, not those of a department."""
    return list(children(territory)) if territory.kind in WITH_COMMUNES else []


def tell(done: int, total: int, name: str) -> None:
    """Progress, on a terminal."""
    if sys.stderr.isatty():
        print(f"\r\x1b[2K{bar(done, total)} {done + 1}/{total} {name[:60]}", end="", file=sys.stderr, flush=True)


def base_host() -> str:
    """The host name of the portal; ``localhost`` while it has only an address in numbers."""
    host = urlsplit(settings.PARVIS["PARVIS_BASE_URL"]).hostname or ""
    return host if any(letter.isalpha() for letter in host) else "localhost"


def _with_members(chosen: Iterable[Territory]) -> Iterator[Territory]:
    """Each territory, then its communes when it is an intercommunal body."""
    for territory in chosen:
        yield territory
        yield from communes_under(territory)


def _has_face() -> bool:
    site = main_site()
    return getattr(site, "siteface", None) is not None and site.siteface.territory_id is not None
