"""The journal: who did what, when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn, Column

from parvis.hub.accounts.rules import Actor
from parvis.hub.audit.selectors import entries
from parvis.hub.backoffice.screens import ListScreen
from parvis.hub.catalogue.selectors import datasets_managed_by
from parvis.hub.ui.formatting import instant
from parvis.web.backoffice.journal_words import sentence_of
from parvis.web.backoffice.messages import actions, targets

if TYPE_CHECKING:
    from parvis.hub.audit.models import Entry


def entries_visible_to(actor: Actor) -> QuerySet[Entry]:
    """What the person may read of the journal: all of it with every right, else their own acts and those on their datasets."""
    if actor.everything:
        return entries()
    names = datasets_managed_by(actor).values("dataset_id")
    return entries().filter(Q(person_id=actor.person_id) | Q(target_kind="dataset", target__in=names))


class JournalFilters(WagtailFilterSet):
    """By act and by kind of thing."""

    action = django_filters.ChoiceFilter(
        label=gettext_lazy("Action"), choices=lambda: list(actions().items()), empty_label=gettext_lazy("tous")
    )
    target_kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Objet"),
        choices=lambda: list(targets().items()),
        empty_label=gettext_lazy("tous"),
        widget=forms.RadioSelect,
    )


def in_words(entry: Entry) -> SafeString:
    """The whole entry as a sentence, its thing a link when it has a page."""
    sentence = sentence_of(entry)
    return render_to_string("backoffice/parts/journal_sentence.html", {"sentence": sentence})


class JournalList(ListScreen):
    """The acts the person may read of, latest first."""

    page_title = gettext_lazy("Journal")
    header_icon = "history"
    index_url_name = "backoffice:journal"
    index_results_url_name = "backoffice:journal_results"
    filterset_class = JournalFilters
    default_ordering = "-at"
    search_fields = ["target", "actor"]
    is_searchable = True

    @cached_property
    def columns(self) -> list[BaseColumn]:
        """When, who, what."""
        return [
            Column("at", label=_("Quand"), accessor=lambda entry: instant(entry.at), sort_key="at"),
            Column("actor", label=_("Qui"), sort_key="actor"),
            Column("action", label=_("Action"), accessor=in_words, sort_key="action"),
        ]

    def get_base_queryset(self) -> QuerySet[Entry]:
        """What the person may read."""
        return entries_visible_to(self.actor)

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        """Whose name or target holds the words."""
        if not self.search_query:
            return queryset
        return queryset.filter(Q(target__icontains=self.search_query) | Q(actor__icontains=self.search_query))
