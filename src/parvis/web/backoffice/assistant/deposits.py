"""Step 1: a file or an address; and the list of imports not over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.core.errors import Forbidden, ParvisError, RequestError
from parvis.hub.backoffice.policies import may_deposit
from parvis.hub.backoffice.screens import FormScreen, Screen
from parvis.hub.datastore.selectors import ImportState, deposit_of, imports_visible_to
from parvis.hub.datastore.services import abandon, append, examine_import, open_deposit, start_import
from parvis.web.backoffice.assistant.rules import resume_url, shown_steps
from parvis.web.backoffice.datasets.pages import editable_dataset

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset


class DepositForm(forms.Form):
    """One of a file or an address."""

    file = forms.FileField(label=gettext_lazy("Fichier"), required=False, allow_empty_file=True)
    url = forms.URLField(
        label=gettext_lazy("Ou l’adresse d’un fichier"), required=False, max_length=1000, assume_scheme="https"
    )

    def clean_url(self) -> str:
        """Only what can be fetched."""
        url = self.cleaned_data["url"]
        if url and not url.startswith(("http://", "https://")):
            raise forms.ValidationError(_("Donnez une adresse qui commence par https:// ou http://."))
        return url

    def clean(self) -> dict[str, Any]:
        """Exactly one of both."""
        values = super().clean() or {}
        if not self.errors and bool(values.get("file")) == bool(values.get("url")):
            raise forms.ValidationError(_("Choisissez un fichier ou donnez une adresse, l’un des deux."))
        return values


class ImportsScreen(Screen):
    """Every import, those to go on with first."""

    page_title = gettext_lazy("Imports")
    header_icon = "upload"
    template_name = "backoffice/assistant/imports.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Those not over, then the latest that are."""
        if not may_deposit(self.request.user):
            raise Forbidden(action=_("déposer un fichier"))
        over = (ImportState.DONE, ImportState.CANCELLED)
        visible = imports_visible_to(self.actor)
        return {
            **super().get_context_data(**kwargs),
            "going_on": [(row, resume_url(row)) for row in visible.exclude(state__in=over)[:100]],
            "over": [(row, resume_url(row)) for row in visible.filter(state__in=over)[:30]],
        }


class DepositScreen(FormScreen):
    """The form: works as a plain form; with JavaScript the file goes in pieces and can be resumed."""

    page_title = gettext_lazy("Déposer un fichier")
    header_icon = "upload"
    template_name = "backoffice/assistant/deposit.html"
    form_class = DepositForm
    refusals = (ParvisError,)

    @cached_property
    def dataset(self) -> Dataset | None:
        """The dataset whose data is to be replaced, when there is one."""
        dataset_id = self.request.POST.get("jeu") or self.request.GET.get("jeu")
        return editable_dataset(self.actor, dataset_id) if dataset_id else None

    def trail(self) -> list[tuple[str, str]]:
        """The imports."""
        return [(reverse("backoffice:imports"), _("Imports"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form."""
        if not may_deposit(self.request.user):
            raise Forbidden(action=_("déposer un fichier"))
        facts = {"dataset": self.dataset, "steps": shown_steps("deposit"), "tus_endpoint": reverse("backoffice:tus")}
        return {**super().get_context_data(**kwargs), **facts}

    def act(self, form: DepositForm) -> HttpResponse:
        """Receive the file whole, or note the address; begin the import and have it examined."""
        values, deposit = form.cleaned_data, None
        if values["file"]:
            deposit = open_deposit(self.actor, values["file"].name, values["file"].size)
            append(self.actor, deposit, 0, values["file"])
        imported = start_import(self.actor, deposit=deposit, url=values["url"], dataset=self.dataset)
        examine_import(self.actor, imported)
        return redirect("backoffice:import_wait", imported.pk)

    def field_of(self, error: ParvisError) -> str:
        """The address when there is one, else the file."""
        return "url" if self.request.POST.get("url") else "file"


class AfterUpload(Screen):
    """What follows an upload in pieces: the import begins."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Nothing is done on GET."""
        return redirect("backoffice:imports")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Begin the import of this deposit, once; sent twice, it leads to the same import."""
        deposit = deposit_of(self.actor, self.kwargs["key"])
        if "abandonner" in request.POST:
            abandon(self.actor, deposit)
            return redirect("backoffice:imports")
        dataset_id = request.POST.get("jeu")
        imported = deposit.imports.first()
        if imported is None:
            dataset = editable_dataset(self.actor, dataset_id) if dataset_id else None
            imported = start_import(self.actor, deposit=deposit, dataset=dataset)
        if imported.state == ImportState.WAITING and (imported.job is None or imported.job.is_over):
            try:
                examine_import(self.actor, imported)
            except RequestError:
                imported.delete()
                raise
        return redirect(resume_url(imported))

    def fallback(self) -> str:
        """Back to step 1, with the reason."""
        return reverse("backoffice:deposit")
