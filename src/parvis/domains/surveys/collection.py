"""Collection forms as everybody sees them: the list, and the page of each, which is the form itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.domains.surveys.models import Survey
from parvis.domains.surveys.presentation import consent_number, dates_words, page_facts, script_words
from parvis.domains.surveys.rules import Audience
from parvis.hub.collections.declaration import Collection, Facet


class SurveyCollection(Collection):
    """Forms, the latest changed first."""

    kind = Survey
    title = gettext_lazy("Collectes")
    lead = gettext_lazy("Ce que les communes et leurs partenaires vous demandent : relevez, signalez, répondez.")
    facets: ClassVar[tuple[Facet, ...]] = (
        Facet("pour", gettext_lazy("Qui peut répondre"), "audience", lambda: Survey.AUDIENCES),
    )
    list_template = "surveys/list.html"
    page_template = "surveys/page.html"
    order = 45

    def lines(self, record: Survey) -> list[str]:
        """What it is for, whom it is for, until when."""
        return [line for line in (record.summary, audience_words(record), dates_words(record)) if line]

    def list_facts(self, records: Sequence[Survey], request: HttpRequest) -> dict[str, Any]:
        """The words of the scripts: entries that wait in the browser are shown, and sent, from the list too."""
        return {"words": script_words()}

    def facts(self, record: Survey, request: HttpRequest) -> dict[str, Any]:
        """The form to fill, or why it cannot be."""
        return page_facts(record, request)

    def as_json(self, record: Survey) -> dict[str, Any]:
        """What programs know of it."""
        return {
            "summary": record.summary,
            "audience": record.audience,
            "opens": record.opens.isoformat() if record.opens else None,
            "closes": record.closes.isoformat() if record.closes else None,
            "is_open": record.is_open_at(timezone.now()),
        }

    def as_whole_json(self, record: Survey) -> dict[str, Any]:
        """With what applications need to answer: the questions, and the text to agree to with its number."""
        consent = {"number": consent_number(record), "text": record.consent.strip()} if record.consent.strip() else None
        return {**self.as_json(record), "form": record.form.as_json(), "consent": consent}


def audience_words(survey: Survey) -> str:
    """Whom it is for, when it is not for all."""
    words = {Audience.INVITED.value: _("Sur invitation"), Audience.MEMBERS.value: _("Réservé aux membres")}
    return words.get(survey.audience, "")
