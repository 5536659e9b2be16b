"""``parvis republish``: what an organisation has on data.gouv.fr, what would be sent, and sending it."""

from __future__ import annotations

import json
from argparse import Namespace
from typing import Any

from parvis.config.cli.main import COULD_NOT, DONE
from parvis.config.cli.organisations import find_organisation
from parvis.config.cli.progress import Bar
from parvis.core.errors import NotFound
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.jobs.services import run_here
from parvis.hub.republication.kinds import SEND
from parvis.hub.republication.portals import portal_of
from parvis.hub.republication.rules import Stopped, UnderWay
from parvis.hub.republication.selectors import is_busy, item_facts, portal_facts

WORDS = {
    "created": "créé",
    "changed": "changé",
    "unchanged": "inchangé",
    "retired": "retiré",
    "refused": "refusé",
    "left": "pas envoyé",
    "": "pas encore regardé",
}


def run(args: Namespace) -> int:
    """Do what the word after ``republish`` says; the status tells whether all went well."""
    portal = portal_of(OPERATOR, find_organisation(args.organisation))
    if portal is None:
        raise NotFound(name=f"envoi de « {args.organisation} »")
    is_trial = args.act == "dry-run"
    if args.act != "status":
        if is_busy(portal):
            raise UnderWay(name=portal.organisation.name)
        if not (is_trial or portal.active):
            raise Stopped(name=portal.organisation.name)
        bar = Bar(portal.organisation.name[:30])
        try:
            run_here(OPERATOR, SEND, bar, portal=portal.pk, dry=is_trial, pressed=True)
        finally:
            bar.close()
        portal.refresh_from_db()
    facts = {**portal_facts(portal), "items": item_facts(portal, trial=is_trial)}
    if args.json:
        print(json.dumps(facts, ensure_ascii=False))
    else:
        print("\n".join(_lines(facts, differences=is_trial)))
    return COULD_NOT if facts["error"] else DONE


def _lines(facts: dict[str, Any], *, differences: bool) -> list[str]:
    state = "en service" if facts["active"] else "arrêté"
    lines = [f"{facts['organisation']} → {facts['address']} ({facts['remote_organisation']}), {state}"]
    if facts["error"]:
        lines.append(f"  {facts['error']['message']} {facts['error']['hint']}")
    for row in facts["items"]:
        reason = f" : {row['error']['message']}" if row["error"] else ""
        kind = " (service)" if row["kind"] == "service" else ""
        lines.append(f"  {WORDS[row['outcome']]:<12} {row['title'] or row['dataset_id']}{kind}{reason}")
        for _gesture, title, rows in row["steps"] if differences else ():
            lines += [
                f"      {title} · {field} : « {there} » → « {here} »".replace("«  »", "« »")
                for field, there, here, _edited in rows
            ]
    return lines
