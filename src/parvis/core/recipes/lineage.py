"""Recipes among the steps that a dataset keeps, and what a lineage tells of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from parvis.core.recipes.reading import Recipe
from parvis.core.transforms import Step
from parvis.core.transforms.preparation.model import PREFIX


def with_recipe(steps: Iterable[Mapping[str, Any]], recipe: Recipe) -> list[dict[str, Any]]:
    """The steps of a dataset once it has that recipe: those of the recipe, then what was accepted otherwise (corrections, the columns
    of a schema, treatments of personal data), which no recipe takes away."""
    written = [step.to_dict() for step in recipe.steps]
    others = [dict(step) for step in steps if not str(step.get("name", "")).startswith(PREFIX)]
    return [*written, *(step for step in others if step not in written)]


def recipe_of(steps: Iterable[Mapping[str, Any]], title: str = "") -> Recipe:
    """All the steps of a dataset, as a recipe to be read and changed."""
    return Recipe(tuple(Step.from_dict(step) for step in steps), title)


def failures_of(lineage: Sequence[Mapping[str, Any]]) -> int:
    """On how many rows the steps of a version failed, each counted for each step."""
    return sum(int((outcome.get("details") or {}).get("failures") or 0) for outcome in lineage)
