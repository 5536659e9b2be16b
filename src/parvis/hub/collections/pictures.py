"""The picture of a record, for places where links are shared."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from parvis.core.charts.themes import THEMES
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.collections.declaration import Collection
from parvis.hub.collections.views import opened, seen_at
from parvis.hub.sites.selectors import face_of
from parvis.hub.ui.embedding import picture_alone
from parvis.hub.ui.word_pictures import words_picture

MEDIA_TYPES = {"svg": "image/svg+xml", "png": "image/png"}


@picture_alone
@require_safe
def image(request: HttpRequest, collection: Collection, slug: str, form: Any) -> HttpResponse:
    """The words of a record set out as SVG or PNG; ``theme`` is ``light`` or ``dark``."""
    record = seen_at(collection, actor_of(request.user), slug)
    theme = THEMES.get(request.GET.get("theme", ""), THEMES["light"])
    picture = collection.picture(record)
    footer = " · ".join(filter(None, (record.organisation.name, picture.note, face_of(request).name)))
    response = HttpResponse(words_picture(picture, footer, form, theme), content_type=MEDIA_TYPES[form])
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Cookie, Accept-Language"
    return opened(response)
