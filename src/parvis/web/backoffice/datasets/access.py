"""To whom a dataset is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.core.closures import CLOSURES
from parvis.hub.accounts.selectors import organisations
from parvis.hub.backoffice.screens import WithForm
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import set_access, withhold_original
from parvis.hub.teams.selectors import groups_in_words, groups_of_readers
from parvis.web.backoffice.datasets.pages import DatasetScreen
from parvis.web.backoffice.messages import ACCESS

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset


def closure_choices() -> list[tuple[str, str]]:
    """The reasons in the language of the page, each with its article."""
    return [(row.slug, f"{_(row.label)} ({row.article})") for row in CLOSURES]


class AccessForm(forms.Form):
    """Level, and who is named for it."""

    access = forms.ChoiceField(label=gettext_lazy("Accès"), choices=list(ACCESS.items()), widget=forms.RadioSelect)
    all_organisations = forms.BooleanField(
        label=gettext_lazy("Toutes les organisations du portail"),
        required=False,
        help_text=gettext_lazy(
            "Pour un jeu interne : les membres de chacune y ont accès, y compris de celles à venir."
        ),
    )
    organisations = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Organisations (accès interne)"),
        queryset=None,
        required=False,
        widget=forms.SelectMultiple(attrs={"data-combobox": ""}),
        help_text=gettext_lazy("Les membres de l’organisation qui publie y ont toujours accès."),
    )
    groups = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Groupes (accès restreint)"),
        queryset=None,
        required=False,
        widget=forms.SelectMultiple(attrs={"data-combobox": ""}),
    )

    announced = forms.BooleanField(
        label=gettext_lazy("Annoncer ce jeu à tous"),
        required=False,
        help_text=gettext_lazy(
            "Pour un jeu interne ou restreint : chacun en voit la fiche, les lignes restent réservées."
        ),
    )

    closure = forms.MultipleChoiceField(
        label=gettext_lazy("Motif de l’accès réservé"),
        choices=closure_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Pourquoi la loi permet de ne pas ouvrir ces données ; la fiche annoncée le dit à tous."
        ),
    )
    closure_note = forms.CharField(
        label=gettext_lazy("Précisions sur l’accès réservé"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Public : ce qui est protégé, jusqu’à quand, ce qui peut en être communiqué."),
    )

    original_withheld = forms.BooleanField(
        label=gettext_lazy("Ne pas publier le fichier d’origine"),
        required=False,
        help_text=gettext_lazy("Seul le tableau est en ligne, dans tous les formats d’export."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisations"].queryset = organisations()
        self.fields["groups"].queryset = groups_of_readers()
        words = groups_in_words()
        self.fields["groups"].label_from_instance = lambda group: words.get(group.pk, group.name)

    def clean(self) -> dict[str, Any]:
        """Restricted to nobody is a mistake."""
        values = super().clean() or {}
        if values.get("access") == Access.RESTRICTED and not values.get("groups"):
            self.add_error("groups", _("Choisissez au moins un groupe : sinon personne ne verrait ce jeu."))
        return values

    @staticmethod
    def initial_of(dataset: Dataset) -> dict[str, Any]:
        """The form as the dataset stands."""
        return {
            "access": dataset.access,
            "all_organisations": dataset.all_organisations,
            "organisations": dataset.allowed_organisations.all(),
            "groups": dataset.allowed_groups.all(),
            "announced": dataset.announced,
            "closure": dataset.closure,
            "closure_note": dataset.closure_note,
            "original_withheld": dataset.original_withheld,
        }


class AccessScreen(WithForm, DatasetScreen):
    """Read and change the access level."""

    tab = "dataset_access"
    template_name = "backoffice/datasets/access.html"
    form_class = AccessForm
    done = gettext_lazy("L’accès est enregistré.")

    def get_initial(self) -> dict[str, Any]:
        """As the dataset stands."""
        return AccessForm.initial_of(self.dataset)

    def act(self, form: AccessForm) -> None:
        """Change it; the right is checked by the service."""
        values = form.cleaned_data
        named = list(values["organisations"]), list(values["groups"])
        set_access(
            self.actor,
            self.dataset,
            Access(values["access"]),
            *named,
            announced=values["announced"],
            all_organisations=values["all_organisations"],
            closure=values["closure"],
            closure_note=values["closure_note"],
        )
        withhold_original(self.actor, self.dataset, withheld=values["original_withheld"])
