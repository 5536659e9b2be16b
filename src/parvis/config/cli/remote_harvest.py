"""``parvis --url ADRESSE harvest …``: sources of another portal, read there by its own workers."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from typing import Any

from parvis.config.cli.harvest_lines import item_line, preview_lines, run_lines, source_line, values_of
from parvis.config.cli.main import COULD_NOT, DONE
from parvis.config.cli.progress import Bar
from parvis.config.cli.remote_choices import NotRemote, organisation_where
from parvis.core.errors import NotFound
from parvis_client import Parvis, RunStopped


def run(portal: Parvis, args: Namespace) -> int:
    """Do what the word after ``harvest`` says."""
    act = ACTS.get(args.act)
    if act is None:
        raise NotRemote(what=f"harvest {args.act}")
    return act(portal, args)


def _add(portal: Parvis, args: Namespace) -> int:
    values = values_of(args)
    values["organisation"] = organisation_where(portal, args.organisation)
    # Never on the command line, which other users of the machine can read.
    access = {name: sys.stdin.readline().rstrip("\r\n") for name in args.header}
    if access:
        values["access"] = access
    if args.preview:
        facts = portal.preview_source(**values)
        return _print(args, facts, *preview_lines(facts))
    row = portal.create_source(**values)
    return _print(args, row, f"{row['source']} : {row['schedule_text']} — parvis --url … harvest run {row['source']}")


def _run(portal: Parvis, args: Namespace) -> int:
    bar = Bar(args.source[:30])

    def show(facts: Mapping[str, Any]) -> None:
        bar("read", facts["counts"].get("seen", 0), facts["total"])

    try:
        if args.resume:
            latest = next(portal.runs(args.source), None)
            if latest is None:
                raise NotFound(name=args.source)
            facts = portal.wait_run(portal.resume_run(latest["run"])["run"], progress=show)
        else:
            facts = portal.run_source(args.source, complete=args.complete, progress=show)
    except RunStopped as stopped:
        _print(args, stopped.run, *run_lines(stopped.run))
        return COULD_NOT
    finally:
        bar.close()
    return _print(args, facts, *run_lines(facts))


def _list(portal: Parvis, args: Namespace) -> int:
    facts = list(portal.sources())
    lines = [source_line(row) for row in facts]
    return _print(args, facts, *(lines or ["Aucune source. Pour commencer : parvis --url … harvest add ADRESSE"]))


def _show(portal: Parvis, args: Namespace) -> int:
    facts: dict[str, Any] = portal.source(args.source)
    lines = [f"{facts['source']} : {facts['title']} ({facts['url']}), {facts['schedule_text']}"]
    row = portal.run(args.run) if args.run else facts["latest_run"]
    if row is not None:
        items = list(portal.run_items(row["run"], args.outcome or ""))
        facts |= {"run": row, "items": items}
        lines += [*run_lines(row), *(item_line(item) for item in items)]
    return _print(args, facts, *lines)


ACTS: dict[str, Callable[[Parvis, Namespace], int]] = {"add": _add, "run": _run, "list": _list, "show": _show}


def _print(args: Namespace, facts: object, *lines: str) -> int:
    print(json.dumps(facts, ensure_ascii=False) if args.json else "\n".join(lines))
    return DONE
