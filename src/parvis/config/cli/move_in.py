"""``parvis move-in``: a whole portal comes here, then is compared value by value with what is there.

A move is a source like another (``hub.harvesting``): the same command takes it up where it was cut, and brings differences later on.
"""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from parvis.config.cli.harvest_lines import run_lines
from parvis.config.cli.main import COULD_NOT, DONE, WRONG
from parvis.config.cli.organisations import organisation_for
from parvis.config.cli.progress import Bar, counted, spaced
from parvis.core.children import call
from parvis.core.errors import Cancelled, NotFound, OperationError
from parvis.core.sources.word_tables import name_to_make, read_words, words_csv
from parvis.core.translation import gettext_noop
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.datastore.confined import confined
from parvis.hub.harvesting.asking import sealed
from parvis.hub.harvesting.move_kinds import kind_of_portal, shown_as
from parvis.hub.harvesting.move_reports import is_same, report_csv, report_of
from parvis.hub.harvesting.move_rest import leave_parts_out
from parvis.hub.harvesting.move_services import (
    former_move,
    go_on,
    known_kind,
    made_organisations,
    move_values,
    secrets_for,
    try_move,
)
from parvis.hub.harvesting.rules import RUN, State
from parvis.hub.harvesting.selectors import run_facts
from parvis.hub.harvesting.sources import checked, save_source
from parvis.hub.jobs.services import reap, run_here
from parvis.hub.moving.reports import planned_facts, planned_lines, rest_csv, rest_lines
from parvis.hub.moving.rules import kinds_of
from parvis.hub.moving.selectors import rest_report

if TYPE_CHECKING:
    from parvis.hub.accounts.models import Organisation
    from parvis.hub.harvesting.models import Run, Source
    from parvis.hub.harvesting.move_plans import Plan

SHOWN = 40
"""Datasets told one by one on the screen; all of them are in the report."""
STATES = {
    "same": "identiques",
    "different": "différents",
    "absent": "sans données ici",
    "unknown": "non comparés",
    "not-come": "non venus",
}


class MoveInterrupted(OperationError):
    """Somebody stopped it: Ctrl-C, or the work of the background that it is."""

    code: ClassVar[str] = "move-interrupted"
    sentence: ClassVar[str] = gettext_noop("L’emménagement est interrompu : ce qui est venu reste.")
    advice: ClassVar[str] = gettext_noop("Donnez la même commande : elle continue où celle-ci s’est arrêtée.")


def run(args: Namespace) -> int:
    """Tell what would come, or bring it and compare."""
    reap()  # a move whose process was killed goes on at once
    without = kinds_of(args.without)
    former = former_move(OPERATOR, args.url, args.kind or "")
    organisation = organisation_for(args.organisation) if args.organisation or former is None else former.organisation
    key = _text(args.key_file) if args.key_file else ""
    wishes = {
        "former": former,
        "each_table": args.each_table or None,
        "only": args.only,
        "without": args.unwanted,
        "licence": args.licence,
        "draft": args.draft,
        "ignore_robots": args.ignore_robots,
    }
    kind = args.kind or known_kind(former)
    kind = kind or _kind(args, _unsaved(organisation, former, key, move_values(args.url, **wishes)))
    values = move_values(args.url, kind=kind, **wishes)
    if args.dry_run:
        return _plan(args, organisation, former, key, values)
    if args.mapping:
        values["mapping"] = made_organisations(OPERATOR, _mapping(args.mapping))
    source = save_source(OPERATOR, organisation, former, secrets=secrets_for(key, values["dialect"]), **values)
    leave_parts_out(OPERATOR, source, without)
    row = _run(source)
    report = {**report_of(row), "rest": rest_report(source)}
    for path in args.report:
        _write(Path(path), report)
    if args.json:
        print(json.dumps({**run_facts(row), "report": report}, ensure_ascii=False))
    else:
        print("\n".join([*run_lines(run_facts(row)), *_lines(report, args)]))
    if row.state != State.DONE:
        return COULD_NOT
    return DONE if is_same(report) else WRONG


def _unsaved(organisation: Organisation, former: Source | None, key: str, values: Mapping[str, Any]) -> Source:
    """The source as it would be set, to be asked only."""
    source = checked(organisation, **values)
    if key:
        source.secrets = sealed(secrets_for(key, source.dialect) or {})
    elif former is not None:
        source.secrets = former.secrets
        source.secrets = shown_as(source, former.dialect, source.dialect)
    return source


