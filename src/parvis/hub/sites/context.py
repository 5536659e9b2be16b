"""What every template knows of the site."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from parvis.hub.accounts.selectors import actor_of
from parvis.hub.sites.selectors import face_of


def site_face(request: HttpRequest) -> dict[str, Any]:
    """``face``, the site's words and colours, and ``actor``, who is looking."""
    return {"face": face_of(request), "actor": actor_of(getattr(request, "user", None))}
