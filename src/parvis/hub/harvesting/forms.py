"""The form of a source, in plain words: what people write on lines becomes filters, mappings and options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from parvis.core.metadata import LICENCES, THEMES
from parvis.core.schedules import phrase
from parvis.core.sources.dialects import DIALECTS
from parvis.core.translation import SOURCE
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import Actor
from parvis.hub.accounts.selectors import organisations_where
from parvis.hub.harvesting.asking import sealed
from parvis.hub.harvesting.models import Source
from parvis.hub.harvesting.rules import FILTERS, MAPPINGS, Mode, parsed_pairs

_LINES = {"rows": 3, "spellcheck": "false"}
_KEYS = ", ".join(row.slug for row in LICENCES if row.slug != "other")
_THEMES = ", ".join(row.slug for row in THEMES)


def _filter(label: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=2_000)


def _mapping(label: Any, help_text: Any) -> forms.CharField:
    widget = forms.Textarea(attrs=_LINES)
    return forms.CharField(label=label, required=False, max_length=20_000, widget=widget, help_text=help_text)


class FoldedForm(forms.Form):
    """A form whose fields of few are folded under titles."""

    GROUPS: tuple[tuple[Any, tuple[str, ...]], ...]

    def groups(self) -> list[tuple[Any, list[forms.BoundField], bool]]:
        """Title, fields, and whether it must be open: something in it is wrong, or is not as a new form has it."""
        return [
            (title, rows, any(row.errors or row.field.has_changed(row.field.initial, row.value()) for row in rows))
            for title, names in self.GROUPS
            if (rows := [self[name] for name in names if name in self.fields])
        ]


class SourceForm(FoldedForm):
    """A source; the secret that is kept is never written in it."""

    dialect = forms.ChoiceField(label=gettext_lazy("Genre de source"))
    url = forms.CharField(
        label=gettext_lazy("Adresse"),
        max_length=1000,
        help_text=gettext_lazy("Celle du portail, du service ou du fichier, telle que votre navigateur l’ouvre."),
    )
    title = forms.CharField(
        label=gettext_lazy("Nom de la source"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Pour la reconnaître ici ; l’adresse à défaut."),
    )
    organisation = forms.ModelChoiceField(label=gettext_lazy("Organisation qui publie ici"), queryset=None)
    mode = forms.ChoiceField(
        label=gettext_lazy("Ce qui est repris"),
        choices=Source.MODES,
        initial=Mode.COPY,
        help_text=gettext_lazy(
            "La fiche seule montre un tableau de liens vers les fichiers, qui restent chez leur producteur. Demandées là-bas, les données "
            "d’un portail Opendatasoft ou Parvis se lisent ici sans y être : ni carte, ni graphique, ni historique."
        ),
    )
    publish = forms.BooleanField(
        label=gettext_lazy("Mettre en ligne ce qui peut l’être"),
        required=False,
        initial=True,
        help_text=gettext_lazy(
            "Un jeu sans licence, ou qui semble contenir des données personnelles, attend toujours une décision."
        ),
    )
    schedule = forms.CharField(
        label=gettext_lazy("Quand la lire"),
        required=False,
        max_length=100,
        initial="chaque nuit à 3 h",
        help_text=gettext_lazy(
            "« chaque nuit à 3 h », « toutes les 15 minutes », « le lundi à 6 h 30 », ou cinq champs de cron ; vide : à la demande."
        ),
    )
    territory = _filter(gettext_lazy("Seulement ces territoires"))
    organisations_kept = _filter(gettext_lazy("Seulement ces organisations"))
    theme = _filter(gettext_lazy("Seulement ces thèmes"))
    tag = _filter(gettext_lazy("Seulement ces mots-clés"))
    schema = _filter(gettext_lazy("Seulement ces schémas"))
    bbox = forms.CharField(label=gettext_lazy("Seulement dans ce rectangle"), required=False, max_length=200)
    only = _filter(gettext_lazy("Seulement ces jeux"))
    without = _filter(gettext_lazy("Sauf ces jeux"))
    default_licence = forms.ChoiceField(
        label=gettext_lazy("Licence des jeux qui n’en disent pas"),
        required=False,
        choices=[("", gettext_lazy("aucune : ils restent en brouillon"))]
        + [(row.slug, row.name) for row in LICENCES if row.slug != "other"],
    )
    licences = _mapping(gettext_lazy("Licences"), gettext_lazy("Une par ligne : « mot de la source = %s ».") % _KEYS)
    themes = _mapping(gettext_lazy("Thèmes"), gettext_lazy("Un par ligne : « mot de la source = %s ».") % _THEMES)
    organisations = _mapping(
        gettext_lazy("Organisations"),
        gettext_lazy(
            "Une par ligne : « nom dans la source = identifiant ici ». Les autres jeux vont à l’organisation choisie plus haut."
        ),
    )
    options = _mapping(
        gettext_lazy("Options du genre"),
        gettext_lazy("Une par ligne : « nom = valeur ». « files = each » fait un jeu de chaque fichier."),
    )
    header = forms.CharField(
        label=gettext_lazy("Nom de l’accès"),
        required=False,
        max_length=100,
        help_text=gettext_lazy(
            "Sur le web, l’en-tête de la clé : « Authorization » le plus souvent. Vide pour un mot de passe ; « private_key » pour une clé SSH."
        ),
    )
    secret = forms.CharField(
        label=gettext_lazy("Secret : clé ou mot de passe"),
        required=False,
        max_length=4_000,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Gardée chiffrée et plus jamais montrée ; laissez vide pour garder celle qui est là."),
    )
    gone_after = forms.IntegerField(
        label=gettext_lazy("Lectures sans un jeu avant de le retirer d’ici"),
        min_value=1,
        max_value=100,
        initial=3,
        help_text=gettext_lazy("Il n’est jamais supprimé, et revient de lui-même si la source l’a de nouveau."),
    )
    ignore_robots = forms.BooleanField(
        label=gettext_lazy("Lire même ce que robots.txt refuse"),
        required=False,
        help_text=gettext_lazy("Seulement avec l’accord du producteur."),
    )
    active = forms.BooleanField(label=gettext_lazy("En service"), required=False, initial=True)

    GROUPS = (
        ("", ("dialect", "url", "title", "organisation", "mode", "publish", "schedule")),
        (
            gettext_lazy("Ne prendre qu’une partie"),
            ("territory", "organisations_kept", "theme", "tag", "schema", "bbox", "only", "without"),
        ),
        (gettext_lazy("Correspondances"), ("default_licence", "licences", "themes", "organisations")),
        (gettext_lazy("Accès et réglages"), ("header", "secret", "options", "gone_after", "ignore_robots", "active")),
    )
    """Fields under the titles that fold them."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations_where(actor, "publish")
        self.fields["dialect"].choices = [(row.slug, gettext(row.label)) for row in DIALECTS.values()]
        for name in FILTERS:
            field = self.fields["organisations_kept" if name == "organisation" else name]
            field.help_text = gettext("Séparés par des virgules ; vide : tous.")
        self.fields["bbox"].help_text = gettext(
            "Ouest, sud, est, nord en degrés : « 1.9, 48.3, 2.7, 48.8 ». Un jeu qui ne dit pas où il est n’y est pas."
        )
        self.fields["only"].help_text = gettext(
            "Leurs identifiants, séparés par des virgules ; « budget-* » les prend tous."
        )
        self.fields["without"].help_text = self.fields["only"].help_text

    def clean(self) -> dict[str, Any]:
        """What is on lines, as a source holds it; BadMapping is told by the screen."""
        cleaned = super().clean() or {}
        fields = {name: "organisations_kept" if name == "organisation" else name for name in FILTERS}
        cleaned["filters"] = {
            name: [word.strip() for word in cleaned.get(field, "").split(",")] for name, field in fields.items()
        }
        return cleaned

    def values(self) -> dict[str, Any]:
        """What ``save_source`` takes; BadMapping."""
        row = self.cleaned_data
        plain = ("dialect", "url", "title", "mode", "publish", "schedule", "filters", "default_licence", "gone_after")
        return {
            **{name: row[name] for name in (*plain, "ignore_robots", "active")},
            "options": parsed_pairs(row["options"].splitlines()),
            "mapping": {name: parsed_pairs(row[name].splitlines()) for name in MAPPINGS},
        }

    @property
    def target(self) -> Organisation:
        """The organisation chosen."""
        return self.cleaned_data["organisation"]

    @property
    def secrets(self) -> dict[str, str] | None:
        """The header given; None leaves those that are there."""
        row = self.cleaned_data
        return {row["header"] or "Authorization": row["secret"]} if row["secret"] else None

    def sealed(self) -> str:
        """The header given, as a source keeps it; empty when none is."""
        return sealed(self.secrets or {})


def initial_of(source: Source) -> dict[str, Any]:
    """A source as its form shows it."""
    names = (
        "dialect",
        "url",
        "title",
        "organisation",
        "mode",
        "publish",
        "default_licence",
        "gone_after",
        "ignore_robots",
        "active",
    )
    spoken = phrase(source.schedule).text(SOURCE)
    return {
        **{name: getattr(source, name) for name in names},
        # What no phrase says is quoted there: the fields themselves are what can be read again.
        "schedule": source.schedule if "«" in spoken else spoken,
        **{("organisations_kept" if k == "organisation" else k): ", ".join(v) for k, v in source.filters.items()},
        **{name: _lines(source.mapping.get(name, {})) for name in MAPPINGS},
        "options": _lines(source.options),
    }


def _lines(pairs: Mapping[str, str]) -> str:
    return "\n".join(f"{word} = {slug}" for word, slug in pairs.items())
