"""The form of an indicator: its fields in French words, to a definition and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from parvis.core.indicators.definition import MOST_PARTS, Definition
from parvis.core.indicators.errors import BadFormula, BadIndicator
from parvis.core.indicators.faults import Fault, fault_of
from parvis.hub.backoffice.screens import sentence
from parvis.hub.drawings.trails import question_text

CODE = forms.TextInput(attrs={"spellcheck": "false"})
LINES = forms.Textarea(attrs={"rows": 2, "spellcheck": "false"})
PROSE = forms.Textarea(attrs={"rows": 4})
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
DIRECTIONS = (
    ("neutral", _("ni l’un ni l’autre")),
    ("higher", _("à la hausse")),
    ("lower", _("à la baisse")),
)
LEVELS = (
    ("", _("des mots, sans code officiel")),
    ("commune", _("communes (code Insee)")),
    ("epci", _("intercommunalités (SIREN)")),
    ("departement", _("départements")),
    ("region", _("régions")),
)
REFRESHES = (
    ("publication", _("à chaque publication d’un de ses jeux")),
    ("manual", _("seulement quand quelqu’un le demande")),
)


class SpacedNumber(forms.FloatField):
    """A number as people write it: « 1 500 », « 12,5 »."""

    def to_python(self, value: Any) -> float | None:
        """The number, its spaces left out."""
        number: float | None = super().to_python("".join(value.split()) if isinstance(value, str) else value)
        return number


def _number(label: Any, hint: Any = "") -> SpacedNumber:
    widget = forms.TextInput(attrs={"inputmode": "decimal"})
    return SpacedNumber(label=label, help_text=hint, required=False, localize=True, widget=widget)


def _text(label: Any, most: int, hint: Any = "", widget: Any = None, *, required: bool = False) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, help_text=hint, required=required, widget=widget)


class PartForm(forms.Form):
    """One number asked of one dataset."""

    name = forms.SlugField(
        label=_("Nom dans la formule"), max_length=40, required=False, help_text=_("Un mot en minuscules : « places ».")
    )
    dataset = forms.ChoiceField(label=_("Jeu de données"), required=False)
    select = _text(
        _("Calcul"), 2000, _("En langage de requête : « sum(places) », « count(*) », « avg(hauteur) »."), CODE
    )
    where = _text(_("Conditions, une par ligne"), 8000, _('« modele = "Arceau" »'), LINES)
    territory = _text(_("Par territoire"), 2000, _("La colonne de son code, ou de son nom."))
    period = _text(_("Par période"), 2000, _('« date_format(pose_le, "yyyy") », par exemple.'))

    def __init__(self, *args: Any, datasets: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = str(self["dataset"].value() or "")
        extra = [(chosen, chosen)] if chosen and chosen not in dict(datasets) else []
        self.fields["dataset"].choices = [("", _("aucun : cette partie ne sert pas")), *datasets, *extra]  # type: ignore[attr-defined]

    def clean_where(self) -> list[str]:
        """The conditions, empty lines left out."""
        return [line.strip() for line in self.cleaned_data["where"].splitlines() if line.strip()]


class IndicatorForm(forms.Form):
    """What an indicator is, with a form for each of its ``parts``; whose it is and its address are asked of a new one alone."""

    organisation = forms.ChoiceField(label=_("Organisation responsable"))
    slug = forms.SlugField(
        label=_("Adresse"),
        max_length=80,
        help_text=_("Des lettres, des chiffres, des tirets ; elle ne change plus ensuite."),
    )
    title = _text(_("Titre"), 200, required=True)
    question = _text(
        _("Question à laquelle il répond"), 300, _("« La fibre est-elle à portée de tous ? »"), required=True
    )
    formula = _text(
        _("Formule"),
        200,
        _(
            "Avec + - * / ( ), des nombres et les noms des parties ; « population » est le nombre d’habitants. Vide s’il n’y a qu’une partie."
        ),
    )
    unit = _text(_("Unité"), 40, _("« places », « % », « € par habitant »"))
    decimals = forms.IntegerField(label=_("Décimales écrites"), min_value=0, max_value=6, required=False)
    direction = forms.ChoiceField(label=_("Sens"), choices=DIRECTIONS)
    level = forms.ChoiceField(label=_("Les territoires des parties sont"), choices=LEVELS, required=False)
    territory = _text(
        _("Territoire du total"), 30, _("« epci:200059228 » ou « commune:91228 » ; vide s’il n’a pas de code.")
    )
    place = _text(_("Nom du total"), 120, _("« Grand Paris Sud »"))
    period = _text(_("Période du total"), 20, _("« 2018 » ; vide quand les parties sont comptées par période."))
    target = _number(_("Cible"))
    deadline = forms.DateField(label=_("Échéance de la cible"), required=False, widget=DAY)
    on_track = _number(
        _("« En bonne voie » à partir de"), _("Les deux seuils vont ensemble ; au-delà des deux, c’est « en retard ».")
    )
    watch = _number(_("« À surveiller » à partir de"))
    method = _text(
        _("Méthode"), 4000, _("Ce qui est compté, ce qui ne l’est pas, d’où vient la cible."), PROSE, required=True
    )
    refresh = forms.ChoiceField(label=_("Il est recalculé"), choices=REFRESHES)
    late_after = forms.IntegerField(
        label=_("Source en retard au bout de (jours)"),
        min_value=0,
        max_value=36_500,
        required=False,
        help_text=_("0, ou vide, quand la source n’est plus attendue."),
    )

    def __init__(
        self,
        data: Any,
        body: Mapping[str, Any],
        *,
        organisations: Sequence[tuple[str, str]] = (),
        datasets: Sequence[tuple[str, str]] = (),
    ) -> None:
        """``body`` is what is known of a definition, by attribute; ``organisations`` may own a new one."""
        super().__init__(data, initial=dict(body))
        self.fields["organisation"].choices = organisations  # type: ignore[attr-defined]
        if not organisations:
            del self.fields["organisation"], self.fields["slug"]
        parts = [
            {**part, "name": name, "where": "\n".join(part.get("where", ()))}
            for name, part in body.get("parts", {}).items()
        ]
        self.parts = [
            PartForm(data, prefix=f"part{rank}", initial=dict(enumerate(parts)).get(rank), datasets=datasets)
            for rank in range(_count(data, len(parts)))
        ]

    @property
    def used(self) -> dict[str, PartForm]:
        """By name, the parts whose dataset was chosen: the others are dropped."""
        rows = [part for part in self.parts if part.cleaned_data.get("dataset")]
        usual = ["valeur"] if len(rows) == 1 else [f"partie{rank + 1}" for rank in range(len(rows))]
        return {part.cleaned_data["name"] or name: part for name, part in zip(usual, rows, strict=True)}

    @property
    def sentences(self) -> list[str]:
        """Every sentence about what is wrong."""
        return [str(text) for form in (self, *self.parts) for texts in form.errors.values() for text in texts]

    def definition(self, slug: str = "") -> Definition | None:
        """The definition that was filled in; None when something is wrong, which is said beside its field."""
        if not all(form.is_valid() for form in (self, *self.parts)):
            return None
        if not self.used:
            self.parts[0].add_error("dataset", gettext("Choisissez au moins un jeu de données."))
            return None
        body = {"slug": slug, **_filled(self, "organisation")}
        body["parts"] = {name: _filled(part, "name") for name, part in self.used.items()}
        try:
            return Definition.from_dict(body)
        except (BadIndicator, BadFormula) as error:
            self.show([fault_of(error)])
            return None

    def show(self, faults: Iterable[Fault]) -> None:
        """Put each fault beside the field that it is about."""
        for fault in faults:
            form: forms.Form = self.used.get(fault.part, self)
            usual = None if form is self else "select"
            form.add_error(fault.field if fault.field in form.fields else usual, sentence(fault.error))

    def differences(self, stored: Definition, yours: Definition) -> list[tuple[Any, Any, Any]]:
        """Label, theirs and yours of what somebody else saved otherwise than what is in the form."""
        rows = [(field.label, getattr(stored, name), getattr(yours, name)) for name, field in self.fields.items()]
        rows.append((gettext("Parties"), _parts_text(stored), _parts_text(yours)))
        return [row for row in rows if row[1] != row[2]]


def _count(data: Any, started: int) -> int:
    """How many parts the form has: those that there are, and one more to be filled, up to the most that a formula may have."""
    if data is None:
        return min(started + 1, MOST_PARTS)
    sent = [rank for rank in range(MOST_PARTS) if f"part{rank}-dataset" in data]
    filled = sum(1 for rank in sent if data[f"part{rank}-dataset"])
    return min(max(filled + 1, *(rank + 1 for rank in sent), 1), MOST_PARTS)


def _filled(form: forms.Form, without: str) -> dict[str, Any]:
    """What was filled in, as JSON says it."""
    filled = {name: value for name, value in form.cleaned_data.items() if name != without and value not in (None, "")}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in filled.items()}


def _parts_text(definition: Definition) -> str:
    parts = definition.parts.items()
    return " ; ".join(f"{name} = {question_text(part.select, part.where, '')} ({part.dataset})" for name, part in parts)
