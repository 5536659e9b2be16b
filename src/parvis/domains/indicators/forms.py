"""The form of an indicator: its fields in French words, to a definition and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from parvis.core.charts.menus import read_measure, read_period
from parvis.core.charts.territories import REACHED
from parvis.core.columns import TableShape
from parvis.core.indicators.combination import read_formula, write_formula
from parvis.core.indicators.definition import MOST_PARTS, Definition
from parvis.core.indicators.errors import BadFormula, BadIndicator
from parvis.core.indicators.faults import Fault, fault_of
from parvis.core.text import fold
from parvis.hub.drawings.menu_sources import MenuSource, territory_words
from parvis.hub.drawings.menus import ColumnMenu, CriteriaMenu, MeasureMenu, Menu, PeriodMenu, criteria_faults
from parvis.hub.drawings.plain_errors import plain_message
from parvis.hub.drawings.trails import question_text
from parvis.hub.territories.selectors import referred_to, search

LINES = 3
"""Conditions that the text of a part shows at once."""
PROSE = forms.Textarea(attrs={"rows": 4})
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
DIRECTIONS = (
    ("neutral", _("ni l’un ni l’autre")),
    ("higher", _("à la hausse")),
    ("lower", _("à la baisse")),
)
COMBINED = (
    ("", _("comme l’écrit la formule")),
    ("percent", _("le premier en pourcentage du deuxième")),
    ("ratio", _("le premier divisé par le deuxième")),
    ("sum", _("la somme des termes")),
    ("difference", _("le premier moins les autres")),
    ("change", _("l’évolution du deuxième au premier, en pourcentage")),
    ("per_inhabitant", _("le terme par habitant")),
    ("per_thousand", _("le terme pour mille habitants")),
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


class TerritoryInput(forms.TextInput):
    """A text for which names are proposed while one types."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """The list is the script's to make."""
        return super().get_context(name, value, {**(attrs or {}), "data-suggest": reverse("query_territories")})


class TerritoryField(forms.CharField):
    """A territory of the reference by its name, or by its code; what is kept is ``kind:code``."""

    def prepare_value(self, value: Any) -> Any:
        """Its name."""
        territory = referred_to(value) if isinstance(value, str) and ":" in value else None
        return territory_words(territory) if territory else value

    def to_python(self, value: Any) -> str:
        """The code of the one that has that name, alone or with its kind behind."""
        text: str = super().to_python(value)
        if not text or referred_to(text):
            return text
        name, _opening, _kind = text.partition(" (")
        matches = [
            row
            for row in search(name, MOST_NAMESAKES)
            if text in (territory_words(row), row.code) or _is_named(row, text)
        ]
        if len(matches) == 1:
            return f"{matches[0].kind}:{matches[0].code}"
        near = ", ".join(territory_words(row) for row in (matches or search(name, 3)))
        if not near:
            raise forms.ValidationError(gettext("Aucun territoire ne porte ce nom."))
        raise forms.ValidationError(gettext("Précisez lequel : %(names)s.") % {"names": near})


MOST_NAMESAKES = 12
"""Territories of one name that are compared."""


def _is_named(territory: Any, text: str) -> bool:
    return fold(territory.name) == fold(text)


def _text(label: Any, most: int, hint: Any = "", widget: Any = None, *, required: bool = False) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, help_text=hint, required=required, widget=widget)


