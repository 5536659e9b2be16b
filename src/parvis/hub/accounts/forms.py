"""Forms of allauth that behave otherwise here."""

from __future__ import annotations

from typing import Any

from allauth.account import forms
from django.http import HttpRequest

from parvis.hub.accounts.mails import answer_reset, in_background


class ResetPasswordForm(forms.ResetPasswordForm):
    """Ask for a link. The account is looked for in the background: nothing in the answer, nor the time it takes, tells whether
    there is one."""

    def clean_email(self) -> str:
        """The address, no matter who has it."""
        return self.cleaned_data["email"].lower()

    def save(self, request: HttpRequest, **_options: Any) -> str:
        """Have the link sent, if there is somebody to send it to."""
        in_background(answer_reset, self.cleaned_data["email"])
        return self.cleaned_data["email"]
