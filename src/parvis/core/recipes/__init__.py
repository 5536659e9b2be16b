"""Recipes: the steps of a dataset as a text that people read, keep and write (TOML), checked, and told in sentences."""

from parvis.core.recipes.reading import BadRecipe, Recipe, read_recipe
from parvis.core.recipes.sentences import step_sentence, step_sentences
from parvis.core.recipes.writing import write_recipe

__all__ = ["BadRecipe", "Recipe", "read_recipe", "step_sentence", "step_sentences", "write_recipe"]
