"""``parvis demo``: a filled portal from the files shipped with Parvis."""

from __future__ import annotations

import os
import secrets
import sys
import time
from argparse import Namespace

from django.conf import settings

from parvis.config.cli import serve
from parvis.config.cli.init import base_host, communes_under
from parvis.config.cli.instance import alone
from parvis.config.cli.main import DONE, WRONG, report
from parvis.config.cli.progress import bar
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.accounts.selectors import superusers
from parvis.hub.accounts.services import add_superuser
from parvis.hub.datastore.selectors import close_engine
from parvis.hub.datastore.services import recover
from parvis.hub.datastore.services.imports import ask_to_count
from parvis.hub.fulltext.writing import write_changes as write_documents
from parvis.hub.packs.contents import load_contents
from parvis.hub.packs.filling import filling
from parvis.hub.packs.homes import load_homes
from parvis.hub.packs.services import demo_progress, load_demo
from parvis.hub.packs.site_creation import Started, start_sites
from parvis.hub.registry import modules
from parvis.hub.search.writing import write_changes
from parvis.hub.served_address import LOOPBACK
from parvis.hub.sites.services import main_site, make_site, set_face
from parvis.hub.territories.selectors import by_code
from parvis.packs.bundled_files import (
    demo_charts,
    demo_homes,
    demo_maps,
    demo_pack,
    demo_pages,
    starter_pages,
)

ADMINISTRATOR = "admin@parvis.example"
FOUND_SECONDS = 5.0
"""How soon a dataset that came in is found by searches, while the demonstration is loaded."""


def run(args: Namespace) -> int:
    """Load what is missing of the demonstration; unless told not to, the portal is open meanwhile and afterwards."""
    if args.no_serve:
        is_whole = _load()
        _administrator()
        return DONE if is_whole else WRONG
    serve.require_free(args.host, args.port)
    if args.host in LOOPBACK and not settings.PARVIS["PARVIS_SECURE"]:
        settings.PARVIS["PARVIS_SUPERUSER_SECOND_FACTOR"] = False
    serve.settle_address(args.host, args.port)
    _administrator()
    present, total = demo_progress()
    if present < total:
        filling.tell(present, total)
    serve.run(args, beforehand=_fill)
    return DONE


def _fill(parent: int) -> None:
    """Load while the portal is open: pages that somebody waits for go first, and each dataset is soon found."""
    os.nice(settings.PARVIS["PARVIS_WORKER_NICENESS"])
    try:
        _load()
        serve.ask_for_background_work()
    finally:
        close_engine()


def _load() -> bool:
    """Load what is missing, and say what was; False when some of it was refused."""
    started = time.monotonic()
    with alone(settings.PARVIS_HOME, "sites"):
        recover()
        loaded = load_demo(OPERATOR, _Progress())
        for module in modules():
            if module.demo is not None:
                module.demo()
        started_sites = _sites()
        contents = load_contents(OPERATOR, main_site(), charts=demo_charts(), maps=demo_maps(), pages=demo_pages())
        load_homes(OPERATOR, demo_homes())
        write_changes()  # the first search need not wait for it
        write_documents()
    if sys.stderr.isatty():
        print("\r\x1b[2K", end="", file=sys.stderr)
    refused = (*loaded.refused, *started_sites.refused, *contents.refused)
    for name, error in refused:
        print(f"{name} :", file=sys.stderr)
        report(error, as_json=False)
    seconds = time.monotonic() - started
    print(f"Démonstration : {len(loaded.imported)} jeux importés, {len(loaded.left)} déjà là, en {seconds:.0f} s.")
    print(f"{len(contents.charts)} graphiques, {len(contents.maps)} cartes et {len(contents.pages)} pages composés.")
    print(f"{started_sites.sites} sites de communes créés, avec {started_sites.pages} pages à compléter.", flush=True)
    return not refused


class _Progress:
    """Tells the terminal and the portal how far the datasets are, and has those that came in found by searches."""

    def __init__(self) -> None:
        self._written = time.monotonic()

    def __call__(self, done: int, total: int, title: str) -> None:
        _report(done, total, title)
        if filling.stage:
            filling.tell(done, total)
            if time.monotonic() - self._written >= FOUND_SECONDS:
                write_changes()
                self._written = time.monotonic()


def _sites() -> Started:
    """The sites of the communes of the main territory, and the other sites of the pack with their own words."""
    main, *others = demo_pack().sites
    communes = [*communes_under(by_code(*main.territory)), *(by_code(*demo_site.territory) for demo_site in others)]
    done = start_sites(OPERATOR, communes, base_host(), starter_pages(), _report)
    for demo_site in others:
        site = make_site(OPERATOR, by_code(*demo_site.territory), "", parent=main_site())
        set_face(OPERATOR, site, name=demo_site.title[:80], tagline=demo_site.tagline[:200])
    if done.sites:
        ask_to_count(None)
    return done


def _report(done: int, total: int, title: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\x1b[2K{bar(done, total)} {done + 1}/{total} {title[:60]}", end="", file=sys.stderr, flush=True)


def _administrator() -> None:
    """An administrator with a password made for the occasion, printed once."""
    if superusers().exists():
        return
    password = secrets.token_urlsafe(12)
    add_superuser(OPERATOR, ADMINISTRATOR, password)
    print(f"Back-office : /admin/, adresse {ADMINISTRATOR}, mot de passe {password} (affiché cette seule fois).")
    if not settings.PARVIS["PARVIS_SUPERUSER_SECOND_FACTOR"]:
        print("La démonstration, sur cette machine, se passe de second facteur ; parvis serve en demande un.")
