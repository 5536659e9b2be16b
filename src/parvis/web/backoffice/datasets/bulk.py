"""The same change on many cards: choose, see each before and after, apply."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
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
from parvis.hub.catalogue.attention import proposed_high_value
from parvis.hub.catalogue.bulk import Edit, differences, edited
from parvis.hub.catalogue.selectors import card_of, datasets_managed_by
from parvis.hub.catalogue.services import update_cards
from parvis.web.backoffice.datasets.access import closure_choices
from parvis.web.backoffice.datasets.dataset_list import MOST_AT_ONCE, theme_choices
from parvis.web.backoffice.datasets.forms import WordsField, frequency_choices, hvd_choices, licence_choices
from parvis.web.backoffice.datasets.history import shown
from parvis.web.backoffice.datasets.inspire import NO, YES
from parvis.web.backoffice.datasets.inspire import theme_choices as inspire_theme_choices

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

UNCHANGED = ("", gettext_lazy("ne rien changer"))


REFUSED, UNDECIDED = "refused", "undecided"


def _proposed_to(label: str, count: int) -> str:
    words = ngettext("%(label)s (%(count)s jeu en parle)", "%(label)s (%(count)s jeux en parlent)", count)
    return words % {"label": label, "count": count}


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

    hvd_add = forms.MultipleChoiceField(
        label=gettext_lazy("Ajouter des catégories de forte valeur"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Entre parenthèses, les jeux choisis dont les mots en parlent : une proposition, à vérifier."
        ),
    )
    hvd_remove = forms.MultipleChoiceField(
        label=gettext_lazy("Retirer des catégories de forte valeur"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    hvd_refused = forms.ChoiceField(
        label=gettext_lazy("Jeux de forte valeur"),
        required=False,
        choices=[
            UNCHANGED,
            (REFUSED, gettext_lazy("ce n’en sont pas")),
            (UNDECIDED, gettext_lazy("ce n’est pas décidé")),
        ],
    )
    closure_add = forms.MultipleChoiceField(
        label=gettext_lazy("Ajouter des motifs d’accès réservé"),
        required=False,
        choices=closure_choices,
        widget=forms.CheckboxSelectMultiple,
    )
    inspire_scope = forms.ChoiceField(
        label=gettext_lazy("Dans le champ d’INSPIRE"),
        required=False,
        choices=[UNCHANGED, (YES, gettext_lazy("oui")), (NO, gettext_lazy("non"))],
    )
    inspire_themes = forms.MultipleChoiceField(
        label=gettext_lazy("Thèmes INSPIRE"),
        required=False,
        choices=inspire_theme_choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Ceux-ci à la place des leurs."),
    )

    def __init__(self, actor: Actor, *args: Any, proposals: Mapping[str, int] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        speaking = proposals or {}
        self.fields["hvd_remove"].choices = hvd_choices()
        self.fields["hvd_add"].choices = [
            (slug, _proposed_to(label, speaking[slug]) if speaking.get(slug) else label)
            for slug, label in hvd_choices()
        ]
        organisations = [(found.slug, found.name) for found in organisations_where(actor, "edit")]
        self.fields["organisation"].choices = [UNCHANGED, *organisations]
        self.fields["licence"].choices = [UNCHANGED, *licence_choices()]
        self.fields["frequency"].choices = [UNCHANGED, *frequency_choices()]
        self.fields["themes_add"].choices = self.fields["themes_remove"].choices = theme_choices()

    def clean(self) -> dict[str, Any]:
        """What is of high value is not refused to be."""
        values = super().clean() or {}
        if values.get("hvd_add") and values.get("hvd_refused") == REFUSED:
            self.add_error("hvd_refused", _("Choisissez des catégories, ou dites qu’il n’est d’aucune."))
        return values

    def edits(self) -> list[Edit]:
        """What was filled in, as instructions."""
        values = dict(self.cleaned_data)
        refused, scope = values.pop("hvd_refused"), values.pop("inspire_scope")
        block = {"themes": themes} if (themes := values.pop("inspire_themes")) else {}
        block |= {"scope": scope == YES} if scope else {}
        edits = [Edit("inspire", "merge", block)] if block else []
        if refused:
            edits += [Edit("hvd_refused", "replace", refused == REFUSED)]
            edits += [Edit("hvd", "replace", [])] if refused == REFUSED else []
        elif values["hvd_add"]:
            edits.append(Edit("hvd_refused", "replace", False))
        for name, value in values.items():
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
        """Whose organisations are offered, and of which categories the chosen datasets speak."""
        proposals = Counter(slug for slugs in proposed_high_value(self.datasets).values() for slug in slugs)
        return {**super().get_form_kwargs(), "actor": self.actor, "proposals": proposals}

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
