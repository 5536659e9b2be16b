"""Pages as they are read, made into HTML that stands alone, and as their library keeps them, with their revisions."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import resolve
from django.utils import translation
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Revision, Site

from parvis import __version__
from parvis.core.errors import ParvisError
from parvis.core.translation import SOURCE, gettext_noop
from parvis.hub.addresses import current_site, without_prefix
from parvis.hub.departure.rules import Choices, Report, safe_part
from parvis.hub.departure.tables import MACHINERY
from parvis.hub.pages.rendering import mark_of
from parvis.hub.pages.selectors import every_page_of, pages_of
from parvis.hub.pages.shown_page import reader_of
from parvis.hub.sites.lens import looking_through
from parvis.hub.sites.origins import place_at
from parvis.hub.sites.selectors import lens_of
from parvis.hub.store import media_name, store
from parvis.hub.thumbnails.selectors import names_of

if TYPE_CHECKING:
    from parvis.hub.departure.folder import ExportFolder
    from parvis.hub.pages.models import ThemePage

logger = logging.getLogger("parvis.departure")

UP: Final = "../../"
"""From the folder of a site's pages to the root of the export."""
NOT_DRAWN: Final = gettext_noop("la page n’a pas pu être dessinée : son contenu est dans le fichier JSON")
PICTURES: Final = {"image/svg+xml": "svg", "image/png": "png", "image/webp": "webp", "image/jpeg": "jpg"}
DRAWING: Final = "dessin "
"""Before the path of a drawing, among what a page needs; its mark too, since its name says all of what it is."""
MOST_PICTURE: Final = 20_000_000
"""Bytes of a picture that the portal draws."""
_GONE: Final = "script, form, button, template, link, iframe, object, dialog, .no-print"


@dataclass(frozen=True, slots=True)
class PageFolded:
    """A page once written."""

    title: str
    site: str
    place: str
    is_live: bool


def write_pages(
    folder: ExportFolder, choices: Choices, report: Report, datasets: Mapping[str, str], media: Callable[[str], str]
) -> list[PageFolded]:
    """The pages of every site; ``datasets`` is where each dataset is in the export, by identifier."""
    written: list[PageFolded] = []
    places: dict[int, tuple[ThemePage, Site, str]] = {}
    links: dict[str, str] = {}
    for site in Site.objects.select_related("root_page", "siteface").order_by("-is_default_site", "pk"):
        name = folder.claim(f"pages/{safe_part(_site_name(site))}", f"site {site.pk}")
        for page in (pages_of(site) if choices.public_only else every_page_of(site)).order_by("slug", "pk"):
            place = folder.claim(f"{name}/{safe_part(page.slug)}", f"page {page.pk}")
            places[page.pk] = (page, site, place)
            with _at(site) as request:
                links[urlsplit(page.get_url(request) or "").path.strip("/")] = f"{place}.html"
    around = _around(datasets, links)
    for page, site, place in places.values():
        _write_content(folder, page, place, choices)
        mark = _mark(page, site, around)
        if not _is_there(folder, f"{place}.html", mark, media):
            html, mark = _html_of(page, site, mark)
            if html is None:  # what it says is in its JSON
                report.left.append({"what": f"{place}.html", "why": NOT_DRAWN})
                continue
            needs: dict[str, None] = {}
            look = _Look(folder, site, media, needs)
            facts = {
                "title": page.title,
                "body": _alone(html, datasets, links, look.medium, look.drawing),
                "up": UP,
                "is_draft": not page.live,
            }
            content = render_to_string("departure/page.html", facts).encode()
            folder.put_bytes(f"{place}.html", content, mark, needs)
        written.append(PageFolded(page.title, _site_name(site), f"{place}.html", page.live))
        report.pages += 1
    return written


