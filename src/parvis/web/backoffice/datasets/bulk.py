"""The same change on many cards: choose, see each before and after, apply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from parvis.hub.accounts.rules import Actor
from parvis.hub.accounts.selectors import organisations_where
from parvis.hub.backoffice.screens import FormScreen
from parvis.hub.catalogue.bulk import Edit, differences, edited
from parvis.hub.catalogue.selectors import card_of, datasets_managed_by
from parvis.hub.catalogue.services import update_cards
from parvis.web.backoffice.datasets.dataset_list import MOST_AT_ONCE, theme_choices
from parvis.web.backoffice.datasets.forms import WordsField, frequency_choices, licence_choices
from parvis.web.backoffice.datasets.history import shown

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

UNCHANGED = ("", gettext_lazy("ne rien changer"))


class BulkForm(forms.Form):
    """What to change; what is left empty stays as it is on every card."""

    organisation = forms.ChoiceField(
        label=gettext_lazy("Rattacher à"), required=False, widget=forms.Select(attrs={"data-combobox": ""})
    )
    licence = forms.ChoiceField(label=gettext_lazy("Licence"), required=False)
    frequency = forms.ChoiceField(label=gettext_lazy("Fréquence de mise à jour"), required=False)
    themes_add = forms.MultipleChoiceField(
        label=gettext_lazy("Ajouter des thèmes"), required=False, widget=forms.CheckboxSelectMultiple
    )
    themes_remove = forms.MultipleChoiceField(
        label=gettext_lazy("Retirer des thèmes"), required=False, widget=forms.CheckboxSelectMultiple
    )
    keywords_add = WordsField(label=gettext_lazy("Ajouter des mots-clés"), required=False)
    keywords_remove = WordsField(label=gettext_lazy("Retirer des mots-clés"), required=False)
    contact_name = forms.CharField(label=gettext_lazy("Contact"), required=False, max_length=120)
    contact_email = forms.EmailField(label=gettext_lazy("Adresse du contact"), required=False)
    source = forms.CharField(label=gettext_lazy("Source"), required=False, max_length=300)
    personal_data = forms.CharField(label=gettext_lazy("Données personnelles"), required=False, max_length=500)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organisations = [(found.slug, found.name) for found in organisations_where(actor, "edit")]
        self.fields["organisation"].choices = [UNCHANGED, *organisations]
        self.fields["licence"].choices = [UNCHANGED, *licence_choices()]
        self.fields["frequency"].choices = [UNCHANGED, *frequency_choices()]
        self.fields["themes_add"].choices = self.fields["themes_remove"].choices = theme_choices()

    def edits(self) -> list[Edit]:
        """What was filled in, as instructions."""
        edits = []
        for name, value in self.cleaned_data.items():
            if value:
                field, _underscore, operation = (
                    name.partition("_") if name.endswith(("_add", "_remove")) else (name, "", "")
                )
                edits.append(Edit(field, operation or "replace", value))
        return edits


class BulkScreen(FormScreen):
    """Choose (GET), preview (POST ``apercu``), apply (POST ``appliquer``)."""

    page_title = gettext_lazy("Modifier plusieurs fiches")
    header_icon = "edit"
    template_name = "backoffice/datasets/bulk.html"
    form_class = BulkForm

    def trail(self) -> list[tuple[str, str]]:
        """The list of datasets."""
        return [(reverse("backoffice:datasets"), _("Jeux de données"))]

    @cached_property
    def asked(self) -> QueryDict:
        """Where the selection is: the address first, then the form."""
        return self.request.POST if self.request.method == "POST" else self.request.GET

    @cached_property
    def datasets(self) -> QuerySet[Dataset]:
        """The chosen datasets among those the person may edit; others are left out as if they did not exist."""
        keys = [key for key in self.asked.getlist("id") if key.isdigit()][:MOST_AT_ONCE]
        return datasets_managed_by(self.actor).filter(pk__in=keys)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, or back to the list when nothing is chosen."""
        if not self.datasets:
            messages.warning(request, _("Cochez d’abord les jeux à modifier."))
            return redirect("backoffice:datasets")
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Whose organisations are offered."""
        return {**super().get_form_kwargs(), "actor": self.actor}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form and the chosen datasets."""
        return {**super().get_context_data(**kwargs), "datasets": self.datasets}

    def act(self, form: BulkForm) -> HttpResponse:
        """Show each card before and after, or write them all."""
        edits = form.edits()
        changes = [(dataset, edited(card_of(dataset), edits)) for dataset in self.datasets]
        changes = [(dataset, card) for dataset, card in changes if card]
        if "appliquer" in self.request.POST and changes:
            count = update_cards(self.actor, changes)
            done = ngettext("%s fiche est modifiée.", "%s fiches sont modifiées.", count)
            messages.success(self.request, done % count)
            return redirect("backoffice:datasets")
        preview = [(dataset, shown(differences(card_of(dataset), card))) for dataset, card in changes]
        unchanged = self.datasets.count() - len(changes)
        return self.render_to_response(self.get_context_data(form=form, preview=preview, unchanged=unchanged))
