"""The form that anybody may send: what every one of them asks, and who sends it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from parvis.core.errors import ParvisError
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.quotas.metering import client_of
from parvis.hub.visitors.proof import is_proof
from parvis.hub.visitors.rules import LooksAutomatic, ProofMissing, Visitor


class VisitorForm(forms.Form):
    """A form of a visitor; once it is valid, ``visitor`` is who sends it. Its template ends by ``visitors/proof.html``."""

    email = forms.EmailField(
        label=_("Votre adresse électronique (facultative)"),
        required=False,
        max_length=254,
        help_text=_("Pour être prévenu de la suite. Elle n’est montrée à personne, et un clic l’efface."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    preuve = forms.CharField(required=False, max_length=4_000, widget=forms.HiddenInput)
    site_internet = forms.CharField(label=_("Ne pas remplir"), required=False, max_length=200)
    """Hidden from people, and from screen readers: what fills it is a robot."""

    visitor: Visitor

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The form of a request."""
        super().__init__(*args, **kwargs)
        self.request = request

    def clean(self) -> dict[str, Any]:
        """Who sends it; an error of the form without a proof nor an address."""
        fields = super().clean() or self.cleaned_data
        if fields.get("site_internet"):
            self.refuse(LooksAutomatic())
        if self.errors:
            return fields  # the proof can be used once: it is kept for a form that is right
        actor = actor_of(self.request.user)
        is_known = actor.person_id is not None
        proven = is_known or is_proof(fields.get("preuve", ""))
        if not proven and not fields.get("email"):
            self.refuse(ProofMissing())
        caller = client_of(self.request, actor).name
        self.visitor = Visitor(caller, fields.get("email", ""), proven, actor.person_id)
        return fields

    def refuse(self, error: ParvisError, field: str | None = None) -> None:
        """Say why the form will not do, in the language of the page."""
        language = get_language() or "fr"
        words = f"{error.message(language)} {error.hint(language) or ''}".strip()
        self.add_error(field, ValidationError(words, code=error.code))

    @property
    def problems(self) -> list[str]:
        """What is wrong with the form as a whole."""
        return list(self.errors.get(NON_FIELD_ERRORS, ()))
