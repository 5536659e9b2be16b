"""Forms made from the columns of a dataset and from its schema: the right input for each, and what it may hold."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from parvis.core.columns import Column, ColumnType
from parvis.core.errors import ParvisError
from parvis.core.overlays.canonical import canonical_text
from parvis.core.schemas.model import Field
from parvis.core.text import seen_text
from parvis.domains.contributions.rules import LONGEST_VALUE
from parvis.domains.contributions.tables import plain_text
from parvis.hub.uploads.services import receive_picture
from parvis.hub.visitors.forms import VisitorForm
from parvis.hub.visitors.texts import LONGEST_TEXT

if TYPE_CHECKING:
    from parvis.domains.contributions.tables import ContributedTable
    from parvis.hub.validation.keyed_tables import Row

PREFIX = "valeur."
MOST_PHOTO_BYTES = 15_000_000
"""A little less than what any address takes (``config.serving.bodies``); a browser with scripts sends smaller ones."""
LONGEST_PHOTO = 2_000
_LONG = 90
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?")


class NumberField(forms.CharField):
    """A number as people write it in French or in English."""

    def clean(self, value: Any) -> Any:
        """The number, None when empty."""
        text = "".join(str(super().clean(value) or "").split()).replace("\u2212", "-")
        if not text:
            return None
        if not _NUMBER.fullmatch(text):
            raise ValidationError(_("Écrivez un nombre, comme 12 ou 12,5."))
        return float(text.replace(",", "."))


class PlaceField(forms.CharField):
    """A place, as « latitude, longitude » in degrees."""

    def clean(self, value: Any) -> Any:
        """Latitude and longitude, None when empty."""
        text = str(super().clean(value) or "").strip()
        if not text:
            return None
        numbers = re.findall(r"-?\d+(?:\.\d+)?", text)
        if len(numbers) != 2:
            raise ValidationError(_("Écrivez la latitude puis la longitude, comme 48.6532, 2.3881."))
        latitude, longitude = map(float, numbers)
        if abs(latitude) > 90 or abs(longitude) > 180:
            raise ValidationError(_("Ces coordonnées ne sont pas sur la Terre."))
        return {"lat": latitude, "lon": longitude}


class MessageForm(VisitorForm):
    """What every contribution may say besides: a few words and a photo."""

    message = forms.CharField(
        label=gettext_lazy("Pourquoi ? (facultatif)"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Ce que vous avez vu, où, quand. N’écrivez le nom de personne."),
    )
    photo = forms.FileField(
        label=gettext_lazy("Photo (facultatif)"),
        required=False,
        help_text=gettext_lazy(
            "Sans visage ni plaque d’immatriculation. La position et les réglages de l’appareil en sont retirés. 15 Mo au plus."
        ),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp", "data-shrink": ""}),
    )

    jeton = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The form of a request, with a token of its own."""
        super().__init__(request, *args, **kwargs)
        self.initial.setdefault("jeton", secrets.token_urlsafe(24))

    def clean_photo(self) -> Any:
        """The picture written again: nothing else of what was sent is kept."""
        upload = self.cleaned_data.get("photo")
        if not upload:
            return None
        if upload.size > MOST_PHOTO_BYTES:
            raise ValidationError(_("Cette photo est trop lourde : 15 Mo au plus."))
        try:
            return receive_picture(upload.name, upload, longest=LONGEST_PHOTO)
        except ParvisError as error:
            raise ValidationError(error.message(get_language() or "fr"), code=error.code) from error


