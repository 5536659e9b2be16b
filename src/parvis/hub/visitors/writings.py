"""The form of what visitors write and sign, and what is made of its words before anybody reads them."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from parvis.core.privacy.values import emails_in
from parvis.core.text import seen_text
from parvis.hub.visitors.forms import VisitorForm
from parvis.hub.visitors.receipt_rules import SignatureRefused
from parvis.hub.visitors.texts import searched

REFERENCE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are taken for another when they are read aloud."""
LONGEST_SIGNATURE = 60
_NO_SIGNATURE = re.compile(r"@|https?:|www\.|(?:\d[ .-]*){6}", re.IGNORECASE)


class WritingForm(VisitorForm):
    """A form whose words are read by others: signed or not, recognised when it is sent twice."""

    signature = forms.CharField(
        label=_("Signature"),
        required=False,
        max_length=LONGEST_SIGNATURE,
        help_text=_("Montrée à tous : un prénom, un pseudonyme, une association. Sans elle, vous restez anonyme."),
    )
    jeton = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The form of a request, with a token of its own."""
        super().__init__(request, *args, **kwargs)
        self.initial.setdefault("jeton", secrets.token_urlsafe(24))

    @property
    def own_fields(self) -> list[BoundField]:
        """Those of its subject, then the signature: what is not of every form of a visitor."""
        own = [field for field in self if field.name not in VisitorForm.base_fields and field.name != "jeton"]
        return sorted(own, key=lambda field: field.name == "signature")

    def clean_signature(self) -> str:
        """Some words, without a way to reach who signs."""
        signature = " ".join(seen_text(self.cleaned_data["signature"]).split())
        if _NO_SIGNATURE.search(signature):
            self.refuse(SignatureRefused(), "signature")
        return signature


def new_reference() -> str:
    """Eight letters that name a record: its address and the journal hold no word of who wrote it."""
    return "".join(secrets.choice(REFERENCE_LETTERS) for _letter in range(8))


@dataclass(frozen=True, slots=True)
class Writing:
    """A text of a visitor: ``text`` as moderators read it, ``masked`` as it may be shown before they do.

    ``is_held``: it mentions somebody, and is not shown until a moderator read it.
    """

    text: str
    masked: str
    is_held: bool


def read_writing(text: str) -> Writing:
    """What may be shown of a text; mail addresses are masked in both forms, whatever is decided afterwards."""
    look = searched(text)
    return Writing(without_addresses(look.text), without_addresses(look.masked), look.is_held)


def without_addresses(text: str) -> str:
    """The text, its mail addresses masked."""
    for match in reversed(emails_in(text)):
        text = f"{text[: match.start()]}█████{text[match.end() :]}"
    return text
