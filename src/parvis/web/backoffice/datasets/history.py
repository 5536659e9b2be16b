"""Who changed what on the card, when; and going back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import strip_tags
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin import messages

from parvis.core.closures import CLOSURE_BY_SLUG
from parvis.core.columns import LABELS
from parvis.core.errors import NotFound
from parvis.core.hvd import CATEGORY_BY_SLUG
from parvis.core.metadata import FREQUENCY_BY_SLUG, LICENCE_BY_SLUG, THEME_BY_SLUG
from parvis.core.recipes import step_sentences
from parvis.core.transforms import Step
from parvis.core.translation import SOURCE
from parvis.hub.accounts.selectors import organisations
from parvis.hub.audit.selectors import entries_about
from parvis.hub.catalogue.bulk import Difference, differences
from parvis.hub.catalogue.services import restore_card
from parvis.hub.territories.selectors import referred_to
from parvis.hub.ui.formatting import cell, day
from parvis.hub.ui.inspire import inspire_rows
from parvis.web.backoffice.datasets.access import AccessForm
from parvis.web.backoffice.datasets.fields import FieldForm
from parvis.web.backoffice.datasets.forms import CardForm
from parvis.web.backoffice.datasets.pages import DatasetScreen
from parvis.web.backoffice.journal_words import sentences
from parvis.web.backoffice.messages import ACCESS, LANGUAGES

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import CardRevision

PAGE = 20
NOT_SHOWN = {"version"}
"""Attributes of a kept card that are not part of it."""


FIELDS = {name: field.label for name, field in CardForm.base_fields.items()} | {
    "access": gettext_lazy("Accès"),
    "closure": AccessForm.base_fields["closure"].label,
    "closure_note": AccessForm.base_fields["closure_note"].label,
    "inspire": gettext_lazy("INSPIRE"),
    "featured": gettext_lazy("Rang en page d’accueil"),
    "fields": gettext_lazy("Descriptions des colonnes"),
    "overrides": gettext_lazy("Corrections des colonnes"),
    "reading": gettext_lazy("Lecture du fichier"),
    "steps": gettext_lazy("Étapes de préparation"),
    "custom": gettext_lazy("Autres informations"),
    "as_told": gettext_lazy("Informations du portail d’origine"),
    "translations": gettext_lazy("Traductions"),
    "version": gettext_lazy("Version en ligne"),
}
"""Every attribute: those of the form by their labels, and the others."""


def field_label(name: str) -> str:
    """An attribute of a card in words."""
    return str(FIELDS.get(name, name))


def _term(slug: str, terms: Mapping[str, Any]) -> str:
    term = terms.get(slug)
    return slug if term is None else _(term.label)


def _territories(names: list[str]) -> str:
    shown = []
    for name in names:
        territory = referred_to(name)
        shown.append(f"{territory.name} ({territory.code})" if territory else name)
    return ", ".join(shown)


def _organisation(slug: str) -> str:
    organisation = organisations().filter(slug=slug).first()
    return organisation.name if organisation else slug


def _mapping(value: Mapping[str, Any]) -> str:
    parts = []
    for key, row in value.items():
        inner = ", ".join(f"{k} = {v}" for k, v in row.items()) if isinstance(row, Mapping) else str(row)
        parts.append(f"{key} : {inner}")
    return " ; ".join(parts)


def _columns(value: Mapping[str, Any]) -> str:
    """What is said of columns, the labels of their values in words."""
    return " ; ".join(f"{name} : {', '.join(_of_column(entry))}" for name, entry in value.items())


_IN_WORDS = {name: field.label for name, field in FieldForm.base_fields.items()}
_APART = {"annotations", LABELS}


def _of_column(entry: Mapping[str, Any]) -> Iterator[str]:
    annotations = entry.get("annotations") or {}
    labels = annotations.get(LABELS) or {}
    facts = {**entry, **annotations}
    yield from (
        f"{_IN_WORDS.get(name, name)} = {cell(facts[name], '')}" for name in facts if name not in _APART and facts[name]
    )
    yield from (f"{value} → {label}" for value, label in labels.items())


def _steps(rows: list[Mapping[str, Any]]) -> str:
    """The steps in the sentences that pages tell them by, in order."""
    sentences = step_sentences(map(Step.from_dict, rows), get_language() or SOURCE)
    return " ; ".join(f"{rank}. {words}" for rank, words in enumerate(sentences, 1))


_SHOWN = {
    "themes": lambda slugs: ", ".join(_term(slug, THEME_BY_SLUG) for slug in slugs),
    "keywords": ", ".join,
    "hvd": lambda slugs: ", ".join(_term(slug, CATEGORY_BY_SLUG) for slug in slugs),
    "hvd_refused": lambda refused: _("oui") if refused else _("non"),
    "inspire": lambda block: " ; ".join(f"{label} : {words}" for label, words in inspire_rows(block)),
    "closure": lambda slugs: ", ".join(_term(slug, CLOSURE_BY_SLUG) for slug in slugs),
    "licence": lambda slug: LICENCE_BY_SLUG[slug].name if slug in LICENCE_BY_SLUG else slug,
    "frequency": lambda slug: _term(slug, FREQUENCY_BY_SLUG),
    "territories": _territories,
    "organisation": _organisation,
    "access": lambda slug: str(ACCESS.get(slug, slug)),
    "language": lambda slug: str(LANGUAGES.get(slug, slug)),
    "temporal_start": day,
    "temporal_end": day,
    "description": lambda html: strip_tags(str(html).replace("><", "> <")),
    "fields": _columns,
    "overrides": _mapping,
    "reading": _mapping,
    "steps": _steps,
    "custom": _mapping,
    "as_told": _mapping,
}


def shown_value(name: str, value: Any) -> str:
    """The value of an attribute of a card as people read it; « vide » when there is none."""
    if value in (None, "", [], {}):
        return _("vide")
    return str(_SHOWN.get(name, str)(value))


def shown(changes: list[Difference]) -> list[tuple[str, str, str]]:
    """Differences as label, value before, value after."""
    return [
        (field_label(change.field), shown_value(change.field, change.before), shown_value(change.field, change.after))
        for change in changes
        if change.field not in NOT_SHOWN
    ]


class HistoryScreen(DatasetScreen):
    """Revisions of the card with their differences, and the journal of the dataset."""

    tab = "dataset_history"
    template_name = "backoffice/datasets/history.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """A page of revisions, each against the one before it."""
        pages = Paginator(self.dataset.revisions.select_related("person"), PAGE)
        page = pages.get_page(self.request.GET.get("p"))
        start = page.start_index() - 1 if page.paginator.count else 0
        window = list(self.dataset.revisions.select_related("person")[start : start + PAGE + 1])
        rows = [(new, shown(differences(old.card, new.card))) for new, old in pairwise(window)]
        if window and len(rows) < PAGE:
            rows.append((window[-1], None))
        return {
            **super().get_context_data(**kwargs),
            "page": page,
            "rows": rows,
            "latest": self.dataset.revisions.first(),
            "sentences": sentences(entries_about("dataset", self.dataset.dataset_id)[:50]),
        }


class RestoreRevision(DatasetScreen):
    """Bring the card back to a revision, once the differences were seen."""

    tab = "dataset_history"
    template_name = "backoffice/datasets/restore.html"

    def revision(self) -> CardRevision:
        """The revision of the address."""
        revision = self.dataset.revisions.filter(pk=self.kwargs["revision"]).first()
        if revision is None:
            raise NotFound(name=str(self.kwargs["revision"]))
        return revision

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What would change."""
        revision, latest = self.revision(), self.dataset.revisions.first()
        changes = shown(differences(latest.card, revision.card))
        return {**super().get_context_data(**kwargs), "revision": revision, "changes": changes}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Bring it back."""
        restore_card(self.actor, self.dataset, self.revision())
        messages.success(request, _("La fiche est rétablie."))
        return redirect(self.here("dataset_history"))
