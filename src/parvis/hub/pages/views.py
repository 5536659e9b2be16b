"""What Wagtail does not serve by itself: the list where there is no folder yet, blocks alone and their files, images."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_safe
from wagtail.images.models import Rendition
from wagtail.models import Site

from parvis.core.errors import NotFound
from parvis.hub.catalogue.rules import cache_control
from parvis.hub.jobs.process_locks import process_folder
from parvis.hub.pages.block_values import Reader, Shown
from parvis.hub.pages.blocks.body import data_blocks
from parvis.hub.pages.library import may_open
from parvis.hub.pages.models import ThemePage
from parvis.hub.pages.paper.printer import PrintingBusy, printed
from parvis.hub.pages.paper.sheets import sheet_of
from parvis.hub.pages.rendering import html_of, scripts_of, shown_blocks
from parvis.hub.pages.selectors import page_of, site_folder
from parvis.hub.pages.shown_page import block_of, reader_of
from parvis.hub.quotas.metering import permit, working
from parvis.hub.sites.selectors import face_of
from parvis.hub.store import media_name, store
from parvis.hub.ui.derived import derived
from parvis.hub.ui.embedding import embeddable, picture_alone
from parvis.hub.ui.word_pictures import WordPicture, words_picture

DAY = 24 * 3600
"""Of blocks alone: the only pages that others may show in a frame."""

PDF_SECONDS = 24 * 3600
"""A sheet has the day of its printing: the next day makes another."""

IMAGE_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
}
MEDIA_TYPES = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv; charset=utf-8"}


@require_safe
def pages(request: HttpRequest) -> HttpResponse:
    """« Consulter »: the pages of the site; an empty list when nobody has made any."""
    site = Site.find_for_request(request)
    folder = site_folder(site) if site is not None else None
    if folder is not None and folder.live:
        return folder.serve(request)
    return render(request, "parvis/pages/folder.html", {"section": "pages"})


@embeddable
@require_safe
def block(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """A data block alone under the filters of the address, to be shown inside pages of other sites; links open outside."""
    page, child, reader, shown = _block(request, slug, key)
    facts = {
        "html": html_of(child, shown, reader),
        **scripts_of([child]),
        "page": page,
        "back": reader.page_address + (f"?{reader.filters.query}" if reader.filters else "") + f"#bloc-{child.id}",
        "title": shown.title or str(child.block.label),
    }
    return render(request, "parvis/pages/block.html", facts)


@picture_alone
@require_safe
def block_file(request: HttpRequest, slug: str, key: str, form: str) -> HttpResponse:
    """The values of a block as CSV, its picture as SVG or PNG; NotFound for a block that shows nothing to the reader."""
    page, child, _reader, shown = _block(request, slug, key)
    if shown.error is not None or (form == "csv" and shown.cells is None):
        raise NotFound(name=f"{key}.{form}")
    response = HttpResponse(_FILES[form](request, page, child, shown, form), content_type=MEDIA_TYPES[form])
    name = slugify(shown.title or page.title)[:60] or "bloc"
    if form == "csv":
        response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return _no_cache(response)


@picture_alone
@require_safe
def page_picture(request: HttpRequest, slug: str) -> HttpResponse:
    """The picture that is shown where a page is shared: its title and its introduction."""
    page = page_of(Site.find_for_request(request), slug)
    drawn = words_picture(WordPicture(page.title, (page.introduction,)), face_of(request).name, "png")
    return _no_cache(HttpResponse(drawn, content_type="image/png"))


@require_safe
def page_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """The page as a tagged PDF under the filters of the address; PrintingFailed when it cannot be made in time."""
    page = page_of(Site.find_for_request(request), slug)
    reader, face = reader_of(page, request), face_of(request)
    with working():
        shown = {child.id: one for child, one in shown_blocks(data_blocks(page.body), reader)}
        sheet = sheet_of(page, shown, reader, face.name, face.accent)
        made = derived.get(sheet.key)
        if made is None:
            with permit(request, reader.actor, "pdf", PrintingBusy()):
                made = printed(sheet, process_folder())
            derived.set(sheet.key, made, PDF_SECONDS)
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{page.slug}.pdf"'
    return _no_cache(response)


@picture_alone
@require_safe
def image_file(request: HttpRequest, name: str) -> FileResponse:
    """A rendition of an image of the library, as pages and logos show it; NotFound for anything else and for whom it is not."""
    kind = IMAGE_TYPES.get(PurePosixPath(name).suffix.lower())
    if kind is None:
        raise NotFound(name=name)
    rendition = Rendition.objects.select_related("image").filter(file=f"images/{name}").first()
    if rendition is not None and not may_open(request, rendition.image):
        raise NotFound(name=name)
    try:
        stream = store().open(media_name(f"images/{name}"))
    except NotFound as error:
        raise NotFound(name=name) from error
    response = FileResponse(stream, content_type=kind)
    signed_in = request.user.is_authenticated
    response["Cache-Control"] = f"private, max-age={DAY}" if signed_in else cache_control(public=True, seconds=DAY)
    return response


def _block(request: HttpRequest, slug: str, key: str) -> tuple[ThemePage, Any, Reader, Shown]:
    page = page_of(Site.find_for_request(request), slug)
    child = block_of(page, key)
    reader = reader_of(page, request, is_alone=True)
    ((_child, shown),) = shown_blocks([child], reader)
    return page, child, reader, shown


def _csv(request: HttpRequest, page: ThemePage, child: Any, shown: Shown, form: str) -> bytes:
    """As the exports of datasets: semicolons, a mark of UTF-8, cells as they are."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    if shown.cells is not None:
        writer.writerow(shown.cells.heads)
        writer.writerows([["" if value is None else value for value in row] for row in shown.cells.rows])
    return text.getvalue().encode("utf-8-sig")


def _picture(request: HttpRequest, page: ThemePage, child: Any, shown: Shown, form: str) -> bytes:
    own = child.block.picture(shown, form)
    if own is not None:
        return own
    title = shown.title or page.title
    lines = [line for line in shown.sentence.split(" ; ") if line != title]
    return words_picture(WordPicture(title, tuple(lines)), face_of(request).name, form)  # type: ignore[arg-type]


_FILES: dict[str, Callable[..., bytes]] = {"csv": _csv, "svg": _picture, "png": _picture}


def _no_cache(response: HttpResponse) -> HttpResponse:
    """Kept by browsers, asked again: what is withdrawn is not shown any more."""
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Cookie, Accept-Language"
    response["X-Robots-Tag"] = "noindex"
    return response
