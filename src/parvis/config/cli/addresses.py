"""``parvis addresses``: the addresses that geocoding reads."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path

from parvis.config.cli.main import DONE
from parvis.config.cli.progress import counted
from parvis.core.errors import NotFound
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.datastore.services.addresses import clear_addresses, load_addresses


def run(args: Namespace) -> int:
    """Load a file of addresses, or remove those there are."""
    if args.act == "clear":
        clear_addresses(OPERATOR)
        print(json.dumps({"addresses": 0}) if args.json else "Adresses retirées.")
        return DONE
    path = Path(args.file).resolve()
    if not path.is_file():
        raise NotFound(name=args.file)
    count = load_addresses(OPERATOR, path)
    print(
        json.dumps({"addresses": count})
        if args.json
        else f"{path.name} : {counted(count, 'adresse')}, prêtes pour géocoder."
    )
    return DONE
