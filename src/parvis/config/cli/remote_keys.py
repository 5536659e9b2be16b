"""``parvis --url ADRESSE key …``: the keys of the organisation of another portal, by one that administers it."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from parvis.config.cli.main import DONE
from parvis.config.cli.remote_choices import NotRemote, organisation_where
from parvis.core.errors import NotFound
from parvis_client import Parvis

MOST_DAYS = 366


def run(portal: Parvis, args: Namespace) -> int:
    """Create, list or revoke keys."""
    return ACTS[args.act](portal, args)


def _create(portal: Parvis, args: Namespace) -> int:
    limits: dict[str, Any] = {"organisation": organisation_where(portal, args.organisation), "datasets": args.dataset}
    if args.expires:
        limits["expires"] = _day(args.expires)
    made = portal.create_key(args.name, args.scope, **limits)
    if made["person"].lower() != args.person.lower():  # a key makes none of somebody else's
        portal.revoke_key(made["id"])
        raise NotRemote(what=f"key create --person {args.person}")
    lines = (
        f"Clé n° {made['id']} créée pour {made['person']} : {made['name']}",
        f"Clé (affichée cette seule fois) : {made['key']}",
    )
    print(json.dumps(made, ensure_ascii=False) if args.json else "\n".join(lines))
    return DONE


def _list(portal: Parvis, args: Namespace) -> int:
    every = portal.keys()
    rows = [row for row in every if args.person in (None, row["person"])]
    if args.json:
        print(json.dumps(rows, ensure_ascii=False))
        return DONE
    for row in rows:
        print(f"{row['id']}\t{row['start']}…\t{row['name']}\t{row['person']}\t{row['scope']}\t{_state(row)}")
    return DONE


def _revoke(portal: Parvis, args: Namespace) -> int:
    start, every = args.key.rstrip("…"), portal.keys()
    rows = [row for row in every if start in (str(row["id"]), row["start"])]
    if len(rows) != 1:
        raise NotFound(name=args.key)
    row = portal.revoke_key(rows[0]["id"])
    print(json.dumps(row, ensure_ascii=False) if args.json else f"Clé n° {row['id']} révoquée : {row['name']}")
    return DONE


ACTS = {"create": _create, "list": _list, "revoke": _revoke}


def _day(text: str) -> str:
    """The last day of use, of a date or of a number of days."""
    if text.isascii() and text.isdigit() and 0 < int(text[:9]) <= MOST_DAYS:
        return (date.today() + timedelta(days=int(text))).isoformat()  # noqa: DTZ011 the day of who asks
    return text


def _state(row: Mapping[str, Any]) -> str:
    if not row["live"]:
        return "révoquée ou expirée"
    return f"jusqu’au {row['expires'][:10]}" if row["expires"] else "en service"
