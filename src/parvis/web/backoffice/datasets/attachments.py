"""Documents that go with a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from parvis.core.documents import KINDS
from parvis.core.errors import DataError, OperationError, ParvisError
from parvis.hub.backoffice.screens import WithForm
from parvis.hub.catalogue.attachments import MOST_BYTES, add_attachment, remove_attachment
from parvis.hub.catalogue.selectors import attachment_at, attachments_of
from parvis.hub.uploads.answers import file_answer
from parvis.web.backoffice.datasets.pages import DatasetScreen

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Attachment


class AttachmentForm(forms.Form):
    """A document and its title."""

    title = forms.CharField(label=gettext_lazy("Titre"), max_length=200, required=False)
    file = forms.FileField(label=gettext_lazy("Document"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ",".join(f".{suffix}" for suffix in KINDS)
        self.fields["file"].help_text = _("%(types)s ; %(most)s Mo au plus.") % {
            "types": ", ".join(sorted(KINDS)),
            "most": MOST_BYTES // 1_000_000,
        }


class AttachmentsScreen(WithForm, DatasetScreen):
    """List and add documents."""

    tab = "dataset_attachments"
    template_name = "backoffice/datasets/attachments.html"
    form_class = AttachmentForm
    done = gettext_lazy("Le document est joint.")
    refusals = (DataError, OperationError)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form and the documents."""
        return {**super().get_context_data(**kwargs), "attachments": attachments_of(self.dataset)}

    def act(self, form: AttachmentForm) -> None:
        """Attach a document."""
        uploaded = form.cleaned_data["file"]
        add_attachment(self.actor, self.dataset, form.cleaned_data["title"], uploaded.name, uploaded)

    def field_of(self, error: ParvisError) -> str:
        """The document."""
        return "file"


class _OneAttachment(DatasetScreen):
    tab = "dataset_attachments"

    def attachment(self) -> Attachment:
        """The document of the address."""
        return attachment_at(self.dataset, self.kwargs["slug"])


class AttachmentFile(_OneAttachment):
    """The document itself, to keep and never to run in the page."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        """The bytes."""
        attachment = self.attachment()
        return file_answer(attachment.file, attachment.mimetype)


class RemoveAttachment(_OneAttachment):
    """Take a document away, once confirmed."""

    template_name = "backoffice/datasets/attachment_remove.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What would go."""
        return {**super().get_context_data(**kwargs), "attachment": self.attachment()}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """It goes."""
        remove_attachment(self.actor, self.attachment())
        messages.success(request, _("Le document est retiré."))
        return redirect(self.here("dataset_attachments"))
