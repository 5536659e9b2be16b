"""What a proposal is: cells that could be written otherwise, how sure that is, and the step that does it once accepted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from parvis.core.readings.model import Certainty
from parvis.core.transforms import Step


@dataclass(frozen=True, slots=True)
class Sample:
    """A cell before and after: ``line`` of the source; ``valid`` says whether the field would then take it."""

    line: int
    before: str
    after: str
    valid: bool

    def to_dict(self) -> dict[str, Any]:
        """JSON-able form."""
        return {"line": self.line, "before": self.before, "after": self.after, "valid": self.valid}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several meanings, for a person to choose: the name of the variant, and the same cells read so."""

    variant: str
    valid: int
    samples: tuple[Sample, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """Cells of one column that could be put right in one way.

    ``code`` is the name of the transform without ``mend.``; ``variant`` how cells were read; ``count`` cells (or rows, or columns)
    concerned, ``valid`` those that the schema would take afterwards. ``choices`` is filled when the person must choose among
    meanings. ``parameters`` are those of the step; nothing LOST has any.
    """

    code: str
    variant: str
    column: str
    count: int
    valid: int
    certainty: Certainty
    samples: tuple[Sample, ...] = ()
    choices: tuple[Choice, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    partial: bool = False
    """The column has too many distinct texts to look at them all: there are more cells than ``count``."""

    @property
    def key(self) -> str:
        """What names the proposal among those of the same table: stable from one examination to the next."""
        return f"{self.code}|{self.column}|{self.variant}"

    @property
    def can_be_accepted(self) -> bool:
        """False for what is lost: it is told, nothing is proposed in its place."""
        return self.certainty is not Certainty.LOST

    def step(self, choice: str = "") -> Step | None:
        """The step that does it for all cells of this kind; None when nothing can be done, or when no choice was made of several."""
        if not self.can_be_accepted or (self.choices and choice not in {option.variant for option in self.choices}):
            return None
        parameters = dict(self.parameters)
        if "variants" in parameters:
            parameters["variants"] = [choice or self.variant]
        return Step(f"mend.{self.code}", parameters)

    def to_dict(self) -> dict[str, Any]:
        """JSON-able form, with the step or, when there is a choice, the step of each."""
        step = self.step()
        return {
            "key": self.key,
            "code": self.code,
            "variant": self.variant,
            "column": self.column,
            "count": self.count,
            "valid": self.valid,
            "certainty": str(self.certainty),
            "samples": [sample.to_dict() for sample in self.samples],
            "choices": [self._choice(option) for option in self.choices],
            "step": step.to_dict() if step else None,
            "partial": self.partial,
        }

    def _choice(self, option: Choice) -> dict[str, Any]:
        step = self.step(option.variant)
        samples = [sample.to_dict() for sample in option.samples]
        return {
            "variant": option.variant,
            "valid": option.valid,
            "samples": samples,
            "step": step.to_dict() if step else None,
        }


def cells_step(column: str, changes: Iterable[Sample]) -> Step:
    """The step that changes single cells of a column, accepted one by one."""
    return Step(
        "mend.cells",
        {"column": column, "changes": [{"line": s.line, "before": s.before, "after": s.after} for s in changes]},
    )


_ORDER = {"mend.empty_rows": -2, "mend.empty_columns": -1, "mend.identical_rows": 1, "mend.headers": 2}
"""When a step comes among the others (0)."""


def steps_of(accepted: Sequence[tuple[Proposal, str]]) -> tuple[Step, ...]:
    """The steps of the proposals accepted, each with its choice (empty when there is none to make), in an order that holds:
    headers last, since other steps name columns by the header they have now; variants of one reading on one column together.
    """
    steps: list[Step] = []
    merged: dict[tuple[str, str, str], int] = {}
    for proposal, choice in accepted:
        step = proposal.step(choice)
        if step is None:
            continue
        rest = {name: value for name, value in step.parameters.items() if name != "variants"}
        place = (step.name, proposal.column, repr(sorted(rest.items(), key=lambda pair: pair[0])))
        if place in merged and "variants" in step.parameters:
            before = steps[merged[place]]
            variants = [*before.parameters["variants"], *step.parameters["variants"]]
            steps[merged[place]] = Step(step.name, {**before.parameters, "variants": list(dict.fromkeys(variants))})
            continue
        merged[place] = len(steps)
        steps.append(step)
    return tuple(sorted(steps, key=lambda step: _ORDER.get(step.name, 0)))