class PartForm(forms.Form):
    """One number asked of one dataset: menus over its calculation, its conditions and what it is counted by."""

    dataset = forms.ChoiceField(label=_("Jeu de données"), required=False)
    select = _text(_("Ce qui est calculé"), 2000, widget=MeasureMenu(has_text=False))
    where = _text(_("Seulement les lignes où"), 8000, widget=CriteriaMenu(has_text=False, lines=LINES))
    period = _text(_("Par période"), 2000, widget=PeriodMenu(has_text=False))
    territory = _text(_("Par territoire"), 2000, widget=ColumnMenu(has_text=False))
    name = forms.SlugField(
        label=_("Nom dans la formule"), max_length=40, required=False, help_text=_("Un mot en minuscules : « places ».")
    )

    def __init__(
        self,
        *args: Any,
        datasets: Sequence[tuple[str, str]] = (),
        source: MenuSource | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        chosen = str(self["dataset"].value() or "")
        extra = [(chosen, chosen)] if chosen and chosen not in dict(datasets) else []
        self.fields["dataset"].choices = [("", _("choisir un jeu de données")), *datasets, *extra]  # type: ignore[attr-defined]
        self.source, self.chosen = source or MenuSource(), chosen
        for menu in self._menus.values():
            menu.source, menu.dataset = self.source, chosen

    @property
    def _menus(self) -> dict[str, Menu]:
        return {name: field.widget for name, field in self.fields.items() if isinstance(field.widget, Menu)}

    @property
    def shape(self) -> TableShape:
        """The columns of its dataset, for who writes."""
        return self.source.shape(self.chosen)

    @property
    def fields_in_menus(self) -> list[forms.BoundField]:
        """Those that have menus, in the order of the form."""
        return [self[name] for name in self._menus]

    @property
    def texts(self) -> list[dict[str, Any]]:
        """The same as they are in ODSQL."""
        rows = []
        for name, menu in self._menus.items():
            text = str(self[name].value() or "")
            rows.append(
                {
                    "field": self[name],
                    "text": text,
                    "lines": menu.lines,
                    "is_said": menu.facts(text, self.shape) is not None,
                }
            )
        return rows

    @property
    def is_said(self) -> bool:
        """Whether menus say all that is asked."""
        return all(row["is_said"] for row in self.texts)

    def clean_select(self) -> str:
        """The calculation, whose column must be chosen."""
        text: str = self.cleaned_data["select"]
        measure = read_measure(text)
        if self.chosen and measure is not None and measure.calculation != "count" and not measure.column:
            raise forms.ValidationError(gettext("Choisissez la colonne à calculer."))
        return text

    def clean_where(self) -> list[str]:
        """The conditions, empty lines left out; each that menus say must be whole."""
        conditions = [line.strip() for line in self.cleaned_data["where"].splitlines() if line.strip()]
        shape = self.shape
        if shape.columns and (faults := criteria_faults(conditions, shape)):
            raise forms.ValidationError(faults)
        return conditions


FOLDED = (
    (_("Objectif et appréciation"), ("target", "deadline", "direction", "on_track", "watch")),
    (_("Territoire et période du total, décimales"), ("level", "territory", "place", "period", "decimals")),
    (_("Adresse et mise à jour"), ("slug", "refresh", "late_after")),
)
"""Fields that most indicators do without, folded under a heading."""


class IndicatorForm(forms.Form):
    """What an indicator is, with a form for each of its ``parts``; whose it is and its address are asked of a new one alone."""

    organisation = forms.ChoiceField(label=_("Organisation responsable"))
    slug = forms.SlugField(
        label=_("Adresse"),
        max_length=80,
        required=False,
        help_text=_("Des lettres, des chiffres, des tirets ; elle ne change plus ensuite. Vide : faite du titre."),
    )
    title = _text(_("Titre"), 200, required=True)
    question = _text(
        _("Question à laquelle il répond"), 300, _("« La fibre est-elle à portée de tous ? »"), required=True
    )
    combination = forms.ChoiceField(label=_("Ce que les termes donnent"), choices=COMBINED, required=False)
    formula = _text(
        _("Formule"),
        200,
        _(
            "Avec + - * / ( ), des nombres et les noms des termes ; « population » est le nombre d’habitants. Si vous la changez, c’est elle qui compte, et non le menu."
        ),
    )
    unit = _text(_("Unité"), 40, _("« places », « % », « € par habitant »"))
    decimals = forms.IntegerField(label=_("Décimales écrites"), min_value=0, max_value=6, required=False)
    direction = forms.ChoiceField(label=_("Sens"), choices=DIRECTIONS)
    level = forms.ChoiceField(label=_("Les territoires des parties sont"), choices=LEVELS, required=False)
    territory = TerritoryField(
        label=_("Territoire du total"),
        max_length=200,
        required=False,
        help_text=_("Une commune, une intercommunalité, un département ou une région, par son nom."),
        widget=TerritoryInput,
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
        source: MenuSource | None = None,
    ) -> None:
        """``body`` is what is known of a definition, by attribute; ``organisations`` may own a new one."""
        combination = read_formula(body.get("formula") or "", list(body.get("parts", {})))
        super().__init__(data, initial={**body, "combination": combination or ""})
        self.fields["organisation"].choices = organisations  # type: ignore[attr-defined]
        if not organisations:
            del self.fields["organisation"], self.fields["slug"]
        parts = [
            {**part, "name": name, "where": "\n".join(part.get("where", ()))}
            for name, part in body.get("parts", {}).items()
        ]
        self.parts = [
            PartForm(
                data, prefix=f"part{rank}", initial=dict(enumerate(parts)).get(rank), datasets=datasets, source=source
            )
            for rank in range(_count(data, len(parts)))
        ]

    @property
    def shown_parts(self) -> list[PartForm]:
        """The parts that have a dataset, the first in any case; ``spare`` is the one that may be added."""
        return [part for rank, part in enumerate(self.parts) if part.chosen or rank == 0]

    @property
    def spare(self) -> PartForm | None:
        """A part to be filled, for a ratio or a difference."""
        return self.parts[-1] if len(self.parts) > 1 and not self.parts[-1].chosen else None

    @property
    def folded(self) -> list[tuple[Any, list[forms.BoundField], bool]]:
        """The fields that most indicators do without: heading, fields, and whether something in them is wrong."""
        groups = [(heading, [self[name] for name in names if name in self.fields]) for heading, names in FOLDED]
        return [(heading, fields, any(field.errors for field in fields)) for heading, fields in groups]

    @property
    def used(self) -> dict[str, PartForm]:
        """By name, the parts whose dataset was chosen: the others are dropped."""
        rows = [part for part in self.parts if part.cleaned_data.get("dataset")]
        usual = ["valeur"] if len(rows) == 1 else [f"partie{rank + 1}" for rank in range(len(rows))]
        return {part.cleaned_data["name"] or name: part for name, part in zip(usual, rows, strict=True)}

    @property
    def sentences(self) -> list[str]:
        """Every sentence about what is wrong, after the name of its field."""
        return [
            f"{form[name].label} : {text}" if name in form.fields else str(text)
            for form in (self, *self.parts)
            for name, texts in form.errors.items()
            for text in texts
        ]

    def definition(self, slug: str = "", *, stored: bool = False) -> Definition | None:
        """The definition that was filled in; None when something is wrong, which is said beside its field.

        The level of a new one that does not say it is that of the codes of its territories; ``stored`` ones keep theirs.
        """
        if not all(form.is_valid() for form in (self, *self.parts)):
            return None
        if not self.used:
            self.parts[0].add_error("dataset", gettext("Choisissez au moins un jeu de données."))
            return None
        body = {
            "slug": slug or slugify(self.cleaned_data["title"])[:80],
            **_filled(self, "organisation", "combination"),
        }
        body["parts"] = {name: _filled(part, "name") for name, part in self.used.items()}
        names, combination = list(self.used), self.cleaned_data["combination"]
        if self._has_combination and read_formula(self.cleaned_data["formula"], names) != combination:
            body["formula"] = write_formula(combination, names)
            if body["formula"] is None:
                self.add_error("combination", gettext("Il y faut un autre nombre de termes."))
                return None
        body.setdefault("level", "" if stored else self._level())
        try:
            return Definition.from_dict(body)
        except (BadIndicator, BadFormula) as error:
            self.show([fault_of(error)])
            return None

    @property
    def _has_combination(self) -> bool:
        """Whether the menu says the formula: its text, when it was changed, is what counts."""
        before = self.data.get("formula.avant")
        is_written = before is not None and _same(self.data.get("formula", "")) != _same(before)
        return bool(self.cleaned_data["combination"]) and not is_written

    @property
    def formula_before(self) -> str:
        """The formula that the menu shows."""
        return str(self.data.get("formula.avant", "") if self.is_bound else self.initial.get("formula") or "")

    def _level(self) -> str:
        kinds = []
        for part in self.used.values():
            period = read_period(part.cleaned_data["territory"])
            column = part.shape.get(period.column) if period and not period.step else None
            kinds.append(column.kind if column else "")
        return REACHED[kinds[0]][0] if len(set(kinds)) == 1 and kinds[0] in REACHED else ""

    def show(self, faults: Iterable[Fault]) -> None:
        """Put each fault beside the field that it is about."""
        for fault in faults:
            form: forms.Form = self.used.get(fault.part, self)
            usual = None if form is self else "select"
            form.add_error(fault.field if fault.field in form.fields else usual, plain_message(fault.error))

    def differences(self, stored: Definition, yours: Definition) -> list[tuple[Any, Any, Any]]:
        """Label, theirs and yours of what somebody else saved otherwise than what is in the form."""
        rows = [
            (field.label, getattr(stored, name), getattr(yours, name))
            for name, field in self.fields.items()
            if name != "combination"
        ]
        rows.append((gettext("Parties"), _parts_text(stored), _parts_text(yours)))
        return [row for row in rows if row[1] != row[2]]


def _count(data: Any, started: int) -> int:
    """How many parts the form has: those that there are, and one more to be filled, up to the most that a formula may have."""
    if data is None:
        return min(max(started, 1) + 1, MOST_PARTS)
    sent = [rank for rank in range(MOST_PARTS) if f"part{rank}-dataset" in data]
    filled = sum(1 for rank in sent if data[f"part{rank}-dataset"])
    return min(max(filled + 1, *(rank + 1 for rank in sent), 1), MOST_PARTS)


def _same(text: str) -> str:
    return "".join(text.split())


def _filled(form: forms.Form, *without: str) -> dict[str, Any]:
    """What was filled in, as JSON says it."""
    filled = {
        name: value for name, value in form.cleaned_data.items() if name not in without and value not in (None, "")
    }
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in filled.items()}


def _parts_text(definition: Definition) -> str:
    parts = definition.parts.items()
    return " ; ".join(f"{name} = {question_text(part.select, part.where, '')} ({part.dataset})" for name, part in parts)
