"""Indicators: definitions, formulas, states. What is asked of datasets is ODSQL; nothing is read here."""

from parvis.core.indicators.assessment import PERIOD, TERRITORY, VALUE, State, is_better, question_of, state_of
from parvis.core.indicators.bounds import Bound, Side
from parvis.core.indicators.definition import COMPUTING, POPULATION, Definition, Part
from parvis.core.indicators.errors import BadBound, BadFormula, BadIndicator, TooManyValues
from parvis.core.indicators.faults import Fault, fault_of, faults_of
from parvis.core.indicators.figures import Cause, Figure, Key, figures_of
from parvis.core.indicators.formula import compute, names_of
from parvis.core.indicators.series import Series, of_one_place

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
    "Cause",
    "Definition",
    "Fault",
    "Figure",
    "Key",
    "Part",
    "Series",
    "Side",
    "State",
    "TooManyValues",
    "compute",
    "fault_of",
    "faults_of",
    "figures_of",
    "is_better",
    "names_of",
    "of_one_place",
    "question_of",
    "state_of",
]
