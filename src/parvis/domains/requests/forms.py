"""The forms of requests, of their answers and of letters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from parvis.core.text import seen_text
from parvis.domains.requests.models import DataRequest
from parvis.domains.requests.rules import LONGEST_ANSWER, LONGEST_TEXT, Stage
from parvis.hub.accounts.selectors import organisations
from parvis.hub.visitors.writings import WritingForm


class _Titled(WritingForm):
    """A form whose first field says something."""

    first = "title"

    def clean(self) -> dict[str, Any]:
        """A title that is seen."""
        fields = super().clean()
        if self.first in fields:
            fields[self.first] = seen_text(fields[self.first])
            if not fields[self.first]:
                self.add_error(self.first, ValidationError(_("Il manque le texte.")))
        return fields


class RequestForm(_Titled):
    """Data that somebody asks for, or a licence for those of a dataset."""

    title = forms.CharField(
        label=_("Que demandez-vous ?"),
        max_length=150,
        help_text=_(
            "En une phrase : « La fréquentation des lignes de bus, par arrêt et par mois ». Elle est montrée à tous."
        ),
    )
    text = forms.CharField(
        label=_("Précisions"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Période, détail, format… Vous n’avez pas à dire pourquoi vous demandez."),
    )
    organisation = forms.ModelChoiceField(
        label=_("À quelle organisation ?"), queryset=None, empty_label=None, to_field_name="slug"
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """With the organisations of the portal."""
        super().__init__(request, *args, **kwargs)
        self.fields["organisation"].queryset = organisations().order_by("name")


class LetterForm(_Titled):
    """What somebody writes to an organisation."""

    first = "subject"
    subject = forms.CharField(label=_("Objet"), max_length=150)
    text = forms.CharField(label=_("Votre message"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 7}))

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Here the address and the signature are for the organisation alone."""
        super().__init__(request, *args, **kwargs)
        self.fields["signature"].help_text = _("Lue par l’organisation seule : votre nom, ou ce que vous voulez.")
        self.fields["email"].help_text = _(
            "Pour recevoir une réponse : l’organisation la lit, personne d’autre. Sans elle, on ne peut pas vous répondre."
        )


class AnswerForm(forms.Form):
    """What the organisation answers."""

    stage = forms.ChoiceField(
        label=_("Réponse"),
        choices=[choice for choice in DataRequest.STAGES if not Stage(choice[0]).is_waiting],
        widget=forms.RadioSelect,
    )
    datasets = forms.CharField(
        label=_("Jeux de données qui répondent"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("L’adresse de leur page ou leur identifiant, un par ligne."),
    )
    ground = forms.ChoiceField(
        label=_("Motif, pour un refus même partiel"),
        required=False,
        choices=[("", _("aucun")), *DataRequest.GROUNDS],
        help_text=_("La loi demande un refus écrit et motivé (CRPA, articles L311-14 et L322-5)."),
    )
    text = forms.CharField(
        label=_("Ce que vous répondez"),
        required=False,
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Montré à tous si la demande l’est. Les voies de recours sont ajoutées d’elles-mêmes."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
