"""Personal data: what was found in the file, treatments with what they would give, or a decision; before anything is written."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin import messages

from parvis.core.errors import RequestError
from parvis.core.privacy import Finding, PrivacyReport
from parvis.core.transforms import Step
from parvis.hub.accounts.rules import may
from parvis.hub.backoffice.screens import sentence
from parvis.hub.datastore.services import examine_import
from parvis.hub.datastore.tasks import step_secret
from parvis.hub.privacy.presentation import finding_views
from parvis.hub.privacy.rules import findings_mark
from parvis.hub.privacy.selectors import import_decision, import_report, import_undecided
from parvis.hub.privacy.services import decide_import
from parvis.hub.privacy.treatments import Preview, chosen_steps, headers_of, offers, preview
from parvis.hub.validation.rules import ImportChanged
from parvis.hub.validation.selectors import import_mark
from parvis.hub.validation.services import change_steps
from parvis.web.backoffice.assistant.pages import ImportScreen
from parvis.web.backoffice.assistant.rules import BUSY_OR_OVER, PRIVATE
from parvis.web.backoffice.datasets.personal import DecisionForm, treatment_words


class PersonalStep(ImportScreen):
    """One page: findings with the treatments that make sense, those chosen already, the decision."""

    step = "import_personal"
    template_name = "backoffice/assistant/personal.html"

    @property
    def is_open(self) -> bool:
        """Unless work goes on, all is over, or nothing was looked at yet."""
        return self.imported.state not in BUSY_OR_OVER and self.report is not None

    @cached_property
    def report(self) -> PrivacyReport | None:
        """What the last examination found."""
        return import_report(self.imported)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Those for which something is offered or asked."""
        return self.report.findings if self.report else ()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Findings with their offers, steps chosen already, the form of the decision."""
        headers, undecided = headers_of(self.imported), import_undecided(self.imported)
        waiting, decided, shown = finding_views(self.findings, undecided)
        chosen = kwargs.pop("chosen", {})
        rows = [
            (
                number,
                row,
                [(offer, chosen.get(row.finding.key) == offer.value) for offer in offers(row.finding, headers)],
            )
            for number, row in enumerate([*waiting, *shown])
        ]
        dataset = self.imported.dataset
        return {
            "form": DecisionForm(initial={"mark": findings_mark(undecided)}),
            "choices_mark": import_mark(self.imported),
            "findings_mark": findings_mark(undecided),
            "previews": [],
            "lost_rows": 0,
            **super().get_context_data(**kwargs),
            "waiting": rows[: len(waiting)],
            "shown": rows[len(waiting) :],
            "decided": decided,
            "decision": import_decision(self.imported),
            "treated": [
                (rank, treatment_words(step.name, step.parameters))
                for rank, step in enumerate(self._kept())
                if step.name.startswith(PRIVATE)
            ],
            "may_decide": dataset is None or may(self.actor, "publish", dataset.organisation_id),
            "anonymity": self.report.anonymity if self.report else None,
            **kwargs,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show what treatments would give, apply them, take one back, decide, or go on.

        The numbers of findings and treatments are those of the page: nothing is done from one that is no longer true.
        """
        if "annuler" in request.POST:
            return self._take_back(request.POST["annuler"])
        if "decider" in request.POST:
            return self._decide(request)
        if request.POST.get("seen") not in (None, findings_mark(import_undecided(self.imported))):
            raise ImportChanged
        chosen = self._chosen(request)
        steps = chosen_steps(self.findings, headers_of(self.imported), chosen)
        if "apercu" in request.POST:
            return self._preview(steps, chosen)
        if steps:
            self._keep([*self.imported.steps, *(step.to_dict() for step in steps)])
            return self._look_again()
        if "appliquer" in request.POST:
            messages.warning(request, _("Choisissez au moins un traitement."))
            return self.render_to_response(self.get_context_data(), status=422)
        return redirect(self.here("import_card"))

    def _keep(self, steps: list[dict[str, Any]]) -> None:
        change_steps(self.actor, self.imported, steps, based_on=self.request.POST.get("based_on", ""))

    def _kept(self) -> list[Step]:
        return [Step.from_dict(row) for row in self.imported.steps]

    def _chosen(self, request: HttpRequest) -> dict[str, str]:
        """The treatment chosen for each finding; the numbers are those of the page."""
        waiting, _decided, shown = finding_views(self.findings, import_undecided(self.imported))
        return {
            row.finding.key: value
            for number, row in enumerate([*waiting, *shown])
            if (value := request.POST.get(f"traiter-{number}", ""))
        }

    def _preview(self, steps: list[Step], chosen: dict[str, str]) -> HttpResponse:
        previews: list[Preview] = preview(self.imported, steps, step_secret())
        lost = any(step.name == "privacy.suppress" for step in steps)
        anonymity = self.report.anonymity if self.report else None
        context = self.get_context_data(
            chosen=chosen, previews=previews, lost_rows=anonymity.under if lost and anonymity else 0, asked=True
        )
        return self.render_to_response(context)

    def _take_back(self, rank: str) -> HttpResponse:
        steps = list(self.imported.steps)
        place = int(rank) if rank.isdecimal() and len(rank) < 9 else -1
        if 0 <= place < len(steps) and str(steps[place].get("name", "")).startswith(PRIVATE):
            del steps[place]
            self._keep(steps)
        return self._look_again()

    def _look_again(self) -> HttpResponse:
        examine_import(self.actor, self.imported)
        return redirect(self.here("import_wait") + "?vers=personnelles")

    def _decide(self, request: HttpRequest) -> HttpResponse:
        form = DecisionForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        decision = form.cleaned_data | {"mark": form.cleaned_data["mark"] or None}
        try:
            decide_import(self.actor, self.imported, **decision)
        except RequestError as error:
            messages.error(request, sentence(error))
            form = form.shown_again(findings_mark(import_undecided(self.imported)))
            return self.render_to_response(self.get_context_data(form=form), status=409)
        messages.success(request, _("La décision est enregistrée."))
        return redirect(self.here("import_personal"))
