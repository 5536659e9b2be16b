"""The file of a recipe, read for any command."""

from __future__ import annotations

from pathlib import Path

from parvis.core.errors import NotFound
from parvis.core.recipes.reading import LONGEST, BadRecipe, Recipe, read_recipe
from parvis.core.translation import Sentence


def read_recipe_file(name: str) -> Recipe:
    """The recipe of a file; NotFound, BadRecipe."""
    return read_recipe(read_recipe_text(name))


def read_recipe_text(name: str) -> str:
    """The text of that file; NotFound, BadRecipe when it is none."""
    path = Path(name)
    if not path.is_file():
        raise NotFound(name=name)
    if path.stat().st_size > 4 * LONGEST:
        raise BadRecipe(line=1, reason=Sentence("elle est trop longue"))
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadRecipe(line=1, reason=Sentence("elle n’est pas en UTF-8")) from error
