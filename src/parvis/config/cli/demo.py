"""``parvis demo``: a filled portal from the files shipped with Parvis."""

from __future__ import annotations

import secrets
import sys
import time
from argparse import Namespace

from parvis.config.cli import serve
from parvis.config.cli.main import DONE, WRONG, report
from parvis.config.cli.progress import bar
from parvis.domains.indicators.services import load_rows
from parvis.hub.accounts.models import Person
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.accounts.services import add_superuser
from parvis.hub.datastore.services import recover
from parvis.hub.packs.contents import load_contents
from parvis.hub.packs.services import load_demo
from parvis.hub.sites.services import main_site
from parvis.packs.reading import demo_charts, demo_indicators, demo_maps, demo_pages

ADMINISTRATOR = "admin@parvis.example"


def run(args: Namespace) -> int:
    """Load what is missing of the demonstration, then serve unless told not to."""
    started = time.monotonic()
    if not args.no_serve:
        serve.require_free(args.host, args.port)  # rather than after minutes of loading
    recover()
    loaded = load_demo(OPERATOR, _tell)
    load_rows(OPERATOR, demo_indicators())
    told = load_contents(OPERATOR, main_site(), charts=demo_charts(), maps=demo_maps(), pages=demo_pages())
    if sys.stderr.isatty():
        print("\r\x1b[2K", end="", file=sys.stderr)
    refused = (*loaded.refused, *told.refused)
    for name, error in refused:
        print(f"{name} :", file=sys.stderr)
        report(error, as_json=False)
    seconds = time.monotonic() - started
    print(f"Démonstration : {len(loaded.imported)} jeux importés, {len(loaded.left)} déjà là, en {seconds:.0f} s.")
    print(f"{len(told.charts)} graphiques, {len(told.maps)} cartes et {len(told.pages)} pages composés.")
    _administrator()
    if args.no_serve:
        return WRONG if refused else DONE
    return serve.run(args)


def _tell(done: int, total: int, title: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\x1b[2K{bar(done, total)} {done + 1}/{total} {title[:60]}", end="", file=sys.stderr, flush=True)


def _administrator() -> None:
    """An administrator with a password made for the occasion, printed once."""
    if Person.objects.filter(is_superuser=True).exists():
        return
    password = secrets.token_urlsafe(12)
    add_superuser(OPERATOR, ADMINISTRATOR, password)
    print(f"Back-office : /admin/, adresse {ADMINISTRATOR}, mot de passe {password} (affiché cette seule fois).")
