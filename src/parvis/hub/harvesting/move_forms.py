"""The form of a portal that moves in; its key is never written in it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from parvis.core.metadata import LICENCES
from parvis.hub.accounts.rules import Actor
from parvis.hub.accounts.selectors import organisations_where
from parvis.hub.harvesting.files import EACH, OPTION
from parvis.hub.harvesting.forms import FoldedForm
from parvis.hub.harvesting.models import MovePlan, Source
from parvis.hub.harvesting.move_kinds import MOVE_KINDS
from parvis.hub.harvesting.move_rest import parts_left_out, parts_of_rest


class MoveForm(FoldedForm):
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
    kind = forms.ChoiceField(
        label=gettext_lazy("Genre de portail"),
        required=False,
        choices=[("", gettext_lazy("le reconnaître")), *((slug, kind.name) for slug, kind in MOVE_KINDS.items())],
        help_text=gettext_lazy("L’essai le reconnaît à ce que le portail répond, et dit à quoi."),
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
    each_table = forms.BooleanField(
        label=gettext_lazy("Un jeu par tableau"),
        required=False,
        help_text=gettext_lazy(
            "De CKAN et d’udata : quand un jeu en a plusieurs. Sinon le meilleur tableau donne les lignes, et les autres sont joints."
        ),
    )
    parts_left = forms.MultipleChoiceField(
        label=gettext_lazy("Parties du portail à laisser"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "D’Opendatasoft, de CKAN et d’udata, ce qui n’est pas un jeu vient aussi, en brouillon ou à lire. Ce qui est coché ne vient pas."
        ),
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
        help_text=gettext_lazy("Tous les jeux restent en brouillon ; vous les publierez ensuite."),
    )
    ignore_robots = forms.BooleanField(
        label=gettext_lazy("Lire même ce que robots.txt refuse"),
        required=False,
        help_text=gettext_lazy("Seulement si ce portail est le vôtre."),
    )

    GROUPS = (
        ("", ("url", "organisation", "key", "draft")),
        (gettext_lazy("Ne prendre qu’une partie"), ("only", "without", "parts_left")),
        (gettext_lazy("Autres réglages"), ("kind", "licence", "each_table", "ignore_robots")),
    )

    def __init__(self, *args: Any, actor: Actor, kind: str = "", **kwargs: Any) -> None:
        """``kind``: that of the portal, once it is known; what its kind has not is not offered."""
        super().__init__(*args, **kwargs)
        self.fields["parts_left"].choices = list(parts_of_rest(kind).items())
        if kind and not parts_of_rest(kind):
            del self.fields["parts_left"]
        if kind and not MOVE_KINDS[kind].has_tables:
            del self.fields["each_table"]
        self.fields["organisation"].queryset = organisations_where(actor, "administer")

    def values(self) -> dict[str, Any]:
        """What ``set_move`` takes."""
        row = self.cleaned_data
        return {
            "url": row["url"].strip().rstrip("/"),
            "kind": row["kind"],
            "each_table": row.get("each_table"),
            "parts_left": row.get("parts_left"),
            "only": _listed(row["only"]),
            "without": _listed(row["without"]),
            "licence": row["licence"],
            "draft": row["draft"],
            "ignore_robots": row["ignore_robots"],
        }


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
        "kind": "" if MovePlan.objects.filter(source=source, asks_kind=True).exists() else source.dialect,
        "each_table": source.options.get(OPTION) == EACH,
        "parts_left": parts_left_out(source),
        "only": ", ".join(source.filters.get("only", [])),
        "without": ", ".join(source.filters.get("without", [])),
        "licence": source.default_licence,
        "draft": not source.publish,
        "ignore_robots": source.ignore_robots,
    }


def _listed(text: str) -> list[str]:
    return [word for part in text.split(",") if (word := part.strip())]