def _kind(args: Namespace, source: Source) -> str:
    """The kind of the portal, recognised by what it answers, and told."""
    slug, reason = kind_of_portal(source)
    if not args.json:
        print(f"Reconnu : {reason.text('fr')}.")
    return slug


def _run(source: Source) -> Run:
    """The latest run goes on when it was cut; else another one."""
    row = go_on(OPERATOR, source, here=True)
    bar = Bar(source.title[:30])
    try:
        run_here(OPERATOR, RUN, bar, run=row.pk)
    except (KeyboardInterrupt, Cancelled) as error:
        raise MoveInterrupted from error
    finally:
        bar.close()
    row.refresh_from_db()
    return row


def _plan(args: Namespace, organisation: Organisation, former: Source | None, key: str, values: dict[str, Any]) -> int:
    if args.mapping and Path(args.mapping).exists():
        mapping = _mapping(args.mapping)
        pairs = mapping.get("organisations", {})
        mapping["organisations"] = {word: slug for word, slug in pairs.items() if name_to_make(slug) is None}
        values["mapping"] = mapping
    source = _unsaved(organisation, former, key, values)
    bar = Bar(source.title[:30])
    try:
        plan, rest = try_move(source, kinds_of(args.without), bar)
    finally:
        bar.close()
    proposed = plan.proposed()
    if args.mapping and not Path(args.mapping).exists():
        Path(args.mapping).write_text(words_csv(proposed), encoding="utf-8")
    if args.json:
        print(json.dumps({**_plan_facts(plan), "rest": planned_facts(rest)}, ensure_ascii=False))
    else:
        print("\n".join([*_plan_lines(plan, args), *planned_lines(rest)]))
    return DONE


def _plan_facts(plan: Plan) -> dict[str, Any]:
    facts = plan.facts()
    for fact, row in zip(facts["datasets"], plan.datasets, strict=True):
        fact["note"] = row.note.text("fr") if row.note else ""
    return facts


def _plan_lines(plan: Plan, args: Namespace) -> list[str]:
    coming = [row for row in plan.datasets if not row.is_left]
    rows, documents = sum(row.rows or 0 for row in coming), sum(row.documents for row in coming)
    lines = [f"{row.name}  {row.title} — {row.note.text('fr')}" for row in coming if row.note is not None][:SHOWN]
    lines.append(
        f"Viendraient : {counted(len(coming), 'jeu')}, {counted(rows, 'ligne')}, {counted(documents, 'document')} ; "
        f"laissés : {spaced(len(plan.datasets) - len(coming))} ; illisibles : {spaced(plan.refused)}."
    )
    lines += [f"{kind} « {word} » ({spaced(count)})" for kind, word, _slug, count in plan.proposed()[:SHOWN]]
    if args.mapping:
        lines.append(f"Correspondances à relire : {args.mapping}")
    return lines


def _lines(report: Mapping[str, Any], args: Namespace) -> list[str]:
    told_rows = [row for row in report["datasets"] if row["state"] != "same"][:SHOWN]
    lines = []
    for row in told_rows:
        parts = [f"{part['part']} {part['name']} : {part['there']} → {part['here']}" for part in row["differences"][:3]]
        more = [f"… ({spaced(row['count'])} différences)"] if row["count"] > 3 else []
        lines.append(
            "  ".join((f"{STATES[row['state']]:<16}", row["there"], " ; ".join([*parts, *more, *row["reasons"]])))
        )
    totals = ", ".join(f"{STATES[name]} {spaced(count)}" for name, count in report["totals"].items() if count)
    there, here = report["rows"]
    lines.append(f"Comparés : {totals or 'aucun jeu'} ; lignes là-bas {spaced(there)}, ici {spaced(here)}.")
    lines.append("N’a pas pu venir : " + ", ".join(row["what"] for row in report["out_of_reach"]) + ".")
    return lines + rest_lines(report["rest"]) + [f"Rapport : {path}" for path in args.report]


def _write(path: Path, report: Mapping[str, Any]) -> None:
    if path.suffix.lower() == ".csv":
        text = "".join([*report_csv(report), *rest_csv(report["rest"])])
        path.write_text(text, encoding="utf-8", newline="")
    else:
        path.write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")


def _mapping(path: str) -> dict[str, dict[str, str]]:
    try:
        body = Path(path).read_bytes()
    except FileNotFoundError as error:
        raise NotFound(name=path) from error
    with confined(path, seconds=20) as (_folder, permits):
        return call(read_words, body, path, permits=permits).mapping()


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise NotFound(name=path) from error