class TextForm(MessageForm):
    """A remark or a question."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        field = self.fields["message"]
        field.label, field.required = _("Votre message"), True
        field.help_text = _("N’écrivez le nom de personne : votre message peut être publié avec sa réponse.")


class RowForm(MessageForm):
    """The columns of a row; ``values`` are canonical texts once it is valid."""

    def __init__(
        self, request: HttpRequest, table: ContributedTable, row: Row | None, *args: Any, **kwargs: Any
    ) -> None:
        """``row`` is the one that is corrected, None for a new one."""
        super().__init__(request, *args, **kwargs)
        self.table, self.row = table, row
        for column in table.editable:
            if row is not None and column.name in table.key:
                continue  # another key is another row
            self.fields[PREFIX + column.name] = self._field(column, row)

    def _field(self, column: Column, row: Row | None) -> forms.Field:
        item = self.table.fields.get(column.name)
        value = row.get(column.name) if row else None
        field = _typed_field(column, item, value, self._values(column, item))
        field.label = column.label
        field.required = row is None and (column.name in self.table.key or bool(item and item.required))
        field.help_text = column.description or (item.description if item else "")
        if column.type is ColumnType.GEO_POINT:  # whatever the order of the file
            field.help_text = _("Latitude, puis longitude, en degrés.")
        field.initial = column.words_of(value) if value and isinstance(field, LabelledField) else _shown(column, value)
        return field

    def _values(self, column: Column, item: Field | None) -> list[str]:
        if item is not None and item.constraints.get("enum"):
            return [str(value) for value in item.constraints["enum"]]
        return []

    @property
    def of_columns(self) -> list[Any]:
        """The fields of the columns, in order."""
        return [self[name] for name in self.fields if name.startswith(PREFIX)]

    @property
    def values(self) -> Row:
        """What was typed, by column."""
        values: Row = {}
        for column in self.table.editable:
            name = PREFIX + column.name
            if name in self.fields:
                values[column.name] = _canonical(column, self.cleaned_data.get(name))
        return values

    @property
    def changes(self) -> Row:
        """What is not as it was shown: a cell that an input cannot show whole (seconds, blanks at its ends) is not changed by it."""
        before: Mapping[str, str | None] = self.row or {}
        columns = {column.name: column for column in self.table.editable}
        return {
            name: value
            for name, value in self.values.items()
            if value not in (before.get(name), self._as_shown(columns[name]))
        }

    def _as_shown(self, column: Column) -> str | None:
        """What the form gives back of a cell that nobody touched."""
        field = self.fields[PREFIX + column.name]
        shown = field.widget.format_value(field.prepare_value(field.initial))
        try:
            return _canonical(column, field.clean(shown[0] if isinstance(shown, list) else shown))
        except ValidationError:
            return None


def suggestions(table: ContributedTable, column: Column) -> tuple[str, ...]:
    """The values that a text column has, when they are few, as people call them: offered while typing."""
    profile = table.manifest.profile.get(column.name)
    return tuple(map(column.words_of, profile.values)) if profile and column.type is ColumnType.TEXT else ()


class LabelledField(forms.CharField):
    """A text that is typed by its label, or as files write it."""

    def __init__(self, column: Column, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.column = column

    def to_python(self, value: Any) -> str:
        """The value that is meant."""
        text: str = super().to_python(value)
        return self.column.value_of(text) if text else text


def _typed_field(column: Column, item: Field | None, value: str | None, values: list[str]) -> forms.Field:
    match column.type:
        case ColumnType.INT | ColumnType.DOUBLE:
            return NumberField(max_length=40, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
        case ColumnType.BOOLEAN:
            choices = [("", _("non renseigné")), ("true", _("oui")), ("false", _("non"))]
            return forms.TypedChoiceField(choices=choices, coerce=lambda text: text == "true", empty_value=None)
        case ColumnType.DATE:
            return forms.DateField(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        case ColumnType.DATETIME:
            widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
            return forms.DateTimeField(widget=widget)
        case ColumnType.GEO_POINT:
            return PlaceField(max_length=80, widget=forms.TextInput(attrs={"data-place": ""}))
        case _ if values and "multivalued" not in column.annotations:
            kept_values = values if value is None or value in values else [value, *values]
            names = column.labels_of(kept_values)
            pairs = ((text, names.get(text, text)) for text in kept_values)
            return forms.ChoiceField(choices=[("", _("non renseigné")), *pairs])
        case _:
            is_long = len(value or "") > _LONG
            widget: forms.Widget = forms.Textarea(attrs={"rows": 3}) if is_long else forms.TextInput()
            if item is not None and item.example and not is_long:
                widget.attrs["placeholder"] = _("par exemple %(example)s") % {"example": item.example}
            if column.labels and "multivalued" not in column.annotations:
                return LabelledField(column, max_length=LONGEST_VALUE, widget=widget)
            return forms.CharField(max_length=LONGEST_VALUE, widget=widget)


def _shown(column: Column, value: str | None) -> Any:
    """A canonical text as its input shows it."""
    if value is None:
        return None
    match column.type:
        case ColumnType.DOUBLE:
            return value.removesuffix(".0").replace(".", ",")
        case ColumnType.DATE:
            return date.fromisoformat(value)
        case ColumnType.DATETIME:
            return timezone.localtime(datetime.fromisoformat(f"{value}+00:00"))
        case ColumnType.GEO_POINT:
            return value.replace(",", ", ")
        case _ if "multivalued" in column.annotations:
            return " ; ".join(json.loads(value))
        case _:
            return value


def _canonical(column: Column, value: Any) -> str | None:
    if value in (None, ""):
        return None
    if column.type is ColumnType.INT and float(value) != int(value):
        return repr(float(value))
    if column.type is ColumnType.TEXT:
        if "multivalued" in column.annotations:
            parts = [seen_text(part) for part in str(value).split(";")]
            return canonical_text([part for part in parts if part], column)
        return plain_text(str(value)) or None
    return canonical_text(value, column)
