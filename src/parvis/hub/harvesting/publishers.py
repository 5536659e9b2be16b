"""Who the screens of sources are for."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from parvis.core.errors import Forbidden
from parvis.hub.backoffice.policies import may_publish
from parvis.hub.backoffice.screens import ActorMixin


class ForPublishers(ActorMixin):
    """Closed to who puts nothing online."""

    header_icon = "download"

    def _answer_or_fall_back(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_publish(request.user):
            raise Forbidden(action="régler des sources")
        return super()._answer_or_fall_back(request, *args, **kwargs)
