"""A gauge: where a figure stands against its target."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks
from wagtail.blocks import StructBlockValidationError

from parvis.hub.pages.block_values import Answers, Cells, Plan, Reader, Shown
from parvis.hub.pages.blocks.data import DATA_GROUP, finer
from parvis.hub.pages.blocks.figures import ASKED, FINER, FigureBlock, noted
from parvis.hub.pages.blocks.measured import written
from parvis.hub.ui.formatting import percent

WIDTH = 1000
"""Units of the drawing, whatever its width on screen."""


class GaugeBlock(FigureBlock):
    """A figure, a target, a bar between nothing and the larger of the two."""

    kind = "gauge"

    def __init__(self, local_blocks: Any = None, **kwargs: Any) -> None:
        own = (
            ("target", blocks.FloatBlock(label=gettext_lazy("Objectif"), required=False)),
            (
                "deadline",
                blocks.CharBlock(
                    label=gettext_lazy("Échéance"),
                    required=False,
                    max_length=60,
                    help_text=gettext_lazy("« fin 2027 », par exemple."),
                ),
            ),
            (
                "lower_is_better",
                blocks.BooleanBlock(label=gettext_lazy("L’objectif est un plafond à ne pas dépasser"), required=False),
            ),
        )
        super().__init__([*(local_blocks or ()), *own], **kwargs)

    class Meta:
        label = gettext_lazy("Jauge")
        icon = "gauge"
        group = DATA_GROUP
        description = gettext_lazy("Un chiffre comparé à son objectif.")
        label_format = "{label}"
        form_layout = blocks.BlockGroup([*ASKED, "target", "deadline", finer("lower_is_better", *FINER)])

    def clean(self, value: Any) -> Any:
        """A target is needed, unless the figure that is followed has its own."""
        cleaned = super().clean(value)
        if cleaned.get("target") is None and not cleaned.get("figure"):
            text = ValidationError(_("Donnez l’objectif, dans l’unité du chiffre."))
            raise StructBlockValidationError(block_errors={"target": text})
        return cleaned

    def shown(self, value: Any, plan: Plan, answers: Answers, reader: Reader) -> Shown:
        """The bar, the target, the share reached, in words."""
        figure = noted(value, plan, answers)
        own = value.get("target")
        target = figure.target if own is None else own
        target_text = figure.target_text if own is None else written(own, figure.unit)
        amount = figure.value
        largest = max(abs(amount or 0), abs(target or 0)) or 1
        share = amount / target if amount is not None and target else None
        facts = {
            "figure": figure,
            "target_text": target_text,
            "bar": str(round(WIDTH * max(amount or 0, 0) / largest)),
            "at": round(WIDTH * max(target or 0, 0) / largest) if target is not None else None,
            "share": percent(share, 0) if share is not None else "",
            "verdict": _verdict(
                amount, target, value.get("lower_is_better") or (own is None and figure.lower_is_better)
            ),
        }
        cells = Cells(
            (_("chiffre"), _("valeur"), _("objectif"), _("unité"), _("échéance")),
            [(figure.label, amount, target, figure.unit, value.get("deadline") or "")],
        )
        sentence = f"{figure.label} : {figure.text}" + (" ; " + _("objectif : %s") % target_text if target_text else "")
        return Shown("", facts, cells, figure.credits, plan.notes, sentence)


def _verdict(amount: float | None, target: float | None, lower_is_better: Any) -> str:
    if amount is None or target is None:
        return ""
    if lower_is_better:
        return _("sous le plafond") if amount <= target else _("au-dessus du plafond")
    return _("objectif atteint") if amount >= target else _("objectif pas encore atteint")
