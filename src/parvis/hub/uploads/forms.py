"""The forms of Wagtail's library, whose files go through a child before anything else looks at them.

They are Wagtail's own points of extension, so every way in has them: one file, many at once, the choosers, a file that replaces
another. Wagtail keeps an upload as it is when another field of its form is wrong: uploads are rewritten where they stand.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language
from wagtail.documents.fields import WagtailDocumentField
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from parvis.core.documents import KINDS
from parvis.core.errors import ParvisError
from parvis.core.pictures import PictureUnknown
from parvis.core.text import seen_text, shown_name
from parvis.hub.uploads.services import receive_document, receive_picture, replace, rewrite


class PictureField(WagtailImageField):
    """A picture, which is what a child made of the one that was sent."""

    def to_python(self, data: Any) -> UploadedFile | None:
        """The upload rewritten; ValidationError with what to do about it."""
        upload = forms.FileField.to_python(self, data)
        if upload is None:
            return None
        self.check_image_file_size(upload)
        if PurePath(upload.name).suffix.lower().lstrip(".") not in self.allowed_image_extensions:
            raise _refusal(PictureUnknown(file=shown_name(upload.name)))
        try:
            received = receive_picture(upload.name, upload)
        except ParvisError as error:
            raise _refusal(error) from error
        rewrite(upload, received)
        return upload


class DocumentField(WagtailDocumentField):
    """A document whose content is what its name says."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.widget.attrs["accept"] = ",".join(f".{suffix}" for suffix in KINDS)

    def to_python(self, data: Any) -> UploadedFile | None:
        """The upload; ValidationError with what to do about it."""
        upload = super().to_python(data)
        if upload is None:
            return None
        try:
            received = receive_document(upload.name, upload)
        except ParvisError as error:
            raise _refusal(error) from error
        upload.name = shown_name(upload.name)
        upload.content_type = received.media_type
        if received.content is not upload:
            replace(upload, received.content.read())
        return upload


class PictureForm(BaseImageForm):
    """The form of an image of the library."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _exchange(self, PictureField)

    def clean_title(self) -> str:
        """A title often is the name of a file."""
        return seen_text(self.cleaned_data["title"]) or "image"


class DocumentForm(BaseDocumentForm):
    """The form of a document of the library."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _exchange(self, DocumentField)

    def clean_title(self) -> str:
        """A title often is the name of a file."""
        return seen_text(self.cleaned_data["title"]) or "document"


def _exchange(form: forms.BaseForm, field: type[forms.FileField]) -> None:
    """Wagtail makes the field of the file itself, and forms that have none must not be given one."""
    made = form.fields.get("file")
    if made is not None:
        form.fields["file"] = field(label=made.label, required=made.required, widget=made.widget)


def _refusal(error: ParvisError) -> ValidationError:
    language = get_language() or "fr"
    return ValidationError(f"{error.message(language)} {error.hint(language)}".strip(), code=error.code)
