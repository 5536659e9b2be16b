"""The queue of proposals, one with its difference, decisions on many, choices between source and contribution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.timesince import timesince
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn, Column, TitleColumn
from wagtail.admin.widgets.button import HeaderButton

from parvis.core.errors import NotFound, RequestError
from parvis.domains.contributions import selectors
from parvis.domains.contributions.decisions import accept, ask_back, refuse, settle
from parvis.domains.contributions.models import Correction, Proposal, values_of
from parvis.domains.contributions.near import Place
from parvis.domains.contributions.opening import confirm_key
from parvis.domains.contributions.presentation import cells_of, correction_words, haversine, move_of, place_address
from parvis.domains.contributions.rules import LONGEST_VALUE, OPEN_STATES, AlreadyDecided, Kind, State
from parvis.domains.contributions.tables import ContributedTable, table_of
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.backoffice.screens import ListScreen, Screen, sentence
from parvis.hub.catalogue.selectors import datasets_managed_by
from parvis.hub.territories.selectors import territories
from parvis.hub.ui.templatetags.parvis_ui import canonical
from parvis.hub.validation.checks import check_rows
from parvis.hub.validation.keyed_tables import Row
from parvis.hub.validation.selectors import followed, schema_of
from parvis.hub.visitors.texts import searched

if TYPE_CHECKING:
    from parvis.hub.territories.models import Territory

MOST_AT_ONCE, MOST_SHOWN = 200, 3
MOST_AROUND, SMALL_MOVE = 100, 100
"""Rows drawn around a move, and metres around a small one."""
QUEUE = "contributions_admin:queue"


class QueueFilter(WagtailFilterSet):
    """By state, kind, dataset and territory."""

    state = django_filters.ChoiceFilter(label=gettext_lazy("État"), choices=State.choices)
    kind = django_filters.ChoiceFilter(label=gettext_lazy("Demande"), choices=Kind.choices)
    dataset = django_filters.ModelChoiceFilter(label=gettext_lazy("Jeu de données"), queryset=None)
    territory = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Territoire"), queryset=None, method="filter_territory"
    )

    class Meta:
        model = Proposal
        fields = ("state", "kind", "dataset", "territory")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.managed = datasets_managed_by(actor_of(self.request.user)).filter(current__isnull=False)
        self.filters["dataset"].queryset = self.managed
        self.filters["territory"].queryset = territories().filter(
            Q(pk__in=self.managed.values("territories")) | Q(pk__in=self.managed.values("organisation__territory"))
        )

    def filter_territory(self, rows: QuerySet[Proposal], _name: str, territory: Territory) -> QuerySet[Proposal]:
        """Those about the datasets of a territory, or of its organisation."""
        of_territory = self.managed.filter(Q(territories=territory) | Q(organisation__territory=territory))
        return rows.filter(dataset__in=of_territory.values("pk"))


class CheckColumn(BaseColumn):
    """The box by which a row is chosen for a decision on many."""

    cell_template_name = "contributions/backoffice/check.html"


class Queue(ListScreen):
    """Proposals, the oldest that wait first; a POST decides of those that are ticked."""

    model = Proposal
    template_name = "contributions/backoffice/queue.html"
    page_title = gettext_lazy("Contributions")
    header_icon = "edit"
    filterset_class = QueueFilter
    default_ordering = "created"
    index_url_name = QUEUE
    index_results_url_name = "contributions_admin:queue_results"

    def get_base_queryset(self) -> QuerySet[Proposal]:
        """Through the person's eyes: those that wait, unless a filter asks for others."""
        rows = selectors.with_same_requests(selectors.proposals_managed_by(self.actor))
        return rows if self.request.GET.get("state") else rows.filter(state__in=OPEN_STATES)

    @cached_property
    def list_display(self) -> list[str | BaseColumn]:
        """What, of which dataset, since when."""
        return [
            CheckColumn("check", label=_("Choisir")),
            TitleColumn(
                "title",
                label=_("Contribution"),
                accessor=lambda row: f"{row.get_kind_display()} · {row.text[:60] or _changed(row)}",
                url_name="contributions_admin:proposal",
            ),
            Column("dataset", label=_("Jeu de données"), accessor="dataset.title"),
            Column("state", label=_("État"), accessor="get_state_display"),
            Column(
                "waiting", label=_("Attend depuis"), accessor=lambda row: timesince(row.created) if row.is_open else "–"
            ),
            Column("same", label=_("Même ligne"), accessor=_same),
        ]

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        """The choices to make, the datasets' openings, ambassadors."""
        doubtful = selectors.doubtful_corrections(self.actor).count()
        label = _("À choisir (%(count)s)") % {"count": doubtful} if doubtful else _("À choisir")
        return [
            *super().header_more_buttons,
            HeaderButton(label, url=reverse("contributions_admin:choices"), icon_name="warning"),
            HeaderButton(_("Réglages par jeu"), url=reverse("contributions_admin:openings"), icon_name="cog"),
            HeaderButton(_("Ambassadeurs"), url=reverse("contributions_admin:ambassadors"), icon_name="group"),
        ]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Accept or refuse those ticked, each by itself: who was decided of meanwhile is told and left."""
        keys = request.POST.getlist("contribution")[:MOST_AT_ONCE]
        rows = selectors.proposals_managed_by(self.actor).filter(pk__in=[key for key in keys if key.isdigit()])
        done, left = 0, []
        for proposal in rows:
            try:
                if request.POST.get("acte") == "refuser":
                    refuse(self.actor, proposal, request.POST.get("motif", ""))
                else:
                    accept(self.actor, proposal)
                done += 1
            except RequestError as error:
                left.append(sentence(error))
        messages.success(request, _("%(count)s contributions traitées.") % {"count": done})
        for words in dict.fromkeys(left):
            messages.error(request, words)
        return redirect(request.get_full_path())


class QueueResults(Queue):
    """The rows alone, for filters that change without the page being read again."""

    results_only = True


def _changed(proposal: Proposal) -> str:
    changes = list(values_of(proposal.changes).items())[:MOST_SHOWN]
    return ", ".join(f"{name} → {Truncator(value or '–').chars(40)}" for name, value in changes)


def _same(proposal: Any) -> str:
    return f"+{proposal.others}" if proposal.is_open and proposal.others else ""


class ProposalScreen(Screen):
    """One proposal: its difference with the row as it is now, what its schema says of the result, and what to do."""

    template_name = "contributions/backoffice/proposal.html"
    header_icon = "edit"

    @cached_property
    def proposal(self) -> Proposal:
        """Of the address; NotFound for who may not decide of it."""
        row = (
            selectors.proposals_managed_by(self.actor)
            .filter(pk=self.kwargs["pk"])
            .select_related("dataset__current", "decided_by")
            .first()
        )
        if row is None:
            raise NotFound(name=str(self.kwargs["pk"]))
        return row

    @cached_property
    def table(self) -> ContributedTable | None:
        """The table of its dataset; None when no version is there."""
        return table_of(self.proposal.dataset) if self.proposal.dataset.current_id else None

    def get_page_title(self) -> str:
        """What it asks."""
        return f"{self.proposal.get_kind_display()} · {self.proposal.dataset.title}"

    def trail(self) -> list[tuple[str, str]]:
        """The queue."""
        return [(reverse(QUEUE), _("Contributions"))]

    def fallback(self) -> str:
        """The same page."""
        return self.request.path

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The difference, the checks, the others about the same row."""
        proposal, table = self.proposal, self.table
        row = self._row_now()
        places = [self._place(values) for values in (proposal.row, {**proposal.row, **proposal.changes})]
        look = searched(proposal.text)
        return {
            **super().get_context_data(**kwargs),
            "proposal": proposal,
            "cells": cells_of(table, proposal, row) if table else [],
            "row_title": table.title_of(row or proposal.row or proposal.changes) if table else "",
            "faults": self._faults(row) if table and proposal.is_open else [],
            "same": selectors.same_requests(proposal),
            "move": move_of(*places, self._around(*places)),
            "place_address": place_address(places[1]),
            "mentions": look.mentions,
            "is_held": look.is_held,
            "corrections": [(one, correction_words(table, one)) for one in proposal.corrections.all()] if table else [],
            "photo_address": canonical(reverse("contribution-photo", args=[proposal.uid])) if proposal.photo else "",
            "waits": timesince(proposal.created, timezone.now()),
            "unconfirmed_key": self._unconfirmed_key(),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Accept (all, a part, or edited), refuse, ask back."""
        act, words = request.POST.get("acte"), request.POST.get("reponse", "")[:4_000]
        if act == "confirmer" and self.table is not None:
            confirm_key(self.actor, self.table)
            messages.success(request, _("C’est confirmé : cette contribution peut être acceptée."))
            return redirect(request.path)
        if act == "refuser":
            refuse(self.actor, self.proposal, words)
        elif act == "demander":
            ask_back(self.actor, self.proposal, words)
        elif act == "accepter":
            accept(
                self.actor,
                self.proposal,
                self._values(request),
                answer=words,
                shows_photo="montrer-photo" in request.POST,
                shows_text="montrer-message" in request.POST,
            )
        messages.success(
            request,
            _("C’est enregistré. La prochaine version le dira.") if act == "accepter" else _("C’est enregistré."),
        )
        following = self._following()
        return redirect("contributions_admin:proposal", following.pk) if following else redirect(QUEUE)

    def _unconfirmed_key(self) -> list[str]:
        """The columns of a key that was found, when it has to be confirmed for this proposal to be accepted."""
        proposal, table = self.proposal, self.table
        if table is None or not proposal.is_open or not Kind(proposal.kind).changes_rows or table.has_confirmed_key:
            return []
        return table.key_labels

    def _following(self) -> Proposal | None:
        """The next one that waits, in the order of the queue."""
        waiting = selectors.proposals_managed_by(self.actor).filter(state__in=OPEN_STATES)
        return waiting.filter(created__gt=self.proposal.created).order_by("created").first()

    def _values(self, request: HttpRequest) -> Row | None:
        """What was ticked, as it was edited; None for kinds without values."""
        if self.proposal.kind not in (Kind.CORRECT, Kind.ADD) or self.table is None:
            return None
        chosen = [name for name in request.POST.getlist("colonne") if name in values_of(self.proposal.changes)]
        return self.table.read_values({name: request.POST.get(f"valeur.{name}", "")[:LONGEST_VALUE] for name in chosen})

    def _row_now(self) -> Row | None:
        proposal = self.proposal
        if self.table is None or not proposal.key or len(proposal.key) != len(self.table.key):
            return None
        rows = self.table.rows_at(proposal.key)
        return rows[0] if len(rows) == 1 else None

    def _place(self, row: Row) -> tuple[float, float] | None:
        return self.table.place_of(row) if self.table is not None and row else None

    def _around(self, before: Place | None, after: Place | None) -> list[Place]:
        """The places of the rows around a move."""
        if self.table is None or before is None or after is None or before == after:
            return []
        rows = self.table.nearest(before, max(SMALL_MOVE, round(2 * haversine(before, after))), MOST_AROUND)
        return [place for row in rows if (place := self.table.place_of(row)) is not None]

    def _faults(self, row: Row | None) -> list[str]:
        """What the schema of the dataset says of the row as it would be."""
        followed_schema = followed(self.proposal.dataset)
        if followed_schema is None or followed_schema.ref is None or not Kind(self.proposal.kind).changes_rows:
            return []
        result = {**(row or {}), **values_of(self.proposal.changes)}
        names = [name for name in self.table.fields if name in result] if self.table else []
        headers = [self.table.fields[name].name for name in names] if self.table else []
        report = check_rows(
            headers, [[result[name] or "" for name in names]], schema_of(followed_schema.ref), get_language() or "fr"
        )
        return [fault.message for fault in report.faults]


class Choices(ListScreen):
    """Corrections that their source contradicts; a POST keeps the contribution or takes the source."""

    model = Correction
    template_name = "contributions/backoffice/choices.html"
    page_title = gettext_lazy("À choisir : la source ou la contribution")
    header_icon = "warning"
    default_ordering = "id"
    index_url_name = "contributions_admin:choices"
    is_searchable = False

    def trail(self) -> list[tuple[str, str]]:
        """The queue."""
        return [(reverse(QUEUE), _("Contributions"))]

    def get_base_queryset(self) -> QuerySet[Correction]:
        """Through the person's eyes."""
        return selectors.doubtful_corrections(self.actor)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each with its words, and what the source says now."""
        facts = super().get_context_data(**kwargs)
        corrections = list(facts["object_list"])
        datasets = {one.dataset_id: one.dataset for one in corrections}
        tables = {key: table_of(dataset) for key, dataset in datasets.items()}
        rows = [(one, correction_words(tables[one.dataset_id], one), values_of(one.theirs)) for one in corrections]
        return {**facts, "rows": rows}

    def post(self, request: HttpRequest) -> HttpResponse:
        """Choose for one."""
        correction = self.get_base_queryset().filter(pk=request.POST.get("correction", "0")[:18]).first()
        if correction is None:
            raise AlreadyDecided(who="–", state="–")
        settle(self.actor, correction, keeps=request.POST.get("choix") == "contribution")
        messages.success(request, _("C’est choisi."))
        return redirect(request.get_full_path())
