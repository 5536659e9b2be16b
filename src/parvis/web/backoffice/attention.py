"""What the home of the back office shows: what needs attention, what is being done, what was done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.ui.components import Component

from parvis.hub.accounts.selectors import actor_of
from parvis.hub.backoffice.policies import may_deposit
from parvis.hub.backoffice.screens import stored_sentence
from parvis.hub.catalogue.attention import incomplete, late, needing
from parvis.hub.catalogue.rules import Status
from parvis.hub.catalogue.selectors import datasets_managed_by
from parvis.hub.datastore.selectors import ImportState as State
from parvis.hub.datastore.selectors import imports_visible_to
from parvis.hub.deliveries.messages import sentences_of
from parvis.hub.deliveries.selectors import deliveries_to_decide
from parvis.hub.pages.page_drafts import sites_written_by
from parvis.hub.sites.selectors import site_names
from parvis.web.backoffice.assistant.progress import job_progress
from parvis.web.backoffice.assistant.rules import AT_WORK, resume_url
from parvis.web.backoffice.journal import entries_visible_to
from parvis.web.backoffice.journal_words import sentences

if TYPE_CHECKING:
    from parvis.hub.audit.models import Entry

SHOWN = 6
MOST_SITES = 200


class Panel(Component):
    """A panel of the home; ``rows`` are read for the person who looks."""

    template_name = ""
    order = 100

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.actor = actor_of(request.user)


class ImportsPanel(Panel):
    """Imports that wait for a person, that were refused, that run."""

    template_name = "backoffice/panels/imports.html"
    order = 10

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        """Each import with its file, its error, where it goes on."""
        visible = imports_visible_to(self.actor)
        waiting = visible.filter(state__in=(State.STOPPED, State.EXAMINED, State.WAITING))
        refused = visible.filter(state__in=(State.REFUSED, State.FAILED))
        running = [row for row in visible.filter(state__in=AT_WORK) if row.job]
        return {
            "waiting": [(row, resume_url(row)) for row in waiting[:SHOWN]],
            "refused": [(row, resume_url(row), stored_sentence(row.error)[0]) for row in refused[:SHOWN]],
            "running": [(row, resume_url(row), job_progress(row.job)) for row in running[:SHOWN]],
            "may_deposit": may_deposit(self.request.user),
        }


class DeliveriesPanel(Panel):
    """Deliveries that wait for a decision of the person; nothing at all when none does."""

    template_name = "backoffice/panels/deliveries.html"
    order = 15

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        """The oldest first, with what is odd of each."""
        waiting = deliveries_to_decide(self.actor).order_by("created", "pk")
        rows = [(delivery, sentences_of(delivery)) for delivery in waiting[:SHOWN]]
        return {"deliveries": rows, "count": waiting.count()}


class DatasetsPanel(Panel):
    """Drafts, late datasets, cards that leave something unsaid."""

    template_name = "backoffice/panels/datasets.html"
    order = 20

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        """The first of each, and how many there are."""
        managed = datasets_managed_by(self.actor)
        lists = {
            "drafts": managed.filter(status=Status.DRAFT),
            "late": needing(managed, late(timezone.now())).order_by("data_modified"),
            "incomplete": needing(managed, incomplete()).filter(status=Status.PUBLISHED),
        }
        context: dict[str, Any] = {name: found[:SHOWN] for name, found in lists.items()}
        context.update({f"{name}_count": found.count() for name, found in lists.items()})
        context["total"] = managed.exclude(status=Status.DELETED).count()
        context["published"] = managed.filter(status=Status.PUBLISHED).count()
        return context


class PagesPanel(Panel):
    """Writing a page, on each site that the person writes."""

    template_name = "backoffice/panels/pages.html"
    order = 30

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        """The sites, the main one first; none for who writes no page."""
        names = site_names()
        return {"sites": [(site, names[site.pk]) for site in sites_written_by(self.request.user)[:MOST_SITES]]}


class ActsPanel(Panel):
    """The latest acts."""

    template_name = "backoffice/panels/acts.html"
    order = 30

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        """Each act in words."""
        entries: QuerySet[Entry] = entries_visible_to(self.actor)[:10]
        return {"acts": sentences(entries)}


PANELS = (ImportsPanel, DeliveriesPanel, DatasetsPanel, PagesPanel, ActsPanel)
