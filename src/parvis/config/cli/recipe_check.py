"""``parvis recipe check`` and ``steps``: what a recipe says, and what it may say, on a machine without an instance."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Callable

from parvis.config.cli.main import DONE
from parvis.config.cli.progress import counted
from parvis.config.cli.recipe_files import read_recipe_file
from parvis.core.recipes import step_sentences
from parvis.core.transforms.preparation.model import Kind
from parvis.core.transforms.preparation.table import PREPARATIONS


def run(args: Namespace) -> int:
    """Run the act."""
    return ACTS[args.act](args)


def check(args: Namespace) -> int:
    """The steps of a recipe in words; its first fault with its line when it has one."""
    recipe = read_recipe_file(args.recipe)
    sentences = step_sentences(recipe.steps)
    if args.json:
        print(json.dumps({"title": recipe.title, "steps": sentences}, ensure_ascii=False))
    else:
        print(f"{args.recipe} : {counted(len(sentences), 'étape')}")
        print("\n".join(f"  {rank}. {sentence}" for rank, sentence in enumerate(sentences, 1)))
    return DONE


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
