"""Who changed what on the card, when; and going back."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages

from parvis.core.errors import NotFound
from parvis.hub.audit.selectors import entries_about
from parvis.hub.catalogue.bulk import Difference, differences
from parvis.hub.catalogue.models import CardRevision
from parvis.hub.catalogue.services import restore_card
from parvis.web.backoffice.datasets.pages import DatasetScreen
from parvis.web.backoffice.datasets.words import field_label, shown_value

PAGE = 20
NOT_SHOWN = {"version"}
"""Attributes of a kept card that are not part of it."""


def shown(changes: list[Difference]) -> list[tuple[str, str, str]]:
    """Differences as label, value before, value after."""
    return [
        (field_label(change.field), shown_value(change.field, change.before), shown_value(change.field, change.after))
        for change in changes
        if change.field not in NOT_SHOWN
    ]


class HistoryScreen(DatasetScreen):
    """Revisions of the card with their differences, and the journal of the dataset."""

    tab = "dataset_history"
    template_name = "backoffice/datasets/history.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """A page of revisions, each against the one before it."""
        pages = Paginator(self.dataset.revisions.select_related("person"), PAGE)
        page = pages.get_page(self.request.GET.get("p"))
        start = page.start_index() - 1 if page.paginator.count else 0
        window = list(self.dataset.revisions.select_related("person")[start : start + PAGE + 1])
        rows = [(new, shown(differences(old.card, new.card))) for new, old in pairwise(window)]
        if window and len(rows) < PAGE:
            rows.append((window[-1], None))
        return {
            **super().get_context_data(**kwargs),
            "page": page,
            "rows": rows,
            "latest": self.dataset.revisions.first(),
            "entries": entries_about("dataset", self.dataset.dataset_id)[:50],
        }


class RestoreRevision(DatasetScreen):
    """Bring the card back to a revision, once the differences were seen."""

    tab = "dataset_history"
    template_name = "backoffice/datasets/restore.html"

    def revision(self) -> CardRevision:
        """The revision of the address."""
        found = self.dataset.revisions.filter(pk=self.kwargs["revision"]).first()
        if found is None:
            raise NotFound(name=str(self.kwargs["revision"]))
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What would change."""
        revision, latest = self.revision(), self.dataset.revisions.first()
        changes = shown(differences(latest.card, revision.card))
        return {**super().get_context_data(**kwargs), "revision": revision, "changes": changes}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Bring it back."""
        restore_card(self.actor, self.dataset, self.revision())
        messages.success(request, _("La fiche est rétablie."))
        return redirect(self.here("dataset_history"))
