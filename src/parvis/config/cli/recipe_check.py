"""``parvis recipe check`` and ``steps``: what a recipe says, and what it may say, on a machine with or without an instance."""

from __future__ import annotations

import importlib
import json
from argparse import Namespace
from collections.abc import Callable, Sequence

from parvis.config.cli.main import DONE
from parvis.config.cli.progress import counted
from parvis.config.cli.recipe_files import read_recipe_file
from parvis.core.errors import NotFound, OperationError
from parvis.core.recipes import step_sentences
from parvis.core.transforms import Step
from parvis.core.transforms.preparation.model import DATASET, Kind, bad
from parvis.core.transforms.preparation.table import PREPARATIONS, tables_read
from parvis.core.translation import Sentence


def run(args: Namespace) -> int:
    """Run the act."""
    return ACTS[args.act](args)


def check(args: Namespace) -> int:
    """The steps of a recipe in words; its first fault with its line when it has one."""
    recipe = read_recipe_file(args.recipe)
    _check_datasets(recipe.steps)
    sentences = step_sentences(recipe.steps)
    if args.json:
        print(json.dumps({"title": recipe.title, "steps": sentences}, ensure_ascii=False))
    else:
        print(f"{args.recipe} : {counted(len(sentences), 'étape')}")
        print("\n".join(f"  {rank}. {sentence}" for rank, sentence in enumerate(sentences, 1)))
    return DONE


def _check_datasets(steps: Sequence[Step]) -> None:
    """Raise BadStep for a dataset that the instance has not; nothing where there is no instance."""
    reading = [
        (rank, step, name)
        for rank, step in enumerate(steps, 1)
        for name in tables_read(step)
        if name.startswith(DATASET)
    ]
    if not reading:
        return
    try:
        importlib.import_module("parvis.config.cli.instance").open_instance(may_create=False)
    except OperationError:  # NoInstance: the import will tell
        return
    # Only now: they import models, which need Django to be set up.
    side_tables = importlib.import_module("parvis.hub.datastore.side_tables")
    operator = importlib.import_module("parvis.hub.accounts.rules").OPERATOR
    for rank, step, name in reading:
        try:
            side_tables.require_side_tables(operator, [step], None)
        except NotFound as error:
            reason = Sentence(
                "étape {rank}, réglage « dataset », aucun jeu avec des données ne s’appelle « {name} » dans cette instance",
                {"rank": rank, "name": name.removeprefix(DATASET)},
            )
            raise bad(step, reason) from error


def steps(_args: Namespace) -> int:
    """The steps that there are, each with its parameters."""
    for row in PREPARATIONS.values():
        print(f"{row.name} — {row.sentence}")
        for parameter in row.parameters:
            values = (
                f" ({', '.join(choice.value for choice in parameter.choices)})" if parameter.kind is Kind.CHOICE else ""
            )
            print(f"    {parameter.name}{'' if parameter.required else ' (facultatif)'} : {parameter.label}{values}")
    return DONE


ACTS: dict[str, Callable[[Namespace], int]] = {"check": check, "steps": steps}
"""What each act runs."""
