"""The form of an indicator: its fields in French words, to a definition and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.core.indicators import Definition
from parvis.core.indicators.definition import MOST_PARTS
from parvis.domains.indicators.drafting import Fault
from parvis.hub.backoffice.screens import sentence

LINES = forms.Textarea(attrs={"rows": 2, "spellcheck": "false"})
DIRECTIONS = (
    ("neutral", _("ni l’un ni l’autre")),
    ("higher", _("plus haut, c’est mieux")),
    ("lower", _("plus bas, c’est mieux")),
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
        found: float | None = super().to_python("".join(value.split()) if isinstance(value, str) else value)
        return found


def _number(label: Any, hint: Any = "") -> SpacedNumber:
    return SpacedNumber(
        label=label,
        help_text=hint,
        required=False,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )


def _text(label: Any, most: int, hint: Any = "", *, required: bool = False) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, help_text=hint, required=required)


class IndicatorForm(forms.Form):
    """What an indicator is, but for its parts."""

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
        _("Territoire de l’ensemble"), 30, _("« epci:200059228 » ou « commune:91228 » ; vide s’il n’a pas de code.")
    )
    place = _text(_("Nom de l’ensemble"), 120, _("« Grand Paris Sud »"))
    period = _text(_("Période de l’ensemble"), 20, _("« 2018 » ; vide quand les parties sont comptées par période."))
    target = _number(_("Cible"))
    deadline = forms.DateField(
        label=_("Échéance de la cible"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    on_track = _number(
        _("« En bonne voie » à partir de"), _("Les deux seuils vont ensemble ; au-delà des deux, c’est « en retard ».")
    )
    watch = _number(_("« À surveiller » à partir de"))
    method = forms.CharField(
        label=_("Méthode"),
        max_length=4000,
        help_text=_("Ce qui est compté, ce qui ne l’est pas, d’où vient la cible."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    refresh = forms.ChoiceField(label=_("Il est recalculé"), choices=REFRESHES)
    late_after = forms.IntegerField(
        label=_("Source en retard au bout de (jours)"),
        min_value=0,
        max_value=36_500,
        required=False,
        help_text=_("0, ou vide, quand la source n’est plus attendue."),
    )

    def __init__(self, *args: Any, organisations: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        """``organisations`` are those that may own a new indicator, whose address is asked too; none for one that exists."""
        super().__init__(*args, **kwargs)
        if organisations:
            slug = forms.SlugField(
                label=_("Adresse"),
                max_length=80,
                help_text=_("Des lettres, des chiffres, des tirets ; elle ne change plus ensuite."),
            )
            owner = forms.ChoiceField(label=_("Organisation qui le tient"), choices=organisations)
            self.fields = {"organisation": owner, "slug": slug, **self.fields}


class PartForm(forms.Form):
    """One number asked of one dataset."""

    name = forms.SlugField(
        label=_("Nom dans la formule"), max_length=40, required=False, help_text=_("Un mot en minuscules : « places ».")
    )
    dataset = forms.ChoiceField(label=_("Jeu de données"), required=False)
    select = forms.CharField(
        label=_("Calcul"),
        max_length=2000,
        required=False,
        help_text=_("En langage de requête : « sum(places) », « count(*) », « avg(hauteur) »."),
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )
    where = forms.CharField(
        label=_("Conditions, une par ligne"),
        max_length=8000,
        required=False,
        widget=LINES,
        help_text=_('« modele = "Arceau" »'),
    )
    territory = forms.CharField(
        label=_("Par territoire"),
        max_length=2000,
        required=False,
        help_text=_("La colonne de son code, ou de son nom."),
    )
    period = forms.CharField(
        label=_("Par période"),
        max_length=2000,
        required=False,
        help_text=_('« date_format(pose_le, "yyyy") », par exemple.'),
    )

    def __init__(self, *args: Any, datasets: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = str(self["dataset"].value() or "")
        extra = [(chosen, chosen)] if chosen and chosen not in dict(datasets) else []
        self.fields["dataset"].choices = [("", _("aucun : cette partie ne sert pas")), *datasets, *extra]  # type: ignore[attr-defined]

    @property
    def is_used(self) -> bool:
        """Whether a dataset was chosen: a part without one is dropped."""
        return bool(self.cleaned_data.get("dataset"))


def part_forms(data: Any, initial: Sequence[Mapping[str, Any]], datasets: Sequence[tuple[str, str]]) -> list[PartForm]:
    """The parts that there are, and one more to be filled, up to the most that a formula may have."""
    given = (
        sum(1 for rank in range(MOST_PARTS) if data.get(f"part{rank}-dataset")) if data is not None else len(initial)
    )
    count = min(given + 1, MOST_PARTS)
    if data is not None:
        count = min(
            max(count, *(rank + 1 for rank in range(MOST_PARTS) if f"part{rank}-dataset" in data), 1), MOST_PARTS
        )
    return [
        PartForm(
            data,
            prefix=f"part{rank}",
            initial=dict(initial[rank]) if rank < len(initial) else {},
            datasets=datasets,
        )
        for rank in range(count)
    ]


def initial_of(definition: Definition) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the fields hold for a definition."""
    body = {name: getattr(definition, name) for name in IndicatorForm.base_fields}
    parts = [
        {
            "name": name,
            "dataset": part.dataset,
            "select": part.select,
            "where": "\n".join(part.where),
            "territory": part.territory,
            "period": part.period,
        }
        for name, part in definition.parts.items()
    ]
    return body, parts


def body_of(form: IndicatorForm, parts: Sequence[PartForm], slug: str) -> dict[str, Any]:
    """The JSON object of what was filled in, to be checked by ``Definition.from_dict``; both forms were validated."""
    given = form.cleaned_data
    body: dict[str, Any] = {name: given[name] for name in IndicatorForm.base_fields}
    body |= {
        "slug": slug or given.get("slug", ""),
        "decimals": given["decimals"] or 0,
        "late_after": given["late_after"] or 0,
        "deadline": given["deadline"].isoformat() if given["deadline"] else "",
    }
    used = [one for one in parts if one.is_used]
    body["parts"] = {}
    for rank, one in enumerate(used):
        row = one.cleaned_data
        name = row["name"] or ("valeur" if len(used) == 1 else f"partie{rank + 1}")
        conditions = [line.strip() for line in row["where"].splitlines() if line.strip()]
        body["parts"][name] = {
            **{key: row[key].strip() for key in ("dataset", "select", "territory", "period")},
            "where": conditions,
        }
    return body


def show_faults(faults: Sequence[Fault], form: IndicatorForm, parts: Sequence[PartForm]) -> None:
    """Put each fault beside the field that it is about."""
    used = [one for one in parts if one.is_used]
    names = [
        one.cleaned_data["name"] or ("valeur" if len(used) == 1 else f"partie{n + 1}") for n, one in enumerate(used)
    ]
    for fault in faults:
        text = sentence(fault.error)
        if fault.part in names:
            target = used[names.index(fault.part)]
            target.add_error(fault.field if fault.field in target.fields else "select", text)
        else:
            form.add_error(fault.field if fault.field in form.fields else None, text)
