"""What of persons was found in a dataset, the decisions taken, deciding, taking a decision back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from parvis.core.errors import NotFound, RequestError
from parvis.core.transforms import TRANSFORMS
from parvis.hub.backoffice.screens import sentence
from parvis.hub.privacy.presentation import decision_subjects, finding_views, ground_label
from parvis.hub.privacy.rules import GROUNDS, SHORTEST
from parvis.hub.privacy.selectors import PublicationStatus, decisions_of, publication_status
from parvis.hub.privacy.services import decide, withdraw
from parvis.web.backoffice.datasets.pages import DatasetScreen

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Version


class DecisionForm(forms.Form):
    """On which ground, and in a sentence why."""

    ground = forms.ChoiceField(
        label=gettext_lazy("À quel titre ces données peuvent-elles être publiques ?"),
        choices=[(ground.slug, ground.label) for ground in GROUNDS],
        widget=forms.RadioSelect,
    )
    explanation = forms.CharField(
        label=gettext_lazy("Pourquoi, en une phrase"),
        min_length=SHORTEST,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "De qui s’agit-il ? Quel texte, quel accord ? Cette phrase est gardée au dossier avec votre nom et la date."
        ),
    )
    mark = forms.CharField(widget=forms.HiddenInput, required=False)

    def shown_again(self, mark: str) -> DecisionForm:
        """The form as it was filled, beside what is found now: sent again, it is about that."""
        return DecisionForm({**self.data.dict(), "mark": mark})


class PersonalScreen(DatasetScreen):
    """The findings of the latest version, the decision to take, and those taken."""

    tab = "dataset_personal"
    template_name = "backoffice/datasets/personal.html"

    @cached_property
    def version(self) -> Version | None:
        """The version online, or the latest that waits."""
        latest = self.dataset.versions.first()
        return latest or self.dataset.current

    @cached_property
    def found(self) -> PublicationStatus:
        """Where that version stands."""
        return publication_status(self.dataset, self.version)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Findings in words, the form when something waits, the decisions."""
        status = self.found
        every = (*status.report.findings, *status.card, *status.documents)
        waiting, decided, shown = finding_views(every, status.undecided)
        decisions = [(row, ground_label(row), decision_subjects(row)) for row in decisions_of(self.dataset)]
        return {
            "form": DecisionForm(initial={"mark": status.mark}),
            **super().get_context_data(**kwargs),
            "version": self.version,
            "waiting": waiting,
            "decided": decided,
            "shown": shown,
            "anonymity": status.report.anonymity,
            "opening": status.opening,
            "waits": status.waits,
            "treatments": [
                treatment_words(str(step.get("name")), step.get("parameters") or {}) for step in status.treatments
            ],
            "decisions": decisions,
            **kwargs,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Record the decision, or take one back."""
        if "retirer" in request.POST:
            return self._withdraw(request)
        form = DecisionForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        decision = form.cleaned_data
        try:
            decide(
                self.actor,
                self.dataset,
                self.version,
                ground=decision["ground"],
                explanation=decision["explanation"],
                mark=decision["mark"] or None,
            )
        except RequestError as error:
            messages.error(request, sentence(error))
            form = form.shown_again(self.found.mark)
            return self.render_to_response(self.get_context_data(form=form), status=409)
        messages.success(request, _("La décision est enregistrée. Le jeu peut être publié."))
        return redirect(self.here("dataset_personal"))

    def _withdraw(self, request: HttpRequest) -> HttpResponse:
        key = request.POST.get("retirer", "")
        decision = decisions_of(self.dataset).filter(pk=int(key) if key.isdecimal() and len(key) < 18 else 0).first()
        if decision is None or decision.dataset_id is None:
            raise NotFound(name=_("décision %s") % key)
        withdraw(self.actor, decision)
        messages.success(request, _("La décision est retirée ; ce qui n’était public que par elle ne l’est plus."))
        return redirect(self.here("dataset_personal"))


def treatment_words(name: str, parameters: Mapping[str, Any]) -> str:
    """A treatment and the columns that it changes."""
    row = TRANSFORMS.get(name)
    words = _(row.label) if row else name
    columns = parameters.get("columns") or [parameters[key] for key in ("column", "x", "y") if key in parameters]
    return f"{words} : {', '.join(map(str, columns))}" if columns else words
