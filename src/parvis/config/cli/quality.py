"""``parvis quality``: the score of a dataset, where its points went, what would bring them back."""

from __future__ import annotations

import json
from argparse import Namespace
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, ClassVar

from parvis.config.cli.progress import spaced
from parvis.core.errors import RequestError
from parvis.core.translation import gettext_noop
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.selectors import public_dataset
from parvis.hub.datastore.selectors import shape_of
from parvis.hub.jobs.services import run_here
from parvis.hub.quality.kinds import MEASURE
from parvis.hub.quality.messages import to_do
from parvis.hub.quality.selectors import QualityReport, quality_report

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

SHOWN = 10


class NotMeasured(RequestError):
    """The version's folder is gone: nothing can be measured."""

    code: ClassVar[str] = "quality-unmeasured"
    sentence: ClassVar[str] = gettext_noop("« {id} » ne peut pas être mesuré : le dossier de sa version manque.")
    advice: ClassVar[str] = gettext_noop("Lancez parvis doctor, puis restaurez depuis une sauvegarde.")


def run(args: Namespace) -> None:
    """Measure the version online when it is not yet, reckon its score now, and tell."""
    dataset = public_dataset(OPERATOR, args.dataset_id)
    run_here(OPERATOR, MEASURE, version=dataset.current_id)
    quality = quality_report(dataset.current)
    if quality is None:
        raise NotMeasured(id=dataset.dataset_id)
    facts = _facts(dataset, quality)
    if args.json:
        print(json.dumps(facts, ensure_ascii=False))
        return
    print(f"{dataset.title} : {_points(quality.score.value)} sur 100")
    for row in facts["criteria"]:
        share = (
            "ne compte pas" if row["share"] is None else f"{_points(row['points'])} points sur {_points(row['most'])}"
        )
        print(f"  {row['label']} : {share}")
    for task in facts["to_do"][:SHOWN]:
        print(f"  + {_points(task['points'])} pt : {task['found']} {task['advice']}")
    left = len(facts["to_do"]) - SHOWN
    if left > 0:
        print(f"  … et {spaced(left)} autres choses, de moindre poids (--json les donne toutes)")


def _facts(dataset: Dataset, quality: QualityReport) -> dict[str, Any]:
    labels = {column.name: column.label for column in shape_of(dataset)}
    tasks = [asdict(to_do(criterion, loss, points, labels)) for criterion, loss, points in quality.score.to_do]
    return {
        "dataset_id": dataset.dataset_id,
        "version": dataset.current.name,
        "score": quality.score.value,
        "criteria": [
            {
                "name": mark.criterion.name,
                "label": mark.criterion.label,
                "weight": mark.criterion.weight,
                "share": mark.share,
                "points": round(mark.points, 2),
                "most": round(mark.most, 2),
            }
            for mark in quality.score.marks
        ],
        "to_do": [{**task, "points": round(task["points"], 2)} for task in tasks],
        "measures": quality.measures.to_dict(),
        "around": quality.around.to_dict(),
    }


def _points(value: float) -> str:
    return f"{value:.1f}".replace(".", ",").removesuffix(",0")
