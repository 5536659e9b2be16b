"""The form of a service, and what a description that was read proposes for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from parvis.core.errors import RequestError
from parvis.core.metadata import THEMES
from parvis.core.sources.service_descriptions import LONGEST_OPERATION, MOST_OPERATIONS, ServiceDescription
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.backoffice.screens import sentence
from parvis.hub.backoffice.viewsets import RecordForm
from parvis.hub.dataservices.models import WEB, DataService
from parvis.hub.dataservices.rules import (
    LONGEST_TEXT,
    MOST_ENDPOINTS,
    MOST_KEYWORDS,
    TooManyLines,
    joined,
    written_keywords,
    written_lines,
)
from parvis.hub.dataservices.selectors import datasets_named, present_names


def _lines(label: Any, help_text: Any = "", rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
    )


class ServiceForm(RecordForm):
    """A service: its lists are written one thing a line."""

    addresses = _lines(_("Adresses du service"), _("Une par ligne : https://…"), 2)
    theme_choices = forms.MultipleChoiceField(
        label=_("Thèmes"),
        choices=[(theme.slug, _(theme.label)) for theme in THEMES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    words = _lines(_("Mots-clés"), _("Séparés par des virgules."), 2)
    served = _lines(
        _("Jeux de données servis"),
        _("Ceux de ce portail, s’il y en a : l’adresse de leur page ou leur identifiant, un par ligne."),
    )
    parts = _lines(_("Opérations ou couches"), _("Une par ligne."), 5)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        service = self.instance
        self.initial |= {
            "addresses": joined(service.endpoints),
            "theme_choices": service.themes,
            "words": ", ".join(service.keywords),
            "served": joined(present_names(actor_of(self.for_user), service.datasets)),
            "parts": joined(service.operations),
        }
        self.fields["text"].max_length = LONGEST_TEXT
        self.fields["text"].widget.attrs["rows"] = 5

    def clean_text(self) -> str:
        """A presentation that can be read."""
        text: str = self.cleaned_data["text"]
        if len(text) > LONGEST_TEXT:
            raise ValidationError(_("Pas plus de %(most)s caractères.") % {"most": LONGEST_TEXT})
        return text

    def clean_addresses(self) -> list[str]:
        """One at least, each of the web."""
        lines = _few(self.cleaned_data["addresses"], MOST_ENDPOINTS, written_lines)
        if not lines:
            raise ValidationError(_("Indiquez au moins une adresse."))
        for line in lines:
            if len(line) > 500:
                raise ValidationError(_("Une adresse a 500 caractères au plus."))
            try:
                WEB(line)
            except ValidationError as error:
                words = _(
                    "« %(line)s » n’est pas une adresse du web : écrivez-la entière, comme https://exemple.fr/api."
                )
                raise ValidationError(words % {"line": line[:100]}) from error
        return lines

    def clean_words(self) -> list[str]:
        """Few of them."""
        return _few(self.cleaned_data["words"], MOST_KEYWORDS, written_keywords)

    def clean_served(self) -> list[str]:
        """Their permanent identifiers. One that is there already and that the person does not know of stays."""
        lines = written_lines(self.cleaned_data["served"])
        hidden = [name for name in self.instance.datasets if name in lines]
        try:
            named = datasets_named(
                actor_of(self.for_user), joined(line for line in lines if line not in self.instance.datasets)
            )
            return list(dict.fromkeys([*named, *hidden]))
        except RequestError as error:
            raise ValidationError(sentence(error)) from error

    def clean_parts(self) -> list[str]:
        """Each in a line."""
        return [line[:LONGEST_OPERATION] for line in _few(self.cleaned_data["parts"], MOST_OPERATIONS, written_lines)]

    def save(self, commit: bool = True) -> Any:
        """With the lists."""
        cleaned = self.cleaned_data
        self.instance.endpoints = cleaned["addresses"]
        self.instance.themes = cleaned["theme_choices"]
        self.instance.keywords = cleaned["words"]
        self.instance.datasets = cleaned["served"]
        self.instance.operations = cleaned["parts"]
        return super().save(commit)


def _few(text: str, most: int, read: Callable[[str], list[str]]) -> list[str]:
    lines = read(text)
    if len(lines) > most:
        raise ValidationError(sentence(TooManyLines(most=most)))
    return lines


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a description says of one field that says something else."""

    label: Any
    value: str


@dataclass(frozen=True, slots=True)
class Filling:
    """What reading a description changed in a form: the labels of the fields that it filled, and what it would have said of others."""

    filled: tuple[Any, ...]
    proposals: tuple[Proposal, ...]


def filled_by(data: QueryDict, description: ServiceDescription) -> tuple[QueryDict, Filling]:
    """The fields of a form with what a description says in the place of those that are empty; nothing that was typed is changed."""
    fields, filled, proposals = data.copy(), [], []
    for name, value in _proposed(description).items():
        typed = fields.get(name, "").strip()
        label = _LABELS[name]
        if value and (not typed or (name == "kind" and _is_untouched(data))):
            if typed != value:
                filled.append(label)
            fields[name] = value
        elif value and _plain(typed) != _plain(value):
            proposals.append(Proposal(label, value))
    return fields, Filling(tuple(filled), tuple(proposals))


def _is_untouched(data: Mapping[str, Any]) -> bool:
    """Whether the kind is the one that new forms begin with: nobody chose it."""
    return data.get("kind") in ("", "rest", None)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _proposed(description: ServiceDescription) -> dict[str, str]:
    return {
        "title": description.title[:200],
        "kind": description.kind,
        "text": description.description[:LONGEST_TEXT],
        "addresses": description.endpoint,
        "documentation": description.documentation[:500],
        "version": description.version,
        "licence": description.licence,
        "contact_name": description.contact_name,
        "contact_email": description.contact_email,
        "words": ", ".join(word.replace(",", " ").replace(";", " ") for word in description.keywords),
        "parts": joined(description.operations),
    }


_COLUMNS = ("title", "kind", "text", "documentation", "version", "licence", "contact_name", "contact_email")
_LABELS = {
    **{name: DataService._meta.get_field(name).verbose_name for name in _COLUMNS},
    "addresses": _("adresses du service"),
    "words": _("mots-clés"),
    "parts": _("opérations ou couches"),
}
