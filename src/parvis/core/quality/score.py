"""One score out of 100: the weighted mean of the criteria that apply, and where each point lost went."""

from __future__ import annotations

from dataclasses import dataclass

from parvis.core.quality.criteria import CRITERIA, Criterion, Loss
from parvis.core.quality.facts import Around, Measures


@dataclass(frozen=True, slots=True)
class Mark:
    """One criterion of one version: its share (0 to 1, None when it does not apply), points had and points possible.

    ``losses``: what was lost, in points of the score, most first.
    """

    criterion: Criterion
    share: float | None
    points: float
    most: float
    losses: tuple[tuple[Loss, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """The score of a version, from 0 to 100, and the mark of each criterion in the order of ``CRITERIA``."""

    value: float
    marks: tuple[Mark, ...]

    @property
    def to_do(self) -> list[tuple[Criterion, Loss, float]]:
        """What would bring points back, most first."""
        every = [(mark.criterion, loss, points) for mark in self.marks for loss, points in mark.losses]
        return sorted(every, key=lambda row: (-row[2], row[0].name, row[1].subject))


def score(measures: Measures, around: Around) -> Score:
    """The score: the sum over the criteria that apply of weight x share, divided by the sum of their weights, times 100."""
    evaluated = [(criterion, criterion.losses(measures, around)) for criterion in CRITERIA]
    weights = sum(criterion.weight for criterion, losses in evaluated if losses is not None)
    marks = []
    for criterion, losses in evaluated:
        if losses is None or not weights:
            marks.append(Mark(criterion, None, 0.0, 0.0))
            continue
        most = 100 * criterion.weight / weights
        share = max(1 - sum(loss.share for loss in losses), 0.0)
        lost_points = sorted(((loss, loss.share * most) for loss in losses), key=lambda row: (-row[1], row[0].subject))
        marks.append(Mark(criterion, share, share * most, most, tuple(lost_points)))
    return Score(round(sum(mark.points for mark in marks), 1), tuple(marks))
