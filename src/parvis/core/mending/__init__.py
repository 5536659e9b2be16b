"""Corrections proposed for a table that does not follow its schema: shown before and after, accepted by a person, never silent."""

from parvis.core.mending.gaps import Gap, copy_step, fill_step, gaps
from parvis.core.mending.model import Choice, Proposal, Sample, cells_step, steps_of
from parvis.core.mending.proposing import propose
from parvis.core.mending.words import choice_text, proposal_text

__all__ = [
    "Choice",
    "Gap",
    "Proposal",
    "Sample",
    "cells_step",
    "choice_text",
    "copy_step",
    "fill_step",
    "gaps",
    "proposal_text",
    "propose",
    "steps_of",
]
