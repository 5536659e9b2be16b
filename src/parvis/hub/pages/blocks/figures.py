"""Key figures: one, or a row of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks
from wagtail.blocks import StructBlockValidationError

from parvis.core.errors import ParvisError
from parvis.hub.pages.block_values import Answers, Cells, Plan, Reader, Shown
from parvis.hub.pages.blocks.data import DATA_GROUP, DataBlock, finer
from parvis.hub.pages.blocks.measured import figure_of, measured_fields, plan_of
from parvis.hub.pages.figures import Figure, stamp_of

MOST_IN_A_ROW = 6

ASKED = ("label", "dataset", "calculation", "measure", "figure")
FINER = ("unit", "note", "where", "expression", "decimals")
"""Fields of a figure in the order of its form: those that are asked first, those that are folded."""


class FigureBlock(DataBlock):
    """A number with what it counts."""

    kind = "figure"

    label = blocks.CharBlock(
        label=gettext_lazy("Ce que dit le chiffre"),
        required=False,
        max_length=160,
        help_text=gettext_lazy("« places de vélo », par exemple."),
    )

    def __init__(self, local_blocks: Any = None, **kwargs: Any) -> None:
        note = blocks.CharBlock(label=gettext_lazy("Précision"), required=False, max_length=240)
        super().__init__([*(local_blocks or ()), *measured_fields().items(), ("note", note)], **kwargs)

    class Meta:
        label = gettext_lazy("Chiffre clé")
        icon = "figure"
        group = DATA_GROUP
        template = "parvis/pages/blocks/figures.html"
        description = gettext_lazy("Un nombre compté dans un jeu de données, ou un indicateur, avec sa provenance.")
        label_format = "{label}"
        form_layout = blocks.BlockGroup([*ASKED, finer(*FINER)])

    def clean(self, value: Any) -> Any:
        """One of the two ways must be chosen."""
        if not value.get("figure") and not value.get("dataset"):
            text = ValidationError(_("Choisissez un chiffre déjà suivi ou un jeu de données."))
            raise StructBlockValidationError(block_errors={"dataset": text})
        return super().clean(value)

    def fault_of(self, error: ParvisError, value: Any) -> tuple[str, str]:
        """An expression is written in ODSQL too."""
        name, text = super().fault_of(error, value)
        return ("expression" if name == "where" and not value.get("where") else name), text

    def plan(self, value: Any, reader: Reader) -> Plan:
        """The questions of the number."""
        return plan_of(value, reader)

    def shown(self, value: Any, plan: Plan, answers: Answers, reader: Reader) -> Shown:
        """The figure alone."""
        return shown_of("", [noted(value, plan, answers)], plan.notes)

    def cited_datasets(self, value: Any) -> Iterable[str] | None:
        """The one that is counted; figures of others rest on what they choose."""
        return None if value.get("figure") else super().cited_datasets(value)

    def stamp(self, value: Any, reader: Reader) -> str | None:
        """Figures of others change by themselves."""
        return _stamp([value])


def _stamp(values: Iterable[Any]) -> str | None:
    """The mark of the figures of others among these; None when one of them has none."""
    stamps = [stamp_of(one["figure"]) for one in values if one.get("figure")]
    return None if None in stamps else "".join(map(str, dict.fromkeys(stamps)))


def noted(value: Any, plan: Plan, answers: Answers) -> Figure:
    """The figure with what the editor wrote about it."""
    figure = figure_of(value, plan, answers, value.get("label") or "")
    note = value.get("note") or ""
    if not note:
        return figure
    return replace(figure, note=note)


def shown_of(title: str, figures: list[Figure], notes: tuple[str, ...]) -> Shown:
    """Figures side by side, as rows and in words."""
    cells = Cells(
        (_("chiffre"), _("valeur"), _("unité"), _("précision")),
        [(one.label, one.value, one.unit, one.detail) for one in figures],
    )
    sentence = " ; ".join(f"{one.label} : {one.text}" if one.label else one.text for one in figures)
    credits = {credit.address: credit for one in figures for credit in one.credits}
    return Shown(title, {"figures": figures}, cells, tuple(credits.values()), notes, sentence)


class FiguresBlock(DataBlock):
    """Figures in a row."""

    kind = "figures"

    title = blocks.CharBlock(label=gettext_lazy("Titre"), required=False, max_length=160)
    figures = blocks.ListBlock(
        FigureBlock(label=gettext_lazy("Chiffre")), label=gettext_lazy("Chiffres"), min_num=1, max_num=MOST_IN_A_ROW
    )

    class Meta:
        label = gettext_lazy("Rangée de chiffres")
        icon = "list-ol"
        group = DATA_GROUP
        template = "parvis/pages/blocks/figures.html"
        description = gettext_lazy("De deux à six chiffres clés côte à côte.")

    def plan(self, value: Any, reader: Reader) -> Plan:
        """The questions of all its numbers, one after another."""
        plans = [plan_of(one, reader) for one in value["figures"]]
        notes = dict.fromkeys(note for one in plans for note in one.notes)
        return Plan(tuple(question for one in plans for question in one.questions), plans, tuple(notes))

    def shown(self, value: Any, plan: Plan, answers: Answers, reader: Reader) -> Shown:
        """The figures, each with its own answers."""
        rest, figures = list(answers), []
        for figure, own in zip(value["figures"], plan.state, strict=True):
            mine, rest = rest[: len(own.questions)], rest[len(own.questions) :]
            figures.append(noted(figure, own, mine))
        return shown_of(value.get("title") or "", figures, plan.notes)

    def cited_datasets(self, value: Any) -> Iterable[str] | None:
        """Those of its figures, when they are known for each."""
        if any(one.get("figure") or not one.get("dataset") for one in value["figures"]):
            return None
        return [one["dataset"] for one in value["figures"]]

    def stamp(self, value: Any, reader: Reader) -> str | None:
        """As one of its figures may."""
        return _stamp(value["figures"])

    def faults(self, value: Any) -> dict[str, str]:
        """Each of its figures was checked by itself."""
        return {}
