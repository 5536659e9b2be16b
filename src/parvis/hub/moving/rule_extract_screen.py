"""« En faire un extrait »: the form of the extract that a rule of the former portal becomes, beside what the portal itself says of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin import messages

from parvis.core.transforms.preparation.tables import V1
from parvis.core.translation import SOURCE
from parvis.hub.accounts.rules import require
from parvis.hub.catalogue.rules import Access
from parvis.hub.datastore.extracts import Question, Taken, take
from parvis.hub.harvesting.models import Source
from parvis.hub.harvesting.publishers import ForPublishers
from parvis.hub.harvesting.selectors import source_of
from parvis.hub.moving import selectors
from parvis.hub.moving.models import Part
from parvis.hub.moving.rule_extracts import (
    Compared,
    Proposal,
    compared,
    extract_of,
    filter_of,
    is_offered,
    make_rule_extract,
    proposal_for,
)
from parvis.hub.preparation.backoffice import ExtractForm, ExtractScreen

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset


class RuleExtractForm(ExtractForm):
    """An extract that says what a rule said."""

    confirmed = forms.BooleanField(
        label=gettext_lazy("J’ai relu la condition : faire l’extrait"),
        required=False,
        help_text=gettext_lazy("Demandé quand l’ancien portail compte d’autres lignes, ou ne répond pas."),
    )

    def __init__(self, *args: Any, part: Part, proposal: Proposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.part, self.proposal = part, proposal
        if not proposal.is_for_all:
            self.fields["access"].choices = self.fields["access"].choices[:1]

    @property
    def is_of_the_portal(self) -> bool:
        """Whether the condition is the one of the rule, which nobody has written again."""
        facts = self.cleaned_data
        return facts.get("language") == V1 and facts.get("where", "").strip() == filter_of(self.part).strip()

    def clean(self) -> dict[str, Any]:
        """What the rule closed does not come open because a box was left empty; nor because two portals read a filter each its way."""
        values = super().clean() or {}
        rule = self.part.facts.get("rule") or {}
        if filter_of(self.part).strip() and not values.get("where", "").strip():
            self.add_error("where", _("La règle ne montrait pas toutes les lignes : écrivez la condition."))
        if "*" not in (rule.get("fields") or ["*"]) and not values.get("columns"):
            self.add_error(
                "columns", _("La règle ne montrait pas toutes les colonnes : cochez celles qu’elle montrait.")
            )
        if self.errors or "voir" in self.data or not self.is_of_the_portal or values.get("confirmed"):
            return values
        if self.proposal.untold:
            self.add_error("where", _("Ce filtre ne peut pas être dit ici tel quel : écrivez la condition."))
        elif fault := fault_of(compared(self.part), self._taken()):
            self.add_error("confirmed", fault)
        return values

    def _taken(self) -> Taken:
        assert self.part.dataset is not None
        return take(self.part.dataset, self.question())


def fault_of(answer: Compared | None, taken: Taken) -> str:
    """Why a person must read the condition again; empty when the portal keeps as many rows."""
    if answer is None or answer.rows == taken.rows:
        return ""
    if answer.rows is None:
        reason = answer.reason.text(get_language() or SOURCE) if answer.reason else ""
        return _("L’ancien portail n’a pas dit combien de lignes il garde : %s") % reason
    values = {"there": answer.rows, "here": taken.rows}
    return _("L’ancien portail garde %(there)s lignes, et l’extrait en aurait %(here)s.") % values


class RuleExtractScreen(ForPublishers, ExtractScreen):
    """The extract of a rule: proposed, seen, made once."""

    page_title = gettext_lazy("En faire un extrait")
    template_name = "moving/backoffice/extract.html"
    form_class = RuleExtractForm

    @cached_property
    def source(self) -> Source:
        """The one of the address."""
        return source_of(self.actor, self.kwargs["slug"])

    @cached_property
    def part(self) -> Part:
        """The rule."""
        part = selectors.parts_of(self.actor, self.source, "filters").filter(pk=self.kwargs["part"]).first()
        if part is None or not (is_offered(part) or extract_of(part)):
            raise Http404
        return part

    @cached_property
    def parent(self) -> Dataset:
        """The dataset of the rule."""
        row = self.part.dataset
        if row is None:
            raise Http404
        require(self.actor, "edit", row.organisation_id, _("faire un extrait de « %s »") % row.title)
        return row

    @cached_property
    def proposal(self) -> Proposal:
        """What the form says first."""
        return proposal_for(self.part)

    @property
    def list_address(self) -> str:
        """The list of rules."""
        return f"{reverse('moving:rest', args=[self.source.slug])}?partie=filters"

    def trail(self) -> list[tuple[str, str]]:
        """The list of sources, the source, the rest of its portal."""
        return [
            (reverse("harvesting:list"), _("Sources")),
            (reverse("harvesting:source", args=[self.source.slug]), self.source.title),
            (self.list_address, _("Le reste du portail")),
        ]

    def fallback(self) -> str:
        """The list of rules."""
        return self.list_address

    def _present(self) -> HttpResponse | None:
        child = extract_of(self.part)
        if child is None:
            return None
        messages.info(self.request, _("Cette règle a déjà son extrait : le voici."))
        return redirect(reverse("backoffice:dataset", args=[child.dataset_id]))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, or the extract that there is."""
        return self._present() or super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Made once."""
        return self._present() or super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the rule."""
        return {**super().get_form_kwargs(), "part": self.part, "proposal": self.proposal}

    def get_initial(self) -> dict[str, Any]:
        """Filled with what is proposed."""
        proposal = self.proposal
        return {
            "where": proposal.question.where,
            "language": proposal.question.language,
            "columns": list(proposal.question.columns),
            "title": proposal.title,
            "dataset_id": proposal.dataset_id,
            "description": self.parent.description,
            "access": Access.RESTRICTED.value,
            "groups": list(proposal.groups),
        }

    def make(self, form: Any) -> Dataset:
        """The extract of the form, if nobody else made it meanwhile."""
        return make_rule_extract(self.actor, self.part, form.wish())[0]

    def compared(self, taken: Taken, question: Question) -> Mapping[str, Any]:
        """What the portal says of its own filter, asked when a person looks, not each time that the page is opened."""
        if "voir" not in self.request.POST:
            return {}
        answer = compared(self.part)
        return {"far": answer, "far_fault": fault_of(answer, taken)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The rule in words, and what of it cannot be said here."""
        language = get_language() or SOURCE
        return {
            **super().get_context_data(**kwargs),
            "part": self.part,
            "notes": selectors.notes_of(self.part),
            "filter": filter_of(self.part),
            "proposal": self.proposal,
            "absent": ", ".join(self.proposal.absent[:50]),
            "untold": [sentence.text(language) for sentence in self.proposal.untold],
            "back": self.list_address,
            "back_label": _("Les règles d’accès"),
        }
