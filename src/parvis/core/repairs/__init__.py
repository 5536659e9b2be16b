"""Corrections proposed for a table that does not follow its schema: shown before and after, accepted by a person, never silent."""

from parvis.core.repairs.detection import propose
from parvis.core.repairs.gaps import Gap, copy_step, fill_step, gaps
from parvis.core.repairs.messages import choice_text, proposal_text
from parvis.core.repairs.model import Choice, Proposal, Sample, cells_step, steps_of

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
