"""The forms of discussions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.domains.discussions.rules import LONGEST_MESSAGE, LONGEST_TITLE
from parvis.hub.visitors.writings import WritingForm


class MessageForm(WritingForm):
    """A message in a discussion."""

    text = forms.CharField(
        label=_("Votre message"), max_length=LONGEST_MESSAGE, widget=forms.Textarea(attrs={"rows": 6})
    )


class ThreadForm(WritingForm):
    """A new discussion: what it is about, then its first message."""

    title = forms.CharField(
        label=_("Sujet"),
        max_length=LONGEST_TITLE,
        help_text=_("En quelques mots : « La colonne Hauteur est-elle en mètres ? »"),
    )
    text = forms.CharField(
        label=_("Votre question ou remarque"), max_length=LONGEST_MESSAGE, widget=forms.Textarea(attrs={"rows": 6})
    )


class AnswerForm(forms.Form):
    """What the organisation answers; no work of the browser is asked of who has an account."""

    text = forms.CharField(
        label=_("Votre réponse"), max_length=LONGEST_MESSAGE, widget=forms.Textarea(attrs={"rows": 6})
    )

    @property
    def own_fields(self) -> list[Any]:
        """Its one field."""
        return list(self)
