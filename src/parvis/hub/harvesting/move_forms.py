"""The form of a portal that moves in; its key is never written in it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from parvis.core.metadata import LICENCES
from parvis.hub.accounts.rules import Actor
from parvis.hub.accounts.selectors import organisations_where
from parvis.hub.harvesting.models import Source
from parvis.hub.harvesting.move_services import move_values


class MoveForm(forms.Form):
    """Which portal, with what key, to whom its datasets go."""

    url = forms.CharField(
        label=gettext_lazy("Adresse du portail"),
        max_length=1000,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url", "spellcheck": "false"}),
        help_text=gettext_lazy("Telle que votre navigateur l’ouvre : https://data.exemple.fr"),
    )
    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Organisation qui reçoit les jeux"),
        queryset=None,
        help_text=gettext_lazy("Ceux dont le producteur n’est relié à aucune autre, à l’étape suivante."),
    )
    key = forms.CharField(
        label=gettext_lazy("Clé d’API du portail"),
        required=False,
        max_length=4_000,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy(
            "Avec elle, les jeux réservés viennent aussi, et restent réservés. Gardée chiffrée et plus jamais montrée ; vide : celle qui est "
            "là reste."
        ),
    )
    only = forms.CharField(
        label=gettext_lazy("Seulement ces jeux"),
        required=False,
        max_length=2_000,
        help_text=gettext_lazy("Leurs identifiants, séparés par des virgules ; « budget-* » les prend tous."),
    )
    without = forms.CharField(
        label=gettext_lazy("Sauf ces jeux"),
        required=False,
        max_length=2_000,
        help_text=gettext_lazy("De la même façon."),
    )
    licence = forms.ChoiceField(
        label=gettext_lazy("Licence des jeux qui n’en disent pas"),
        required=False,
        choices=[("", gettext_lazy("aucune : ils restent en brouillon"))]
        + [(row.slug, row.name) for row in LICENCES if row.slug != "other"],
    )
    draft = forms.BooleanField(
        label=gettext_lazy("Ne rien mettre en ligne"),
        required=False,
        help_text=gettext_lazy("Tous les jeux restent en brouillon, jusqu’à ce que vous les publiiez."),
    )
    ignore_robots = forms.BooleanField(
        label=gettext_lazy("Lire même ce que robots.txt refuse"),
        required=False,
        help_text=gettext_lazy("Seulement si ce portail est le vôtre."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations_where(actor, "administer")

    def values(self) -> dict[str, Any]:
        """What ``set_move`` takes."""
        row = self.cleaned_data
        return move_values(
            row["url"].strip().rstrip("/"),
            only=_listed(row["only"]),
            without=_listed(row["without"]),
            licence=row["licence"],
            draft=row["draft"],
            ignore_robots=row["ignore_robots"],
        )


class WordsFileForm(forms.Form):
    """A table of words that comes back from a spreadsheet."""

    table = forms.FileField(
        label=gettext_lazy("Le tableau corrigé (CSV)"),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        help_text=gettext_lazy("Ses mots remplacent ceux de cette page ; ceux qui n’y sont pas restent."),
    )


def move_initial(source: Source) -> dict[str, Any]:
    """A move as its form shows it."""
    return {
        "url": source.url,
        "organisation": source.organisation_id,
        "only": ", ".join(source.filters.get("only", [])),
        "without": ", ".join(source.filters.get("without", [])),
        "licence": source.default_licence,
        "draft": not source.publish,
        "ignore_robots": source.ignore_robots,
    }


def _listed(text: str) -> list[str]:
    return [word for part in text.split(",") if (word := part.strip())]