def _around(datasets: Mapping[str, str], links: Mapping[str, str]) -> str:
    """What every page rests on besides its own words and data: where links lead, the pictures they choose, the release."""
    focus = [f"focal_point_{part}" for part in ("x", "y", "width", "height")]
    pictures = get_image_model().objects.order_by("pk").values_list("pk", "file", "title", *focus)
    documents = get_document_model().objects.order_by("pk").values_list("pk", "file", "title")
    facts = (__version__, settings.PARVIS["PARVIS_BASE_URL"], sorted(datasets.items()), sorted(links.items()))
    digest = hashlib.sha256(repr(facts).encode("utf-8", "surrogatepass"))
    for row in chain(pictures.iterator(), documents.iterator()):
        digest.update(repr(row).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _mark(page: ThemePage, site: Site, around: str) -> str:
    """What is another once the page may read otherwise; empty when nothing tells."""
    shown = page if page.live else page.get_latest_revision_as_object()
    written = (page.pk, page.live, page.latest_revision_id, page.live_revision_id, page.last_published_at)
    with _at(site) as request:
        thumbnail = names_of(request, "page").get(page.pk, "")
        mark = mark_of(shown.body, reader_of(page, request), written)
    if mark is None:
        return ""
    return hashlib.sha256(repr((around, page.title, thumbnail, mark)).encode("utf-8", "surrogatepass")).hexdigest()


def _is_there(folder: ExportFolder, path: str, mark: str, media: Callable[[str], str]) -> bool:
    """Whether the page is there as it would be made again, with the drawings that it shows; the files that it names stay with it."""
    needs = folder.needs(path, mark)
    if needs is None:
        return False
    drawings = [need.removeprefix(DRAWING) for need in needs if need.startswith(DRAWING)]
    names = [need for need in needs if not need.startswith(DRAWING)]
    # Renditions of a picture may have been thrown away: to show the page makes them again.
    if not all(store().exists(media_name(name)) for name in names):
        return False
    if not all(folder.has([drawing], DRAWING) for drawing in drawings):
        return False
    for name in names:
        media(name)
    return folder.has([path], mark)


class _Look:
    """What a page shows besides words, noted as what it needs."""

    def __init__(self, folder: ExportFolder, site: Site, media: Callable[[str], str], needs: dict[str, None]) -> None:
        self._folder, self._site, self._media, self._needs = folder, site, media, needs

    def medium(self, name: str) -> str:
        """Where the file of that name goes."""
        self._needs[name] = None
        return self._media(name)

    def drawing(self, address: str) -> str | None:
        """Where the drawing of that address is."""
        place = _drawn(self._folder, address, self._site)
        if place is not None:
            self._needs[f"{DRAWING}{place}"] = None
        return place


def _site_name(site: Site) -> str:
    face = getattr(site, "siteface", None)
    return str((face.prefix if face else "") or site.hostname or site.pk)


def _write_content(folder: ExportFolder, page: ThemePage, place: str, choices: Choices) -> None:
    """What its library keeps of it: JSON. Who wrote it, and what they say of it to each other, is told with people alone."""
    hidden = set() if choices.with_people else {"owner", "locked_by", "wagtail_admin_comments"}
    if choices.public_only:  # the title of its draft is among them
        hidden |= MACHINERY
    content = {name: value for name, value in page.serializable_data().items() if name not in hidden}
    folder.put_json(f"{place}.json", content)
    if choices.public_only:
        return
    revisions = Revision.objects.filter(object_id=str(page.pk), base_content_type=page.cached_content_type.pk)
    revisions = revisions | Revision.objects.for_instance(page)
    revision_facts = [
        {"created_at": row.created_at, "content": {name: v for name, v in row.content.items() if name not in hidden}}
        for row in revisions.order_by("pk").iterator(chunk_size=50)
    ]
    if revision_facts:
        folder.put_json(f"{place}-revisions.json", revision_facts)


@contextmanager
def _at(site: Site) -> Iterator[HttpRequest]:
    """The request of anybody on a site, in the language of the portal."""
    place = place_at(site)
    request = HttpRequest()
    request.method = "GET"
    request.META = {
        "SERVER_NAME": site.hostname or "localhost",
        "SERVER_PORT": str(site.port),
        "REMOTE_ADDR": "127.0.0.1",
    }
    request.user = AnonymousUser()
    # What the middleware finds from the host name and the prefix of a request.
    request._parvis_place, request._wagtail_site = place, site  # type: ignore[attr-defined]
    where = current_site(place.origin, place.prefix.strip("/"))
    with where, translation.override(SOURCE), looking_through(lens_of(request)):
        yield request


def _html_of(page: ThemePage, site: Site, mark: str) -> tuple[str | None, str]:
    """The page as anybody reads it, or as its draft would be read, None when it cannot be drawn; and the mark, when all of it is shown."""
    shown = page if page.live else page.get_latest_revision_as_object()
    try:
        with _at(site) as request:
            request.path = request.path_info = page.get_url(request) or "/"
            response = shown.serve(request)
            if isinstance(response, TemplateResponse):
                response.render()
            blocks = (getattr(response, "context_data", None) or {}).get("told")
            return response.content.decode(), mark if blocks is not None and blocks.is_whole else ""
    except ParvisError:
        logger.warning("The page %s could not be drawn.", page.pk, exc_info=settings.DEBUG)
        return None, ""


def _drawn(folder: ExportFolder, address: str, site: Site) -> str | None:
    """Where the picture that the portal draws at one of its addresses is in the export; None when it draws none for anybody."""
    parts = urlsplit(address)
    with _at(site) as request:
        request.path = request.path_info = parts.path
        request.GET = QueryDict(parts.query)
        try:
            place = resolve(without_prefix(parts.path))
            response = place.func(request, *place.args, **place.kwargs)
            content = response.content if response.status_code == HTTPStatus.OK else b""
        except (ParvisError, Http404, AttributeError):
            return None
    kind = PICTURES.get(response.get("Content-Type", "").partition(";")[0])
    if kind is None or not content or len(content) > MOST_PICTURE:
        return None
    path = f"medias/dessins/{hashlib.sha256(content).hexdigest()[:24]}.{kind}"
    folder.put_bytes(path, content, DRAWING)
    return path


def _alone(
    html: str,
    datasets: Mapping[str, str],
    links: Mapping[str, str],
    media: Callable[[str], str],
    drawn: Callable[[str], str | None],
) -> str:
    """The article of a page without scripts, its links to what the export has, others to where it was online."""
    # Menus and scripts, which stay, are more than half of a page.
    start, end = html.find("<main"), html.rfind("</main>")
    soup = BeautifulSoup(html[start:end] if 0 <= start < end else html, "html.parser")
    article = soup.select_one("article.theme-page") or soup.select_one("main") or soup
    for element in article.select(_GONE):
        if not element.decomposed:
            element.decompose()
    ids = {element["id"] for element in article.select("[id]")}
    for source in article.select("source"):
        _place_source(source, drawn)
    for image in article.select("img"):
        _place_image(image, media, drawn)
    for link in article.select("a[href]"):
        address = _address(str(link["href"]), datasets, links, ids, media)
        if address is None:
            link.unwrap()
        else:
            link["href"] = address
    for element in article.select("[tabindex]"):
        if element.name not in ("a", "div"):
            del element["tabindex"]
    return str(article)


def _place_image(image: Tag, media: Callable[[str], str], drawn: Callable[[str], str | None]) -> None:
    source = str(image.get("src", ""))
    if source.startswith("data:"):
        return
    name = _media_of(source)
    place = media(name) if name is not None else drawn(source)
    if place is None:
        image.decompose()
        return
    image["src"] = UP + quote(place)
    for attribute in ("srcset", "sizes", "loading"):
        del image[attribute]


def _place_source(source: Tag, drawn: Callable[[str], str | None]) -> None:
    """The drawings for other colours and narrow screens stay; several sizes of a picture are one."""
    address = str(source.get("srcset", "")).strip()
    place = drawn(address) if address and "," not in address else None
    if place is None:
        source.decompose()
    else:
        source["srcset"] = UP + quote(place)


def _media_of(address: str) -> str | None:
    path = urlsplit(address).path
    return unquote(path.removeprefix(settings.MEDIA_URL)) if path.startswith(settings.MEDIA_URL) else None


def _address(
    href: str,
    datasets: Mapping[str, str],
    links: Mapping[str, str],
    ids: set[Any],
    media: Callable[[str], str],
) -> str | None:
    """Where a link leads in the export, or online; None for one that leads nowhere any more."""
    if href.startswith("#"):
        return href if href[1:] in ids else None
    base = settings.PARVIS["PARVIS_BASE_URL"]
    parts = urlsplit(urljoin(f"{base}/", href))
    if parts.scheme == "mailto":
        return href
    if parts.scheme not in ("http", "https"):
        return None
    if f"{parts.scheme}://{parts.netloc}" == base.rstrip("/"):
        if (name := _media_of(parts.path)) is not None:
            return UP + quote(media(name))
        for word, rest in _after(parts.path):
            if word == "dataset" and rest in datasets:
                return f"{UP}{quote(datasets[rest])}/index.html"
        if (place := links.get(parts.path.strip("/"))) is not None:
            return UP + quote(place)
    return parts.geturl()


def _after(path: str) -> Iterator[tuple[str, str]]:
    words = [unquote(word) for word in path.split("/") if word]
    yield from pairwise(words)
