"""« Documents joints » of a record, whatever its kind: what goes with it, adding, taking away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages

from parvis.core.documents import KINDS
from parvis.core.errors import DataError, NotFound, OperationError, ParvisError, RequestError
from parvis.hub.accounts.rules import may
from parvis.hub.backoffice.screens import ActorMixin, FormScreen
from parvis.hub.records.models import CivicRecord, RecordFile
from parvis.hub.records.selectors import managed_by
from parvis.hub.records.services import detach, release
from parvis.hub.uploads.answers import file_answer
from parvis.hub.uploads.records import MOST_BYTES, add_file, undecided


class FileForm(forms.Form):
    """A document and its title."""

    title = forms.CharField(
        label=gettext_lazy("Titre"), max_length=200, required=False, help_text=gettext_lazy("Vide : le nom du fichier.")
    )
    file = forms.FileField(label=gettext_lazy("Document"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ",".join(f".{suffix}" for suffix in KINDS)
        facts = {"types": ", ".join(sorted(KINDS)), "most": MOST_BYTES // 1_000_000}
        self.fields["file"].help_text = _("%(types)s ; %(most)s Mo au plus.") % facts


class OfOneRecord(ActorMixin):
    """A screen of the record that the address names; NotFound for a kind without documents, or for who may not change it."""

    kwargs: dict[str, Any]

    @cached_property
    def record(self) -> CivicRecord:
        """The record."""
        try:
            kind = apps.get_model(self.kwargs["app"], self.kwargs["kind"])
        except LookupError as error:
            raise NotFound(name=self.kwargs["kind"]) from error
        record = None
        if issubclass(kind, CivicRecord) and kind.takes_files:
            record = managed_by(kind, self.actor).filter(pk=self.kwargs["key"]).first()
        if record is None:
            raise NotFound(name=str(self.kwargs["key"]))
        return record

    @property
    def address(self) -> str:
        """The page of the documents of that record."""
        return reverse("record_files", args=[self.kwargs["app"], self.kwargs["kind"], self.kwargs["key"]])

    @cached_property
    def file(self) -> RecordFile:
        """The document of the address."""
        file = self.record.files.filter(slug=self.kwargs["slug"]).first()
        if file is None:
            raise NotFound(name=self.kwargs["slug"])
        return file


class RecordFilesScreen(OfOneRecord, FormScreen):
    """The documents of a record, and one more."""

    page_title = gettext_lazy("Documents joints")
    header_icon = "doc-full"
    template_name = "uploads/record_files.html"
    form_class = FileForm
    done = gettext_lazy("Le document est joint.")
    refusals = (DataError, OperationError, RequestError)

    def trail(self) -> list[tuple[str, str]]:
        """The list of its kind, then the record."""
        viewset = self.record.snippet_viewset
        return [
            (reverse(viewset.get_url_name("list")), str(self.record._meta.verbose_name_plural).capitalize()),
            (reverse(viewset.get_url_name("edit"), args=[self.record.pk]), self.record.title),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The documents, what holds them, and the form."""
        return {
            **super().get_context_data(**kwargs),
            "record": self.record,
            "files": [(file, undecided(file)) for file in self.record.files.all()],
            "may_publish": may(self.actor, "publish", self.record.organisation_id),
        }

    def act(self, form: FileForm) -> None:
        """Attach it."""
        upload = form.cleaned_data["file"]
        file = add_file(self.actor, self.record, form.cleaned_data["title"], upload.name, upload)
        if file.held:
            messages.warning(self.request, _("Il semble nommer des personnes : personne ne le lit avant une décision."))

    def field_of(self, error: ParvisError) -> str | None:
        """The document, when it is what will not do."""
        return "file" if isinstance(error, DataError) else None


class RecordFileBytes(OfOneRecord, View):
    """The document itself, to keep and never to run in the page; before readers see it too."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The bytes."""
        return file_answer(self.file.file, self.file.media_type)


class RecordFileRelease(OfOneRecord, View):
    """Has a document that was held be read, for the reason written beside it."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """It is read as any other document of the record."""
        release(self.actor, self.record, self.file, request.POST.get("reason", ""))
        messages.success(request, _("Le document peut être lu."))
        return redirect(self.address)

    def fallback(self) -> str:
        """The documents, with what lacks."""
        return self.address


class RecordFileRemoval(OfOneRecord, View):
    """Takes a document away; asked by the button of the page alone."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """It goes, at once or with the next publication."""
        detach(self.actor, self.record, self.file)
        messages.success(request, _("Le document est retiré."))
        return redirect(self.address)

    def fallback(self) -> str:
        """The documents, with the reason."""
        return self.address
