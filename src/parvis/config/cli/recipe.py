"""``parvis recipe``: a recipe tried on a file, written from a dataset; ``recipe_check`` has what needs no instance."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path

from django.conf import settings

from parvis.config.cli.importing import READING
from parvis.config.cli.main import DONE, WRONG
from parvis.config.cli.progress import counted
from parvis.config.cli.recipe_files import read_recipe_file
from parvis.core.children import call
from parvis.core.errors import NotFound
from parvis.core.formats.options import ReadOptions
from parvis.core.ingest import Preview, preview
from parvis.core.ingest.preview import Rows
from parvis.core.recipes import step_sentences, write_recipe
from parvis.core.recipes.lineage import recipe_of
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.selectors import datasets_managed_by
from parvis.hub.datastore.aside_words import failure_label, step_labels
from parvis.hub.datastore.confined import confined
from parvis.hub.datastore.national import PREVIEWED, answered, unanswered
from parvis.hub.datastore.previews import SECONDS, STEP_SECONDS, slow_step
from parvis.hub.datastore.side_tables import SideTables, allowed_side_tables
from parvis.hub.datastore.tasks import step_secret

WIDEST, COLUMNS = 18, 8
"""Characters of a cell and columns of a table shown on a terminal."""


def run(args: Namespace) -> int:
    """Run the act."""
    return ACTS[args.act](args)


def _preview(args: Namespace) -> int:
    recipe, path = read_recipe_file(args.recipe), Path(args.file).resolve()
    if not path.is_file():
        raise NotFound(name=args.file)
    chosen = {name: getattr(args, name) for name in READING if getattr(args, name) is not None}

    def run(side: SideTables) -> Preview:
        read = (path, *side.files)
        with (
            confined(path.name, *read, seconds=SECONDS) as (work, permits),
            unanswered(work),
            slow_step(work, recipe.steps),
        ):
            return call(
                preview, path, name=path.name, work=work, steps=recipe.steps, options=ReadOptions(**chosen), tables=side.tables,
                secret=step_secret(), memory=settings.PARVIS["PARVIS_IMPORT_MEMORY"], permits=permits,
                seconds=STEP_SECONDS,
            )  # fmt: skip

    shown = answered(allowed_side_tables(OPERATOR, recipe.steps, None), run, most=PREVIEWED)
    if args.json:
        facts = {
            "headers": shown.after.headers,
            "rows": shown.after.cells,
            "failures": shown.failures,
            "error": shown.error,
        }
        print(json.dumps(facts, ensure_ascii=False))
    else:
        _show(recipe.steps, shown)
    return WRONG if shown.failed_step else DONE


def _show(steps: Sequence[object], shown: Preview) -> None:
    if shown.is_sample:
        print(f"(essai sur les {counted(shown.before.total, 'première ligne')})")
    for rank, (step, outcome) in enumerate(zip(step_sentences(steps), shown.outcomes, strict=False), 1):  # type: ignore[arg-type]
        failures = int(outcome["details"].get("failures") or 0)
        counts = [
            counted(outcome["cells"], "cellule") if outcome["cells"] else "",
            counted(failures, "échec") if failures else "",
        ]
        print(f"  {rank}. {step}" + (f" ({', '.join(filter(None, counts))})" if any(counts) else ""))
    labels = step_labels(shown.outcomes)
    for line, rank, column, value, reason in shown.failures[:20]:
        label = labels[rank - 1] if 0 < rank <= len(labels) else ""
        print(
            f"     ligne {line}, étape {rank} ({label}), « {column} » : « {value} » {failure_label(reason)} ({reason})"
        )
    if shown.failed_step:
        print(f"  {shown.failed_step}. {shown.error}")
    print(_table(shown.after))


def _table(rows: Rows) -> str:
    cut = [[_cell(text) for text in row[:COLUMNS]] for row in [rows.headers, *rows.cells]]
    more = f" … (+ {len(rows.headers) - COLUMNS})" if len(rows.headers) > COLUMNS else ""
    return "\n".join(" | ".join(row) + (more if not rank else "") for rank, row in enumerate(cut))


def _cell(text: str) -> str:
    line = " ".join(text.split())
    return (line if len(line) <= WIDEST else line[: WIDEST - 1] + "…").ljust(WIDEST)


def _show_recipe(args: Namespace) -> int:
    dataset = datasets_managed_by(OPERATOR).filter(dataset_id=args.dataset_id).first()
    if dataset is None:
        raise NotFound(name=args.dataset_id)
    print(write_recipe(recipe_of(dataset.steps, dataset.title)), end="")
    return DONE


ACTS: dict[str, Callable[[Namespace], int]] = {
    "preview": _preview,
    "show": _show_recipe,
}
"""What each act runs."""
