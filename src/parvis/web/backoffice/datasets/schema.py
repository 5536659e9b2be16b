"""The schema of a dataset: which one, what an invalid version meets, what each version is worth, a newer schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from parvis.core.errors import NotFound, ParvisError
from parvis.core.schemas.references import SchemaRef
from parvis.hub.backoffice.screens import WithForm
from parvis.hub.catalogue.selectors import any_version
from parvis.hub.datastore.selectors import source_of
from parvis.hub.jobs.selectors import is_under_way
from parvis.hub.validation.kinds import CHECK
from parvis.hub.validation.presentation import tell
from parvis.hub.validation.rules import ENFORCEMENTS, Enforcement
from parvis.hub.validation.selectors import (
    default_of,
    followed,
    newer_verdict,
    report_file,
    report_files,
    schema_of,
    verdict_of,
    verdicts_of,
    versions_to_check,
)
from parvis.hub.validation.services import (
    ask_to_check,
    dismiss_newer,
    follow,
    keep_schema,
    ref_from,
    set_enforcement,
    stop_following,
    take_newer,
)
from parvis.web.backoffice.assistant.schema import schema_choices
from parvis.web.backoffice.datasets.pages import DatasetScreen

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Version
    from parvis.hub.validation.models import DatasetSchema, Verdict


class FollowForm(forms.Form):
    """A schema of the catalogue, at an address or in a file; empty for none."""

    name = forms.ChoiceField(label=gettext_lazy("Schéma du catalogue"), required=False)
    address = forms.URLField(
        label=gettext_lazy("ou son adresse"), required=False, max_length=1000, assume_scheme="https"
    )
    file = forms.FileField(label=gettext_lazy("ou son fichier (JSON)"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].choices = schema_choices()

    def ref(self) -> SchemaRef | None:
        """The schema said; None when nothing was."""
        values = self.cleaned_data
        if values["file"]:
            return keep_schema(values["file"].read(6_000_000), values["file"].name)
        reference = values["address"] or values["name"]
        return ref_from(reference) if reference else None


class EnforcementForm(forms.Form):
    """What an invalid version of this dataset meets."""

    enforcement = forms.ChoiceField(
        label=gettext_lazy("Quand une version ne respecte pas le schéma"), required=False, widget=forms.RadioSelect
    )

    def __init__(self, default: Enforcement, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usual = dict(ENFORCEMENTS)[default]
        own = _("comme le veut l’organisation : %s") % usual
        self.fields["enforcement"].choices = [("", own), *ENFORCEMENTS]


class SchemaTab(WithForm, DatasetScreen):
    """The schema followed, and the verdict of each version."""

    tab = "dataset_schema"
    template_name = "backoffice/datasets/schema.html"
    form_class = FollowForm
    done = gettext_lazy("Le jeu suit ce schéma ; ses versions sont vérifiées.")
    refusals = (ParvisError,)

    @cached_property
    def row(self) -> DatasetSchema | None:
        """What the dataset follows."""
        return followed(self.dataset)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The schema, its verdicts, the forms, the notice of a newer one."""
        versions = list(self.dataset.versions.all()[:20])
        verdicts = verdicts_of(versions)
        row = self.row
        return {
            "row": row,
            "enforcement_form": EnforcementForm(
                default_of(self.dataset.organisation), initial={"enforcement": row.enforcement if row else ""}
            ),
            "versions": [(version, verdicts.get(version.pk)) for version in versions],
            "unchecked": bool(versions_to_check(self.dataset)),
            "checking": is_under_way(CHECK, dataset=self.dataset.pk),
            "newer_verdict": newer_verdict(self.dataset, row),
            **super().get_context_data(**kwargs),
            **kwargs,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Follow, leave, set, check or take the newer one, as the button says."""
        act = request.POST.get("acte", "suivre")
        done = {
            "quitter": self._leave,
            "regler": self._set,
            "verifier": self._check,
            "prendre": self._take,
            "ranger": self._put_away,
        }.get(act)
        if done is None:
            return super().post(request, *args, **kwargs)
        messages.success(request, done())
        return redirect(request.path)

    def act(self, form: FollowForm) -> HttpResponse | None:
        """Follow the schema said."""
        ref = form.ref()
        if ref is None:
            form.add_error("name", _("Choisissez un schéma, ou donnez une adresse ou un fichier."))
            return self.form_invalid(form)
        follow(self.actor, self.dataset, ref)
        return None

    def field_of(self, error: ParvisError) -> str:
        """The address when there is one, else the schema."""
        return "address" if self.request.POST.get("address") else "name"

    def _leave(self) -> str:
        stop_following(self.actor, self.dataset)
        return _("Le jeu ne suit plus de schéma.")

    def _set(self) -> str:
        enforcement = self.request.POST.get("enforcement", "")
        set_enforcement(
            self.actor, self.dataset, Enforcement(enforcement) if enforcement in list(Enforcement) else None
        )
        return _("C’est enregistré.")

    def _check(self) -> str:
        ask_to_check(self.actor, self.dataset)
        return _("La vérification est lancée ; revenez dans un instant.")

    def _take(self) -> str:
        take_newer(self.actor, self.dataset)
        return _("Le jeu suit la nouvelle version du schéma.")

    def _put_away(self) -> str:
        dismiss_newer(self.actor, self.dataset)
        return _("L’avis est rangé.")


class _OneVerdict(DatasetScreen):
    tab = "dataset_schema"

    @cached_property
    def version(self) -> Version:
        """The version of the address."""
        return any_version(self.dataset, self.kwargs["version"])

    @cached_property
    def verdict(self) -> Verdict:
        """Its verdict: against the schema followed, else the latest; NotFound when nothing was found of it."""
        row = followed(self.dataset)
        verdict = verdict_of(self.version, row) if row is not None else None
        verdict = verdict or verdicts_of([self.version]).get(self.version.pk)
        if verdict is None:
            raise NotFound(name=_("le rapport de cette version"))
        return verdict


class VerdictScreen(_OneVerdict):
    """The report of a version, and what was done to its file."""

    template_name = "backoffice/datasets/verdict.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The report in words, its files, the steps of the version."""
        row, verdict = followed(self.dataset), self.verdict
        is_followed = row is not None and row.ref is not None and row.name == verdict.schema
        findings = {"report": verdict.summary, "around": verdict.summary.get("around")}
        return {
            **super().get_context_data(**kwargs),
            "version": self.version,
            "verdict": verdict,
            "told": tell(findings, schema_of(row.ref)) if is_followed else None,
            "report": verdict.summary,
            "endings": report_files(self.dataset, verdict),
            "lineage": source_of(self.dataset, self.version).manifest.lineage,
        }


class VerdictFile(_OneVerdict):
    """The full report of a version as a file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """All faults."""
        ending = self.kwargs["ending"]
        file = report_file(self.dataset, self.verdict, ending)
        filename = f"{self.dataset.dataset_id}-{self.version.name}-rapport.{ending}"
        return FileResponse(file, as_attachment=True, filename=filename)
