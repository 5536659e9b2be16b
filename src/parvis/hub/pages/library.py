"""Files of the library follow the pages that show them: what only drafts and restricted pages lead to is not for everybody."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.http import HttpRequest
from wagtail.models import Page, ReferenceIndex


def may_open(request: HttpRequest, file: Model) -> bool:
    """Whether a reader may open an image or a document of the library.

    Those who write pages may; others need a page they may read that shows it, as soon as one shows it. What nothing shows (it was
    sent by its address) and what is not of pages (logos, pictures of homes) is open.
    """
    if request.user.has_perm("wagtailadmin.access_admin"):
        return True
    shown = set(ReferenceIndex.get_references_to(file).values_list("base_content_type", "object_id"))
    pages = ContentType.objects.get_for_model(Page).pk
    if not shown or any(kind != pages for kind, _key in shown):
        return True
    return any(_reads(request, page) for page in Page.objects.live().filter(pk__in=[key for _kind, key in shown]))


def _reads(request: HttpRequest, page: Any) -> bool:
    return all(restriction.accept_request(request) for restriction in page.get_view_restrictions())
