"""``parvis harvest``: sources that are read by themselves, tried, read here or when somebody calls, shown item by item."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from typing import TYPE_CHECKING, Any

from parvis.config.cli.harvest_lines import item_line, preview_lines, run_lines, source_line, values_of
from parvis.config.cli.main import COULD_NOT, DONE
from parvis.config.cli.organisations import organisation_for
from parvis.config.cli.progress import Bar
from parvis.core.errors import NotFound
from parvis.core.schedules import phrase
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.harvesting.hooks import (
    calls_of,
    hook_address,
    hook_of,
    make_hook,
    open_hook,
    remove_hook,
    renew_hook,
)
from parvis.hub.harvesting.preview import Preview, preview
from parvis.hub.harvesting.rules import RUN, State
from parvis.hub.harvesting.selectors import (
    SHOWN_CALLS,
    hook_facts,
    item_facts,
    items_of,
    latest_run,
    run_facts,
    source_facts,
    source_of,
    sources_managed_by,
)
from parvis.hub.harvesting.sources import begin_here, checked, reopen, save_source
from parvis.hub.jobs.services import reap, run_here

if TYPE_CHECKING:
    from parvis.hub.harvesting.models import Hook, Run


def run(args: Namespace) -> int:
    """Do what the word after ``harvest`` says."""
    return ACTS[args.act](args)


def _add(args: Namespace) -> int:
    organisation = organisation_for(args.organisation)
    values = values_of(args)
    if args.preview:
        return _preview(preview(checked(organisation, **values)), args)
    # Never on the command line, which other users of the machine can read.
    secrets = {name: sys.stdin.readline().rstrip("\r\n") for name in args.header}
    source = save_source(OPERATOR, organisation, secrets=secrets, **values)
    _print(
        args,
        source_facts(source),
        f"{source.slug} : {phrase(source.schedule).text('fr')} — parvis harvest run {source.slug}",
    )
    return DONE


def _preview(seen: Preview, args: Namespace) -> int:
    rows = [
        {
            "identifier": row.identifier,
            "title": row.title,
            "publisher": row.publisher,
            "licence": row.licence,
            "file": row.file,
            "reason": row.reason.text("fr") if row.reason else "",
        }
        for row in seen.items
    ]
    facts = {"items": rows, "refused": seen.refused, "total": seen.total}
    _print(args, facts, *preview_lines(facts))
    return DONE


def _run(args: Namespace) -> int:
    reap()  # a run whose process was killed can be resumed at once
    source = source_of(OPERATOR, args.source)
    latest = latest_run(source)
    if args.resume and latest is None:
        raise NotFound(name=args.source)
    row = reopen(OPERATOR, latest) if args.resume and latest else begin_here(OPERATOR, source, complete=args.complete)
    bar = _Told(source.title[:30], row)
    try:
        run_here(OPERATOR, RUN, bar, run=row.pk)
    finally:
        bar.close()
    row.refresh_from_db()
    facts = run_facts(row)
    _print(args, facts, *run_lines(facts))
    return DONE if row.state == State.DONE else COULD_NOT


class _Told(Bar):
    """A bar that says, on the error stream whatever it is, until when a server is waited for."""

    def __init__(self, name: str, row: Run) -> None:
        super().__init__(name)
        self._row, self._moment = row, row.resumes

    def __call__(self, stage: str, done: int, total: int | None = None) -> None:
        """The same, and the moment when it is another."""
        super().__call__(stage, done, total)
        if stage != "wait":
            return
        self._row.refresh_from_db(fields=["resumes"])
        moment = self._row.resumes
        if moment is not None and moment != self._moment:
            self._moment = moment
            self.close()
            slug = self._row.source.slug
            print(
                f"{slug} : attend le serveur de la source jusqu’à {moment.astimezone():%H:%M:%S}. "
                f"Ctrl-C arrête ; pour reprendre : parvis harvest run {slug} --resume",
                file=sys.stderr,
            )


def _list(args: Namespace) -> int:
    facts = [source_facts(source) for source in sources_managed_by(OPERATOR)]
    lines = [source_line(row) for row in facts]
    _print(args, facts, *(lines or ["Aucune source. Pour commencer : parvis harvest add ADRESSE --dialect GENRE"]))
    return DONE


def _show(args: Namespace) -> int:
    source = source_of(OPERATOR, args.source)
    row = source.runs.filter(pk=args.run).first() if args.run else latest_run(source)
    if row is None and args.run:
        raise NotFound(name=f"lecture {args.run}")
    facts: dict[str, Any] = source_facts(source)
    lines = [f"{source.slug} : {source.title} ({source.url}), {phrase(source.schedule).text('fr')}"]
    if row is not None:
        items = [item_facts(item) for item in items_of(row, args.outcome or "").iterator()]
        facts |= {"run": run_facts(row), "items": items}
        lines += run_lines(facts["run"])
        lines += [item_line(item) for item in items]
    _print(args, facts, *lines)
    return DONE


def _hook(args: Namespace) -> int:
    source = source_of(OPERATOR, args.source)
    hook, secret = hook_of(source), ""
    if args.make:
        secret = sys.stdin.readline().rstrip("\r\n") if args.secret else ""
        hook, secret = make_hook(OPERATOR, source, signed=args.make == "signed", secret=secret)
    elif hook is None:
        if args.renew or args.stop or args.start or args.remove:
            raise NotFound(name=args.source)
        _print(
            args,
            None,
            f"{source.slug} n’est pas lue à l’appel. Pour l’être : parvis harvest hook {source.slug} --make signed",
        )
        return DONE
    elif args.renew:
        secret = renew_hook(OPERATOR, hook)
    elif args.stop or args.start:
        open_hook(OPERATOR, hook, active=args.start)
    elif args.remove:
        remove_hook(OPERATOR, hook)
        _print(args, None, f"{source.slug} n’est plus lue à l’appel.")
        return DONE
    address = hook_address(hook, secret)
    facts = {**hook_facts(hook), "address": address, "secret": secret if hook.signed else ""}
    lines = [
        f"Adresse : {address}",
        f"Appels {'signés' if hook.signed else 'par adresse secrète'}, {_in_service(hook)}.",
    ]
    if secret:
        lines.append(
            f"Secret, montré une seule fois : {secret}" if hook.signed else "L’adresse n’est montrée qu’une fois."
        )
    lines += [
        f"{call.moment.astimezone():%Y-%m-%d %H:%M:%S}  {call.get_outcome_display()}{f' ({call.count} fois)' if call.count > 1 else ''}"
        for call in calls_of(hook)[:SHOWN_CALLS]
    ]
    _print(args, facts, *lines)
    return DONE


def _in_service(hook: Hook) -> str:
    return "en service" if hook.active else "arrêtés"


ACTS = {"add": _add, "run": _run, "list": _list, "show": _show, "hook": _hook}


def _print(args: Namespace, facts: object, *lines: str) -> None:
    if args.json:
        print(json.dumps(facts, ensure_ascii=False))
    else:
        print("\n".join(lines))
