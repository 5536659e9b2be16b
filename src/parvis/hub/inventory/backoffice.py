"""« Inventaire » in the back office: a steward says what their organisation publishes, plans, or does not hold."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from parvis.core.errors import NotFound
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import require
from parvis.hub.accounts.selectors import organisations_where
from parvis.hub.backoffice.screens import Screen, ScreenSet
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.selectors import datasets_managed_by
from parvis.hub.inventory.presentation import duty_name, standing_name
from parvis.hub.inventory.rules import Fact
from parvis.hub.inventory.selectors import inventory_of, progress
from parvis.hub.inventory.services import NotInInventory, say
from parvis.packs.inventory.rows import HOLDERS


class InventoryScreen(Screen):
    """The target list of one organisation, each row with its own small form."""

    page_title = gettext_lazy("Inventaire")
    header_icon = "list-ul"
    template_name = "inventory/backoffice/inventory.html"

    @cached_property
    def choices(self) -> list[Organisation]:
        """The local authorities for which the person may answer."""
        return list(organisations_where(self.actor, "publish").filter(kind__in=HOLDERS))

    @cached_property
    def organisation(self) -> Organisation | None:
        """The one asked for, the first one when none is; NotFound for another's."""
        slug = self.request.GET.get("organisation", "")
        if not slug:
            return self.choices[0] if self.choices else None
        organisation = next((row for row in self.choices if row.slug == slug), None)
        if organisation is None:
            raise NotFound(name=slug)
        return organisation

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Figures, rows, the datasets to choose from."""
        facts: dict[str, Any] = {"choices": self.choices, "organisation": self.organisation, "rows": [], "datasets": []}
        if self.organisation is not None:
            items = inventory_of(self.actor, self.organisation)
            facts["counts"] = progress(items)
            facts["rows"] = [(item, standing_name(item.standing), duty_name(item.usual.duty)) for item in items]
            facts["datasets"] = self._datasets(self.organisation)
        return {**super().get_context_data(**kwargs), **facts}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep what was said of one row; naming a dataset says that it is published."""
        organisation = self.organisation
        if organisation is None:
            raise NotFound(name="inventaire")
        require(self.actor, "publish", organisation.pk, f"tenir l’inventaire de {organisation.name}")
        status, dataset = self._answer(organisation, request.POST.get("reponse", ""))
        say(self.actor, organisation, request.POST.get("ligne", "")[:60], status, dataset, request.POST.get("note", ""))
        messages.success(request, _("C’est noté."))
        return redirect(f"{request.path}?organisation={organisation.slug}")

    def _answer(self, organisation: Organisation, text: str) -> tuple[Fact | None, Dataset | None]:
        """``planned``, ``not-ours``, nothing, or the identifier of a dataset after ``jeu:``."""
        if text.startswith("jeu:"):
            dataset = self._datasets(organisation).filter(dataset_id=text.removeprefix("jeu:")).first()
            if dataset is None:
                raise NotInInventory(name=text)
            return Fact.PUBLISHED, dataset
        if text in (Fact.PLANNED, Fact.NOT_OURS):
            return Fact(text), None
        return None, None

    def _datasets(self, organisation: Organisation) -> Any:
        return datasets_managed_by(self.actor).filter(organisation=organisation).order_by("title")


SCREENS = ScreenSet("inventory_admin", "inventaire", ("", InventoryScreen, "inventory"), menu_order=150)
