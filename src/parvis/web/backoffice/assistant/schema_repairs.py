"""Following a schema: corrections proposed, each shown before and after, accepted one by one or all of a kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.admin import messages

from parvis.core.readings.model import Certainty
from parvis.core.repairs import Choice, Proposal, Sample, cells_step, choice_text, proposal_text, steps_of
from parvis.core.repairs.messages import certainty_text
from parvis.hub.validation.rules import with_step
from parvis.hub.validation.services import change_steps, refuse_proposals
from parvis.web.backoffice.assistant.schema import SchemaStep


def proposal_from(data: Mapping[str, Any]) -> Proposal:
    """The proposal that ``Proposal.to_dict`` wrote."""
    step = data["step"] or next((choice["step"] for choice in data["choices"] if choice["step"]), None)
    return Proposal(
        data["code"],
        data["variant"],
        data["column"],
        data["count"],
        data["valid"],
        Certainty(data["certainty"]),
        tuple(Sample(**sample) for sample in data["samples"]),
        tuple(
            Choice(choice["variant"], choice["valid"], tuple(Sample(**sample) for sample in choice["samples"]))
            for choice in data["choices"]
        ),
        step["parameters"] if step else {},
    )


@dataclass(frozen=True, slots=True)
class ProposalShown:
    """A proposal on the screen; ``rank`` is its place in the findings."""

    rank: int
    proposal: Proposal
    title: str
    certainty: str
    choices: list[tuple[str, str, tuple[Sample, ...]]]
    chosen: bool
    """Ticked at first: it can mean nothing else."""
    by_cell: bool
    """Its cells may be accepted one by one."""


def shown(rank: int, proposal: Proposal) -> ProposalShown:
    """A proposal in words."""
    language = get_language() or "fr"
    by_cell = proposal.can_be_accepted and not proposal.choices and "variants" in proposal.parameters
    return ProposalShown(
        rank,
        proposal,
        proposal_text(proposal, language),
        certainty_text(proposal.certainty, language),
        [(choice.variant, choice_text(choice.variant, language), choice.samples) for choice in proposal.choices],
        proposal.certainty is Certainty.SURE,
        by_cell,
    )


class SchemaRepairsScreen(SchemaStep):
    """The proposals not put away, those about the whole table first."""

    template_name = "backoffice/assistant/schema_mending.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The corrections; the verdict once none is left."""
        shown = super().get(request, *args, **kwargs)
        if shown.status_code == HTTPStatus.OK and not self.proposals:
            return redirect(self.here("import_schema"))
        return shown

    @property
    def proposals(self) -> list[tuple[int, Proposal]]:
        """Each proposal with its place in the findings."""
        refused = set(self.chosen.refused) if self.chosen is not None else set()
        rows = enumerate(proposal_from(row) for row in self.found.get("proposals") or [])
        return [(rank, proposal) for rank, proposal in rows if proposal.key not in refused]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The proposals in words, by column."""
        by_column: dict[str, list[ProposalShown]] = {}
        for rank, proposal in self.proposals:
            by_column.setdefault(proposal.column, []).append(shown(rank, proposal))
        return {
            **super().get_context_data(**kwargs),
            "groups": list(by_column.items()),
            "refused": len(self.chosen.refused) if self.chosen is not None else 0,
            **kwargs,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep what is accepted as steps, put away what is refused, look at the file again."""
        proposals = dict(self.proposals)
        refused = [proposal.key for rank, proposal in proposals.items() if str(rank) in request.POST.getlist("ecarter")]
        steps = self.imported.steps
        for step in self._accepted(request, proposals):
            steps = with_step(steps, step)
        if refused:
            refuse_proposals(self.actor, self.imported, refused, based_on=self.based_on)
        if steps != self.imported.steps:
            change_steps(self.actor, self.imported, steps, based_on="" if refused else self.based_on)
            return self.look_again("corrections")
        if not refused:
            messages.warning(request, _("Cochez au moins une correction."))
        return redirect(self.here("import_schema_mending"))

    def _accepted(self, request: HttpRequest, proposals: dict[int, Proposal]) -> list[dict[str, Any]]:
        """The steps of the proposals ticked, whole or cell by cell, and of the meanings chosen."""
        whole, cells = [], []
        ticked = set(request.POST.getlist("accepter"))
        for rank, proposal in proposals.items():
            if proposal.choices:
                choice = request.POST.get(f"choix-{rank}", "")
                if choice:
                    whole.append((proposal, choice))
            elif str(rank) in ticked:
                whole.append((proposal, ""))
            else:
                picked = set(request.POST.getlist(f"cellule-{rank}"))
                samples = [sample for place, sample in enumerate(proposal.samples) if str(place) in picked]
                if samples and proposal.can_be_accepted:
                    cells.append(cells_step(proposal.column, samples))
        return [step.to_dict() for step in (*cells, *steps_of(whole))]
