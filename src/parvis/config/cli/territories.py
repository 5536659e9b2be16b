"""``parvis territories``: the communes, intercommunal bodies, departments and regions that the portal knows."""

from __future__ import annotations

import hashlib
import json
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

from parvis.config.cli.instance import alone
from parvis.config.cli.main import DONE
from parvis.core.children import call
from parvis.core.errors import NotFound
from parvis.core.geo.territory_files import LINES, read_territories
from parvis.hub import conf
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.datastore.confined import confined
from parvis.hub.search.writing import write_changes
from parvis.hub.territories.services import load_reference, use_shipped_reference
from parvis.hub.territories.updates import Changes, update_territories

SECONDS = 3600.0
SHOWN = 30
"""Changes told one by one on a terminal; ``--json`` gives all of them."""


def run(args: Namespace) -> int:
    """Bring the territories to the files given, or back to those shipped."""
    with alone(conf.home(), "territories"):
        if args.shipped:
            use_shipped_reference(OPERATOR)
            print(f"Territoires livrés avec Parvis remis en place : {load_reference(OPERATOR)} écrits")
        for name in args.files:
            _update(Path(name), args)
        if not args.dry_run:
            write_changes()
    return DONE


def _update(path: Path, args: Namespace) -> None:
    if not path.is_file():
        raise NotFound(name=str(path))
    with confined(path.name, path.resolve(), seconds=SECONDS) as (work, permits):
        kind = call(read_territories, path.resolve(), work, name=path.name, permits=permits)
        with path.open("rb") as stream:
            revision = hashlib.file_digest(stream, "sha256").hexdigest()
        with (work / LINES).open(encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
    changes = update_territories(
        OPERATOR,
        kind,
        rows,
        source=path.name,
        revision=revision,
        population_year=args.population_year,
        dry_run=args.dry_run,
    )
    _tell(path.name, len(rows), changes, args)


def _tell(name: str, rows: int, changes: Changes, args: Namespace) -> None:
    facts: dict[str, Any] = {
        "file": name,
        "rows": rows,
        "dry_run": args.dry_run,
        "created": changes.created,
        "changed": changes.changed,
        "merged": [list(pair) for pair in changes.merged],
        "contours": changes.contours,
        "still_named": changes.still_named,
        "population_year": changes.population_year,
    }
    if args.json:
        print(json.dumps(facts, ensure_ascii=False))
        return
    print(f"{name} : {rows} territoires lus")
    lists = {
        "créés": changes.created,
        "modifiés": changes.changed,
        "réunis": [f"{gone} → {heir}" for gone, heir in changes.merged],
        "contours redessinés": changes.contours,
        "disparus, mais gardés : un site ou une organisation en dépend": changes.still_named,
    }
    for word, names in lists.items():
        if names:
            more = f" … et {len(names) - SHOWN} autres" if len(names) > SHOWN else ""
            print(f"  {len(names)} {word} : {', '.join(names[:SHOWN])}{more}")
    if changes.population_year:
        print(f"  populations de {changes.population_year} (une autre année se dit par --population-year)")
    if not changes.total:
        print("  rien à changer")
    elif args.dry_run:
        print("Essai : rien n’a été écrit.", file=sys.stderr)
