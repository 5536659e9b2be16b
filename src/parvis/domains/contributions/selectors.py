"""What is read of contributions: by secret, by dataset, for the page « Contribuer », for moderators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from parvis.core.errors import NotFound
from parvis.domains.contributions.ambassadors import record_of
from parvis.domains.contributions.missions import first_missions
from parvis.domains.contributions.models import Ambassador, Correction, Proposal, form_digest
from parvis.domains.contributions.rules import DOUBTFUL_STATES, OPEN_STATES, Kind, State
from parvis.hub.accounts.rules import Actor, organisations_open_to
from parvis.hub.catalogue.selectors import datasets_visible_to
from parvis.hub.visitors.texts import searched

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

MOST_THANKS = 12


def proposal_called(uid: str) -> Proposal:
    """The proposal of that secret; NotFound when there is none."""
    proposal = (
        Proposal.objects.select_related("dataset__current", "dataset__organisation", "decided_by")
        .filter(uid=uid[:32])
        .first()
    )
    if proposal is None:
        raise NotFound(name="contribution")
    return proposal


def proposal_of_form(token: str) -> Proposal | None:
    """The proposal that a form made already; None for one that was not sent."""
    return Proposal.objects.filter(form=form_digest(token)).first()


def answered(dataset: Dataset) -> list[dict[str, Any]]:
    """Remarks and questions of a dataset with their answer, latest first: what names a person is masked unless a moderator decided."""
    rows = Proposal.objects.filter(
        dataset=dataset.pk, kind__in=(Kind.REMARK, Kind.QUESTION), state__in=(State.ACCEPTED, State.PARTLY)
    ).order_by("-decided")[:100]
    return [_public(row) for row in rows]


def _public(proposal: Proposal) -> dict[str, Any]:
    look = searched(proposal.text)
    return {
        "kind": proposal.get_kind_display(),
        "text": look.text if proposal.shows_text else look.masked,
        "answer": proposal.answer,
        "created": proposal.created,
        "decided": proposal.decided,
        "dataset": proposal.dataset,
    }


def photos() -> QuerySet[Proposal]:
    """The proposals whose photo a moderator found fit for everybody, latest first."""
    rows = Proposal.objects.filter(shows_photo=True, state__in=(State.ACCEPTED, State.PARTLY)).exclude(photo="")
    return rows.select_related("dataset").order_by("-decided")


def figures(keys: Sequence[int] | None = None) -> dict[str, int]:
    """How many proposals were received, accepted, refused and wait; of some datasets, or of all."""
    rows = Proposal.objects.exclude(state__in=(State.UNCONFIRMED, State.WITHDRAWN))
    rows = rows if keys is None else rows.filter(dataset__in=keys)
    return rows.aggregate(
        received=Count("id"),
        accepted=Count("id", filter=Q(state__in=(State.ACCEPTED, State.PARTLY, State.ALREADY))),
        refused=Count("id", filter=Q(state=State.REFUSED)),
        waiting=Count("id", filter=Q(state__in=OPEN_STATES)),
    )


def home_facts(actor: Actor) -> dict[str, Any]:
    """All that the page « Contribuer » shows, of the datasets that the reader may see."""
    visible = datasets_visible_to(actor)
    keys = list(visible.values_list("pk", flat=True))
    thanked = (
        Proposal.objects.filter(
            dataset__in=keys, state__in=(State.ACCEPTED, State.PARTLY), kind__in=(Kind.CORRECT, Kind.ADD, Kind.REMOVE)
        )
        .select_related("dataset")
        .order_by("-decided")[:MOST_THANKS]
    )
    questions = (
        Proposal.objects.filter(
            dataset__in=keys, kind__in=(Kind.QUESTION, Kind.REMARK), state__in=(State.ACCEPTED, State.PARTLY)
        )
        .select_related("dataset")
        .order_by("-decided")[:MOST_THANKS]
    )
    ambassadors = Ambassador.objects.filter(revoked=None, person__is_active=True).select_related(
        "person", "organisation"
    )
    return {
        "missions": first_missions(visible),
        "figures": figures(keys),
        "thanked": thanked,
        "answered": [_public(row) for row in questions],
        "ambassadors": [(row, *record_of(row)) for row in ambassadors[:MOST_THANKS]],
    }


def proposals_managed_by(actor: Actor) -> QuerySet[Proposal]:
    """Those about the datasets that an actor may publish."""
    rows = Proposal.objects.exclude(state=State.UNCONFIRMED).select_related("dataset__organisation", "person")
    if actor.everything:
        return rows
    return rows.filter(dataset__organisation__in=organisations_open_to(actor, "publish"))


def doubtful_corrections(actor: Actor) -> QuerySet[Correction]:
    """Those about which somebody has to choose between the contribution and the source."""
    rows = Correction.objects.filter(state__in=DOUBTFUL_STATES).select_related(
        "dataset__organisation", "dataset__current", "proposal"
    )
    if actor.everything:
        return rows
    return rows.filter(dataset__organisation__in=organisations_open_to(actor, "publish"))


def same_requests(proposal: Proposal) -> QuerySet[Proposal]:
    """Other open proposals about the same row."""
    rows = Proposal.objects.filter(dataset=proposal.dataset_id, state__in=OPEN_STATES).exclude(pk=proposal.pk)
    return rows.filter(key_text=proposal.key_text) if proposal.key_text else rows.none()


def with_same_requests(rows: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """Each with ``others``: how many other open proposals are about the same row, None when it is about none."""
    open_rows = Proposal.objects.filter(state__in=OPEN_STATES).exclude(key_text="").order_by()
    same = open_rows.filter(dataset=OuterRef("dataset"), key_text=OuterRef("key_text")).exclude(pk=OuterRef("pk"))
    counted = same.values("key_text").annotate(count=Count("pk")).values("count")
    return rows.annotate(others=Subquery(counted))
