"""The list of datasets: filters, sort, selection for a change in bulk."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn, Column, StatusTagColumn, TitleColumn
from wagtail.admin.widgets.button import HeaderButton

from parvis.core.metadata import THEMES
from parvis.hub.accounts.selectors import actor_of, organisations_where
from parvis.hub.backoffice.policies import may_deposit
from parvis.hub.backoffice.screens import ListScreen
from parvis.hub.catalogue.attention import (
    incomplete,
    is_late,
    late,
    needing,
    undecided_high_value,
    unexplained,
)
from parvis.hub.catalogue.languages import progress_of
from parvis.hub.catalogue.rules import Status, checklist
from parvis.hub.catalogue.selectors import ACCESS_CHOICES, STATUS_CHOICES, card_of, datasets_managed_by, folded_title
from parvis.hub.ui.formatting import day, percent

if TYPE_CHECKING:
    from parvis.hub.accounts.models import Organisation
    from parvis.hub.catalogue.models import Dataset

ATTENTION = [
    ("late", gettext_lazy("en retard")),
    ("incomplete", gettext_lazy("fiche incomplète")),
    ("closed", gettext_lazy("accès réservé sans motif")),
    ("hvd", gettext_lazy("forte valeur proposée, non décidée")),
]


def theme_choices() -> list[tuple[str, str]]:
    """The themes in the language of the page."""
    return [(term.slug, _(term.label)) for term in THEMES]


def _editable(request: Any) -> QuerySet[Organisation]:
    return organisations_where(actor_of(request.user), "edit")


MOST_AT_ONCE = 500
"""Datasets that one form may change: what the address of their list may name."""


class DatasetFilters(WagtailFilterSet):
    """By organisation, state, theme, access, and what needs attention."""

    organisation = django_filters.ModelMultipleChoiceFilter(
        label=gettext_lazy("Organisation"), queryset=_editable, widget=forms.CheckboxSelectMultiple
    )
    status = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("État"),
        choices=STATUS_CHOICES,
        method="filter_status",
        widget=forms.CheckboxSelectMultiple,
    )
    theme = django_filters.ChoiceFilter(
        label=gettext_lazy("Thème"),
        choices=theme_choices,
        method="filter_theme",
        empty_label=gettext_lazy("tous"),
        widget=forms.RadioSelect,
    )
    access = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Accès"), choices=ACCESS_CHOICES, widget=forms.CheckboxSelectMultiple
    )
    attention = django_filters.ChoiceFilter(
        label=gettext_lazy("À surveiller"),
        choices=ATTENTION,
        method="filter_attention",
        empty_label=gettext_lazy("tous"),
        widget=forms.RadioSelect,
    )

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """As asked; what lies in the bin only shows when it is asked for."""
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("status") else rows.exclude(status=Status.DELETED)

    def filter_status(self, queryset: QuerySet, _name: str, values: list[str]) -> QuerySet:
        """In one of these states."""
        return queryset.filter(status__in=values) if values else queryset

    def filter_theme(self, queryset: QuerySet, _name: str, value: str) -> QuerySet:
        """Of that theme."""
        # SQLite has no ``contains`` on JSON; a slug between quotes cannot be part of another.
        return queryset.filter(themes__icontains=f'"{value}"')

    def filter_attention(self, queryset: QuerySet, _name: str, value: str) -> QuerySet:
        """Late, said too little of, closed without a reason, of high value perhaps."""
        if value == "hvd":
            return needing(queryset, undecided_high_value(queryset.exclude(status=Status.DELETED)))
        return needing(queryset, _ATTENTION[value]())


_ATTENTION = {"late": lambda: late(timezone.now()), "incomplete": incomplete, "closed": unexplained}


class SelectionColumn(BaseColumn):
    """A box to tick for each dataset, part of the form ``lot`` around the list."""

    header_template_name = "backoffice/datasets/selection_header.html"
    cell_template_name = "backoffice/datasets/selection_cell.html"


def completeness(dataset: Dataset) -> SafeString:
    """How many of the things a card should say are said, and how many must still be."""
    rows = checklist(card_of(dataset))
    met = sum(1 for _requirement, done in rows if done)
    missing = [str(requirement.label) for requirement, done in rows if not done]
    if not missing:
        return format_html("{}", _("complète"))
    label = _("%(met)s sur %(all)s") % {"met": met, "all": len(rows)}
    return format_html('<span title="{}">{}</span>', _("Manque : %s") % ", ".join(missing), label)


def translated(dataset: Dataset) -> SafeString:
    """How far each translation of its card that was begun is."""
    rows = progress_of(dataset)
    return format_html_join(
        ", ",
        '<span title="{}">{} {}</span>',
        (
            (
                _("%(done)s textes à jour sur %(total)s") % {"done": row.done, "total": row.total},
                row.language,
                percent(row.done / row.total if row.total else 1),
            )
            for row in rows
        ),
    )


def freshness(dataset: Dataset) -> SafeString:
    """When the data last changed, and whether it is late."""
    text = day(dataset.data_modified)
    if is_late(dataset.frequency, dataset.data_modified, timezone.now()):
        return format_html('{} <span class="bo-flag">{}</span>', text, _("en retard"))
    return format_html("{}", text)


class DatasetList(ListScreen):
    """Every dataset the person may edit."""

    page_title = gettext_lazy("Jeux de données")
    header_icon = "table"
    template_name = "backoffice/datasets/list.html"
    results_template_name = "backoffice/datasets/list_results.html"
    index_url_name = "backoffice:datasets"
    index_results_url_name = "backoffice:datasets_results"
    filterset_class = DatasetFilters
    default_ordering = "title"
    paginate_by = 30
    search_fields = ["title", "dataset_id", "description", "organisation__name", "keywords"]
    is_searchable = True
    export_filename = "jeux-de-donnees"

    @cached_property
    def columns(self) -> list[BaseColumn]:
        """Selection, title, organisation, state, access, completeness, dates."""
        return [
            SelectionColumn("selection", label=""),
            TitleColumn(
                "title",
                label=_("Titre"),
                sort_key="title",
                get_url=lambda found: reverse("backoffice:dataset", args=[found.dataset_id]),
                get_title_id=lambda found: f"jeu-{found.pk}",
            ),
            Column(
                "organisation", label=_("Organisation"), accessor="organisation.name", sort_key="organisation__name"
            ),
            StatusTagColumn(
                "status",
                label=_("État"),
                accessor="get_status_display",
                sort_key="status",
                primary=lambda found: found.status == Status.PUBLISHED,
            ),
            Column("access", label=_("Accès"), accessor="get_access_display", sort_key="access"),
            Column("completeness", label=_("Fiche"), accessor=completeness),
            Column("translations", label=_("Traductions"), accessor=translated),
            Column("data_modified", label=_("Données du"), accessor=freshness, sort_key="data_modified"),
            Column("modified", label=_("Modifié le"), accessor=lambda found: day(found.modified), sort_key="modified"),
        ]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """The way in for a new file."""
        if not may_deposit(self.request.user):
            return []
        return [HeaderButton(_("Déposer un fichier"), url=reverse("backoffice:deposit"), icon_name="upload")]

    def get_base_queryset(self) -> QuerySet[Dataset]:
        """What the person may edit."""
        return datasets_managed_by(self.actor)

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        """Titles as French orders them; the rest as the database does."""
        if self.ordering not in ("title", "-title"):
            return super().order_queryset(queryset)
        return queryset.order_by(folded_title().desc() if self.ordering == "-title" else folded_title().asc(), "pk")

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        """Every word must be found somewhere."""
        for word in self.search_query.split():
            # SQLite keeps the words of a JSON list escaped: « vélo » is written v\\u00e9lo there.
            anywhere = Q(keywords__icontains=json.dumps(word)[1:-1])
            for name in self.search_fields:
                anywhere |= Q(**{f"{name}__icontains": word})
            queryset = queryset.filter(anywhere)
        return queryset

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The list, and how many lie in the bin."""
        deleted = datasets_managed_by(self.actor).filter(status=Status.DELETED).count()
        context = super().get_context_data(*args, **kwargs)
        keys = context["page_obj"].paginator.object_list.values_list("pk", flat=True)[: MOST_AT_ONCE + 1]
        chosen = urlencode({"id": list(keys)}, doseq=True) if len(keys) <= MOST_AT_ONCE else ""
        return {
            **context,
            "whole_list_url": f"{reverse('backoffice:datasets_bulk')}?{chosen}" if chosen else "",
            "deleted": deleted,
            "bin_url": f"{self.index_url}?status={Status.DELETED}",
        }
