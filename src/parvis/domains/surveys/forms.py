"""The form of a survey, its questions apart."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _

from parvis.domains.surveys.models import Survey

_MOMENT = {"type": "datetime-local"}


def _moment() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs=_MOMENT, format="%Y-%m-%dT%H:%M")


class SurveyForm(forms.ModelForm[Survey]):
    """What is said of a form, who answers and when, what becomes of the answers."""

    class Meta:
        model = Survey
        fields: ClassVar = [
            "title",
            "summary",
            "text",
            "audience",
            "opens",
            "closes",
            "quota",
            "consent",
            "thanks",
            "is_moderated",
            "output",
            "shows_photos",
            "keeps_months",
        ]
        widgets: ClassVar = {
            "text": forms.Textarea(attrs={"rows": 4}),
            "consent": forms.Textarea(attrs={"rows": 3}),
            "thanks": forms.Textarea(attrs={"rows": 3}),
            "opens": _moment(),
            "closes": _moment(),
        }

    def clean(self) -> dict[str, Any]:
        """A form closes after it opens."""
        facts: dict[str, Any] = super().clean() or self.cleaned_data
        if facts.get("opens") and facts.get("closes") and facts["closes"] <= facts["opens"]:
            self.add_error("closes", _("Le formulaire ferme avant d’ouvrir."))
        return facts

    def _post_clean(self) -> None:
        """The instance is left as it is: the services write it, at the revision that was opened."""

    @property
    def presentation(self) -> list[Any]:
        """What it is."""
        return [self[name] for name in ("title", "summary", "text")]

    @property
    def access(self) -> list[Any]:
        """Who answers, and when."""
        return [self[name] for name in ("audience", "opens", "closes", "quota", "consent", "thanks")]

    @property
    def outcome(self) -> list[Any]:
        """What becomes of the answers."""
        return [self[name] for name in ("is_moderated", "output", "shows_photos", "keeps_months")]
