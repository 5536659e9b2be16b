"""The last two steps: say what the data is, then look at the whole and publish, or keep as a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from parvis.core.errors import RequestError
from parvis.core.titles import title_from
from parvis.hub.accounts.rules import may
from parvis.hub.accounts.selectors import organisation
from parvis.hub.backoffice.screens import sentence
from parvis.hub.catalogue.publication_checks import blockers_of
from parvis.hub.catalogue.rules import Access, checklist, missing_requirements
from parvis.hub.catalogue.selectors import card_of
from parvis.hub.catalogue.services import (
    create_dataset,
    free_dataset_id,
    publish,
    set_access,
    update_card,
    withhold_original,
)
from parvis.hub.datastore.selectors import ImportState, shape_of
from parvis.hub.datastore.services import attach_dataset, run_import
from parvis.hub.privacy.selectors import original_holds_persons
from parvis.hub.validation.services import adopt
from parvis.web.backoffice.assistant.pages import ImportScreen
from parvis.web.backoffice.assistant.proposals import proposed_card
from parvis.web.backoffice.assistant.rules import AT_WORK, resume_url
from parvis.web.backoffice.datasets.access import AccessForm
from parvis.web.backoffice.datasets.comparison import compare
from parvis.web.backoffice.datasets.forms import CardForm, initial_card

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset, Version


class IdentifierForm(forms.Form):
    """The permanent address of a new dataset."""

    dataset_id = forms.CharField(
        label=gettext_lazy("Identifiant"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Identifiant permanent ; créé d’après le titre si vous ne le renseignez pas."),
    )


def _access_form(*args: Any, **kwargs: Any) -> AccessForm:
    """Without the file received, which the last step asks about once it is known what it holds."""
    form = AccessForm(*args, **kwargs)
    del form.fields["original_withheld"]
    return form


class ResumeImport(ImportScreen):
    """The way to where the import goes on."""

    is_open = False


class DescribeScreen(ImportScreen):
    """The card; saving it has the version written."""

    step = "import_card"
    template_name = "backoffice/assistant/describe.html"

    @property
    def is_open(self) -> bool:
        """Unless work goes on or nothing was read yet."""
        return self.imported.state not in AT_WORK and bool(self.imported.findings or self.imported.version_id)

    def _forms(self, data: Any = None) -> tuple[CardForm, AccessForm, IdentifierForm | None]:
        dataset = self.imported.dataset
        if data is not None:
            identifier = None if dataset else IdentifierForm(data)
            return CardForm(self.actor, data), _access_form(data), identifier
        if dataset:
            return (
                CardForm(self.actor, initial=initial_card(card_of(dataset))),
                _access_form(initial=AccessForm.initial_of(dataset)),
                None,
            )
        proposed = proposed_card(self.actor, self.imported)
        card = CardForm(self.actor, initial={"title": title_from(self.name), "language": "fr", **proposed})
        return card, _access_form(initial={"access": Access.PUBLIC}), IdentifierForm()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The forms, and what a complete card has."""
        dataset = self.imported.dataset
        latest = dataset.revisions.first() if dataset else None
        context = {"based_on": latest.pk if latest else "", **super().get_context_data(**kwargs), **kwargs}
        if "form" not in context:
            context["form"], context["access_form"], context["identifier_form"] = self._forms()
        form = context["form"]
        values = form.data.dict() if form.is_bound else form.initial
        return {**context, "dataset": dataset, "checklist": checklist({**values, "version": True})}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Create or change the card, have the version written, go on."""
        card, access, identifier = shown = self._forms(request.POST)
        outcomes = [form.is_valid() for form in shown if form is not None]  # each, so that every fault shows
        if card.is_search or not all(outcomes):
            return self._again(shown, 200 if card.is_search else 422)
        try:
            with transaction.atomic():
                dataset = self._save(card.card(), access.cleaned_data, identifier)
                if self.imported.dataset_id is None:
                    attach_dataset(self.actor, self.imported, dataset)
                adopt(self.actor, self.imported)
        except RequestError as error:
            if error.code in ("dataset-id", "dataset-id-taken") and identifier:
                identifier.add_error("dataset_id", sentence(error))
            else:
                messages.error(request, sentence(error))
            return self._again(shown, 409)
        if self.imported.state not in (ImportState.DONE, ImportState.HELD):
            run_import(self.actor, self.imported)
        return redirect(resume_url(self.imported))

    def _again(self, shown: tuple[Any, Any, Any], status: int) -> HttpResponse:
        card, access, identifier = shown
        context = self.get_context_data(
            form=card, access_form=access, identifier_form=identifier, based_on=self.request.POST.get("based_on", "")
        )
        return self.render_to_response(context, status=status)

    def _save(self, card: dict[str, Any], access: dict[str, Any], identifier: IdentifierForm | None) -> Dataset:
        dataset = self.imported.dataset
        if dataset is None:
            dataset_id = identifier.cleaned_data["dataset_id"].strip() if identifier else ""
            owner = organisation(card["organisation"])
            dataset = create_dataset(self.actor, owner, dataset_id or free_dataset_id(card["title"]), card)
        else:
            based_on = self.request.POST.get("based_on", "")
            update_card(
                self.actor,
                dataset,
                card,
                based_on=int(based_on) if based_on.isdecimal() and len(based_on) < 18 else None,
            )
        level = Access(access["access"])
        named = ({o.pk for o in access["organisations"]}, {g.pk for g in access["groups"]})
        guarded = dataset.guarded
        announced = access["announced"] and level is not Access.PUBLIC
        all_of_them = access["all_organisations"] and level is Access.INTERNAL
        chosen_access = (level, announced, all_of_them, *named)
        if chosen_access != (
            dataset.access,
            dataset.announced,
            dataset.all_organisations,
            set(guarded.allowed_organisations),
            set(guarded.allowed_groups),
        ):
            set_access(
                self.actor,
                dataset,
                level,
                list(access["organisations"]),
                list(access["groups"]),
                announced=announced,
                all_organisations=all_of_them,
            )
        return dataset


class PublishScreen(ImportScreen):
    """The last step: the version is written and nobody sees it yet."""

    step = "import_publish"
    template_name = "backoffice/assistant/publish.html"

    @property
    def is_open(self) -> bool:
        """Once there is a version."""
        return self.imported.version is not None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What will be public, to whom, what changes."""
        imported = self.imported
        dataset, version = imported.dataset, imported.version
        card = {**card_of(dataset), "version": version.name}
        replaces = dataset.current is not None and dataset.current != version
        return {
            **super().get_context_data(**kwargs),
            "dataset": dataset,
            "version": version,
            "columns": list(shape_of(dataset, version)),
            "checklist": checklist(card),
            "missing": missing_requirements(card),
            "obstacles": blockers_of(dataset, version),
            "original_inside": self._original_inside(version),
            "may_publish": may(self.actor, "publish", dataset.organisation_id),
            "is_online": dataset.current == version and dataset.status == "published",
            "comparison": compare(dataset, dataset.current, version) if replaces else None,
        }

    def _original_inside(self, version: Version) -> bool:
        """Whether what it holds of persons keeps the received file inside, whatever is chosen."""
        return original_holds_persons(self.imported.dataset, version)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Publish, or leave as it is."""
        imported = self.imported
        if imported.version is None:
            return redirect(resume_url(imported))
        if not self._original_inside(imported.version):
            withhold_original(self.actor, imported.dataset, withheld="sans-original" in request.POST)
        if "publier" in request.POST:
            publish(self.actor, imported.dataset, imported.version)
            buttons = [messages.button(imported.dataset.get_absolute_url(), _("Voir la page publique"))]
            messages.success(request, _("« %s » est publié.") % imported.dataset.title, buttons=buttons)
        else:
            messages.success(request, _("« %s » reste en l’état ; la version est gardée.") % imported.dataset.title)
        return redirect("backoffice:dataset", imported.dataset.dataset_id)
