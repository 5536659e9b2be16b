"""Addresses of pages: the pages themselves are served by Wagtail, the rest by this room; ``web`` mounts them."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, path, re_path
from wagtail.views import serve

from parvis.hub.pages import views
from parvis.hub.pages.rules import FOLDER

type View = Callable[..., HttpResponse]


def pages(page: Callable[[View], View]) -> list[URLPattern]:
    """Every address under ``/pages/``, each under ``page``, that shows errors of the house in the look of the portal."""
    block = f"{FOLDER}/<str:slug>/blocs/<str:key>"
    files = [
        path(f"{block}.{form}", page(views.block_file), {"form": form}, name=f"page-block-{form}")
        for form in ("csv", "svg", "png")
    ]
    return [
        path("media/images/<path:name>", page(views.image_file), name="image-file"),
        path(f"{FOLDER}/", page(views.pages), name="pages"),
        *files,
        path(f"{block}/", page(views.block), name="page-block"),
        path(f"{FOLDER}/<str:slug>/image.png", page(views.page_picture), name="page-picture"),
        path(f"{FOLDER}/<str:slug>/page.pdf", page(views.page_pdf), name="page-pdf"),
        # Only these: a pattern for every path would answer unknown addresses of machines with a redirect.
        re_path(rf"^({FOLDER}/(?:[\w-]+/)?)$", page(serve), name="wagtail_serve"),
    ]
