"""Forms that make a record, recognised when they are sent twice: a button pressed again, a page that is slow to answer."""

from __future__ import annotations

import json
from hashlib import sha256

from django.http import HttpRequest

FIELD = "form_token"
"""The field that tells one opening of a form from another; the tag ``form_token`` writes it."""
LONGEST_TOKEN = 64


def submission_key(request: HttpRequest) -> str:
    """What is the same when a person sends one form twice with the same words; empty when it has no token.

    Buttons are left out: « enregistrer » then « publier » before the first answer is one record. Words count: a person who goes back and
    writes another title means another record.
    """
    if not request.POST.get(FIELD):
        return ""
    fields = sorted((name, values) for name, values in request.POST.lists() if _says_something(name))
    return sha256(json.dumps([request.user.pk, request.path, fields]).encode()).hexdigest()


def _says_something(name: str) -> bool:
    return name != "csrfmiddlewaretoken" and not name.startswith("action-")
