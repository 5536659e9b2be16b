"""The fields of a search: what is typed, and what a form says otherwise, as one question."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from parvis.domains.deliberations.finding.library import LIBRARY

MOST_WORDS: Final = 300
REACHES: Final = ((300, "300 m"), (1_000, "1 km"), (3_000, "3 km"), (10_000, "10 km"))
"""Metres around an address."""
USUAL_REACH: Final = 300
MOST_EUROS: Final = 10**12


class EurosField(forms.DecimalField):
    """An amount as people write it, « 12 500 » or « 1 500,50 € »: cents."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=-MOST_EUROS, max_value=MOST_EUROS, required=False, **options)
        self.widget.attrs["inputmode"] = "decimal"

    def to_python(self, value: Any) -> Any:
        """The cents; ValidationError for what is no amount."""
        text = "".join(str(value or "").replace("€", "").split())
        if "," in text:
            text = text.replace(".", "").replace(",", ".")
        return super().to_python(text)


def _words(label: Any, hint: Any = "") -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, required=False, max_length=MOST_WORDS)


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class SearchForm(forms.Form):
    """What is looked for besides facets; everything may be left empty, and what is wrong is said beside its field."""

    q = _words(_("Mots cherchés"))
    exact = _words(_("Expression exacte"), _("« avis favorable » : ces mots, dans cet ordre."))
    un = _words(_("Au moins un de ces mots"))
    sans = _words(_("Sans ces mots"))
    du = _day(_("Du"))
    au = _day(_("Au"))
    min = EurosField(label=_("Montant d’au moins (€)"))
    max = EurosField(label=_("Montant d’au plus (€)"))
    autour = forms.CharField(
        label=_("Autour d’une adresse"),
        help_text=_("« 12 rue de la République, Grigny », ou latitude et longitude."),
        required=False,
        max_length=120,
    )
    rayon = forms.TypedChoiceField(
        label=_("À moins de"), choices=REACHES, coerce=int, required=False, empty_value=USUAL_REACH
    )
    tri = forms.ChoiceField(
        label=_("Trier par"),
        choices=[("", _("Ordre habituel")), *((sort.name, sort.label) for sort in LIBRARY.sorts)],
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Ends after beginnings."""
        cleaned: dict[str, Any] = super().clean() or {}
        pairs = (
            ("du", "au", gettext("Cette date est avant la première.")),
            ("min", "max", gettext("Ce montant est plus petit que le premier.")),
        )
        for first, last, words in pairs:
            least, most = cleaned.get(first), cleaned.get(last)
            if least is not None and most is not None and most < least:
                self.add_error(last, words)
        return cleaned
