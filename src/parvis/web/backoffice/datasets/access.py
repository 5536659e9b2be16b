"""To whom a dataset is open."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from parvis.hub.accounts.selectors import organisations
from parvis.hub.accounts.services import CONTRIBUTORS
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import set_access
from parvis.hub.teams.selectors import groups_in_words
from parvis.web.backoffice.datasets.pages import DatasetScreen
from parvis.web.backoffice.words import ACCESS

UNUSED = ("Editors", "Moderators")
"""The groups that Wagtail makes for itself: offered once somebody is in them."""


class AccessForm(forms.Form):
    """Level, and who is named for it."""

    access = forms.ChoiceField(label=gettext_lazy("Accès"), choices=list(ACCESS.items()), widget=forms.RadioSelect)
    organisations = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Organisations (accès interne)"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Les membres de l’organisation qui publie y ont toujours accès."),
    )
    groups = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Groupes (accès restreint)"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    announced = forms.BooleanField(
        label=gettext_lazy("Annoncer ce jeu à tous"),
        required=False,
        help_text=gettext_lazy(
            "Pour un jeu interne ou restreint : chacun en voit la fiche, les lignes restent réservées."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisations"].queryset = organisations()
        nobody = Group.objects.filter(name__in=UNUSED, user__isnull=True)
        groups = Group.objects.exclude(name=CONTRIBUTORS).exclude(pk__in=nobody)
        self.fields["groups"].queryset = groups.order_by("name")
        words = groups_in_words()
        self.fields["groups"].label_from_instance = lambda group: words.get(group.pk, group.name)

    def clean(self) -> dict[str, Any]:
        """Restricted to nobody is a mistake."""
        values = super().clean() or {}
        if values.get("access") == Access.RESTRICTED and not values.get("groups"):
            self.add_error("groups", _("Choisissez au moins un groupe : sinon personne ne verrait ce jeu."))
        return values

    @classmethod
    def of(cls, dataset: Dataset) -> AccessForm:
        """The form as the dataset stands."""
        return cls(
            initial={
                "access": dataset.access,
                "organisations": dataset.allowed_organisations.all(),
                "groups": dataset.allowed_groups.all(),
                "announced": dataset.announced,
            }
        )


class AccessScreen(DatasetScreen):
    """Read and change the access level."""

    tab = "dataset_access"
    template_name = "backoffice/datasets/access.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form."""
        return {"form": AccessForm.of(self.dataset), **super().get_context_data(**kwargs), **kwargs}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Change it; the right is checked by the service."""
        form = AccessForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        values = form.cleaned_data
        set_access(
            self.actor,
            self.dataset,
            Access(values["access"]),
            list(values["organisations"]),
            list(values["groups"]),
            announced=values["announced"],
        )
        messages.success(request, _("L’accès est enregistré."))
        return redirect(self.here("dataset_access"))
