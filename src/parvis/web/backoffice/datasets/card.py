"""The card of a dataset."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages

from parvis.core.errors import RequestError
from parvis.hub.backoffice.screens import sentence
from parvis.hub.catalogue.rules import unheeded
from parvis.hub.catalogue.selectors import card_of
from parvis.hub.catalogue.services import update_card
from parvis.hub.validation.selectors import followed
from parvis.web.backoffice.datasets.children import children_shown
from parvis.web.backoffice.datasets.forms import CardForm, initial_card
from parvis.web.backoffice.datasets.inspire import InspireForm
from parvis.web.backoffice.datasets.pages import DatasetScreen


class CardScreen(DatasetScreen):
    """Read and change the card; refused when somebody else changed it meanwhile."""

    tab = "dataset"
    template_name = "backoffice/datasets/card.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, and the revision it is based on."""
        latest = self.dataset.revisions.first()
        context = {**super().get_context_data(**kwargs), "based_on": latest.pk if latest else ""}
        context.setdefault("form", self._form(initial=initial_card(card_of(self.dataset))))
        context.setdefault("inspire", InspireForm(self.dataset))
        return {**context, **children_shown(self.actor, self.dataset), **kwargs}

    def _form(self, *data: Any, **kwargs: Any) -> CardForm:
        row = followed(self.dataset)
        return CardForm(self.actor, *data, schema=row.name if row else "", **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save, or look for territories, or show what is wrong; what was typed is never lost."""
        form, inspire = self._form(request.POST), InspireForm(self.dataset, request.POST)
        based_on = request.POST.get("based_on", "")
        are_valid = [form.is_valid(), not inspire.is_there or inspire.is_valid()]
        if form.is_search or not all(are_valid):
            status = 200 if form.is_search else 422
            context = self.get_context_data(form=form, inspire=inspire, based_on=based_on)
            return self.render_to_response(context, status=status)
        card = {**form.card(), **({"inspire": inspire.block()} if inspire.is_there else {})}
        try:
            update_card(
                self.actor,
                self.dataset,
                card,
                based_on=int(based_on) if based_on.isdecimal() and len(based_on) < 18 else None,
            )
        except RequestError as error:
            messages.error(request, sentence(error))
            latest = self.dataset.revisions.first()
            context = self.get_context_data(form=form, inspire=inspire, based_on=based_on, changed_by=latest)
            return self.render_to_response(context, status=409)
        messages.success(request, _("La fiche est enregistrée."))
        for warning in unheeded(card_of(self.dataset)):
            messages.warning(request, f"{warning.label}. {warning.advice}")
        return redirect(self.here("dataset"))
