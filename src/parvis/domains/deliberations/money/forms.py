"""The forms of « Suites et montants »."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.domains.deliberations.models import Act, ActLink, Amount
from parvis.domains.deliberations.money.rules import (
    MOST_AMOUNTS,
    AmountFacts,
    BadAmount,
    cents_of,
    euros_text,
    seems_a_person,
)
from parvis.hub.backoffice.screens import sentence

EMPTY_ROWS = 2


class AmountForm(forms.Form):
    """One amount; a row left blank counts for nothing."""

    euros = forms.CharField(
        label=gettext_lazy("Montant en euros"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("Objet"), choices=Amount.Purpose.choices, initial=Amount.Purpose.EXPENSE
    )
    chapter = forms.CharField(label=gettext_lazy("Chapitre ou article"), max_length=20, required=False)
    beneficiary = forms.CharField(label=gettext_lazy("Bénéficiaire (organisme)"), max_length=200, required=False)
    words = forms.CharField(label=gettext_lazy("Précision"), max_length=255, required=False)
    is_body = forms.BooleanField(label=gettext_lazy("C’est bien un organisme, pas une personne"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.doubts_beneficiary = False

    def has_changed(self) -> bool:
        """An object alone, chosen or taken over and then left without its amount, makes no row."""
        return bool(set(self.changed_data) - {"purpose"})

    def clean_euros(self) -> int:
        """The cents."""
        try:
            return cents_of(self.cleaned_data["euros"])
        except BadAmount as error:
            raise forms.ValidationError(sentence(error)) from error

    def clean(self) -> dict[str, Any]:
        """Persons are not named: a beneficiary that looks like one has to be told otherwise."""
        facts: dict[str, Any] = super().clean() or {}
        name = facts.get("beneficiary") or ""
        self.doubts_beneficiary = name != self.initial.get("beneficiary") and seems_a_person(name)
        if self.doubts_beneficiary and not facts.get("is_body"):
            doubt = _("« %(name)s » ressemble au nom d’une personne : une personne n’est pas nommée ici.")
            self.add_error("beneficiary", doubt % {"name": name})
        return facts


AmountFormSet = forms.formset_factory(
    AmountForm, extra=EMPTY_ROWS, can_delete=True, max_num=MOST_AMOUNTS, validate_max=True, absolute_max=MOST_AMOUNTS
)


def amount_rows(amounts: list[AmountFacts]) -> list[dict[str, Any]]:
    """What the form of each amount begins with."""
    return [
        {
            "euros": euros_text(row.cents),
            "purpose": row.purpose,
            "words": row.words,
            "chapter": row.chapter,
            "beneficiary": row.beneficiary,
        }
        for row in amounts
    ]


def amounts_typed(formset: Any) -> list[AmountFacts]:
    """The amounts of a valid formset: neither those left blank nor those to delete."""
    return [
        AmountFacts(*(form.cleaned_data[name] for name in ("euros", "purpose", "words", "chapter", "beneficiary")))
        for form in formset.forms
        if form.cleaned_data.get("euros") is not None and not form.cleaned_data.get("DELETE")
    ]


class StepForm(forms.Form):
    """A step of what became of an act."""

    state = forms.ChoiceField(label=gettext_lazy("Où en est-ce"), choices=Act.Execution.choices[1:])
    day = forms.DateField(label=gettext_lazy("Depuis le"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    text = forms.CharField(
        label=gettext_lazy("Ce qui a été fait"), required=False, max_length=2_000, widget=forms.Textarea({"rows": 3})
    )
    evidence = forms.URLField(
        label=gettext_lazy("Preuve"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=gettext_lazy("L’adresse d’une page, d’une photo, d’un document public."),
    )


ROW_RELATIONS = [
    (value, label)
    for value, label in ActLink.Relation.choices
    if value not in (ActLink.Relation.ACT, ActLink.Relation.DATASET)
]
"""What a row may be to an act."""
