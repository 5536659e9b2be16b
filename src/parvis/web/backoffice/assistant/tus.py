"""Uploads in pieces (``hub.datastore.tus``) of people who are signed in.

Pieces are sent by our own pages with the session's cookie and Django's CSRF token in a header, so another site cannot send
any; every request is checked against the person who opened the deposit.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from parvis.hub.accounts.selectors import actor_of
from parvis.hub.datastore.selectors import deposit_of
from parvis.hub.datastore.services import open_deposit
from parvis.hub.datastore.tus import announced, piece, tus


@require_http_methods(["OPTIONS", "POST"])
@tus
def create(request: HttpRequest) -> HttpResponse:
    """Say what is spoken here (OPTIONS), or announce a file (POST)."""

    def begin(name: str, size: int) -> str:
        return reverse("backoffice:tus_upload", args=[open_deposit(actor_of(request.user), name, size).pk])

    return announced(request, begin)


@require_http_methods(["HEAD", "PATCH", "DELETE"])
@tus
def upload(request: HttpRequest, key: Any) -> HttpResponse:
    """Say how much has come, take the next piece, or forget the file."""
    actor = actor_of(request.user)
    return piece(request, actor, deposit_of(actor, key))
