"""Changes of a table between reading and typing that people accepted: mapped, mended, treated. The original never changes."""

from parvis.core.transforms.model import BadStep, Material, Outcome, Step, StepColumnMissing, Transform, UnknownStep
from parvis.core.transforms.rows import column_of, replace_cells, replace_rows
from parvis.core.transforms.steps import TRANSFORMS, apply_steps, hides_persons, transform_of

__all__ = [
    "TRANSFORMS",
    "BadStep",
    "Material",
    "Outcome",
    "Step",
    "StepColumnMissing",
    "Transform",
    "UnknownStep",
    "apply_steps",
    "column_of",
    "hides_persons",
    "replace_cells",
    "replace_rows",
    "transform_of",
]
