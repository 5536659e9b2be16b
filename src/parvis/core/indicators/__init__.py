"""Indicators: definitions, formulas, states. What is asked of datasets is ODSQL; nothing is read here."""

from parvis.core.indicators.assessment import PERIOD, TERRITORY, VALUE, State, is_better, question_of, state_of
from parvis.core.indicators.bounds import Bound, Side
from parvis.core.indicators.definition import COMPUTING, POPULATION, Definition, Part
from parvis.core.indicators.errors import BadBound, BadFormula, BadIndicator, TooManyValues
from parvis.core.indicators.formula import compute, names_of

__all__ = [
    "COMPUTING",
    "PERIOD",
    "POPULATION",
    "TERRITORY",
    "VALUE",
    "BadBound",
    "BadFormula",
    "BadIndicator",
    "Bound",
    "Definition",
    "Part",
    "Side",
    "State",
    "TooManyValues",
    "compute",
    "is_better",
    "names_of",
    "question_of",
    "state_of",
]
