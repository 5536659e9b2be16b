"""Small files every site has: colours, favicon, feeds, sitemap, robots, health; and the choice of appearance."""

from __future__ import annotations

import re

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from parvis.core.translation import SOURCE
from parvis.hub.accounts.rules import ANONYMOUS
from parvis.hub.accounts.selectors import organisation as organisation_of
from parvis.hub.addresses import absolute_path, canonical, in_language, language_prefixes
from parvis.hub.catalogue.languages import here
from parvis.hub.catalogue.selectors import datasets_visible_to
from parvis.hub.sites.places import prefixes_of
from parvis.hub.sites.rules import DEFAULT_COLOURS, nearest_readable
from parvis.hub.sites.selectors import face_of
from parvis.hub.ui.atom import RssFeed
from parvis.hub.ui.drawing import MARK, mark
from parvis.hub.ui.templatetags.parvis_ui import excerpt

DARK_PAPER = "#1b212a"
FEED_LENGTH = 30
YEAR = 365 * 24 * 3600
APPEARANCES = ("light", "dark")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@cache_control(public=True, max_age=YEAR)
def theme(request: HttpRequest) -> HttpResponse:
    """The site's four colours as custom properties; the accents made readable on dark paper.

    An address that has four colours gets those: it is how a face is seen before it is saved.
    """
    face = face_of(request)
    query_colours = {name: request.GET[name] for name in DEFAULT_COLOURS if COLOUR.fullmatch(request.GET.get(name, ""))}
    colours = {name: query_colours.get(name, getattr(face, name)) for name in DEFAULT_COLOURS}
    light = {name: colour for name, colour in colours.items() if colour != DEFAULT_COLOURS[name]}
    dark = {name: nearest_readable(light[name], DARK_PAPER) for name in ("accent", "accent_strong") if name in light}
    text = "@media (prefers-color-scheme: light) {" + _rule(':root:not([data-theme="dark"])', light) + "}"
    text += _rule(':root[data-theme="light"]', light) + _rule(':root[data-theme="dark"]', dark)
    text += "@media (prefers-color-scheme: dark) {" + _rule(':root:not([data-theme="light"])', dark) + "}"
    return HttpResponse(text, content_type="text/css; charset=utf-8")


def _rule(selector: str, colours: dict[str, str]) -> str:
    body = "".join(f"--{name.replace('_', '-')}:{colour};" for name, colour in colours.items())
    return f"{selector}{{{body}}}" if body else ""


@cache_control(public=True, max_age=3600)
def favicon(request: HttpRequest) -> HttpResponse:
    """The contour of the site's territory in its accent; four paving stones when there is none."""
    face = face_of(request)
    contour = face.territory.contour if face.territory else None
    drawn = mark(contour) if contour else None
    stones = "M4 4h18v18h-18zM26 4h18v18h-18zM4 26h18v18h-18zM26 26h18v18h-18z"
    place = f' transform="translate({drawn.x} {drawn.y})"' if drawn else ""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {MARK} {MARK}">'
        f'<path fill="{face.accent}"{place} d="{drawn.path if drawn else stones}"/></svg>'
    )
    return HttpResponse(svg, content_type="image/svg+xml")


def feed(request: HttpRequest, slug: str = "") -> HttpResponse:
    """The latest public datasets of the portal or of one organisation, as RSS."""
    face, base = face_of(request), canonical("")
    datasets = datasets_visible_to(ANONYMOUS).order_by("-data_modified", "title")
    title, link = face.name, base + absolute_path("/")
    if slug:
        organisation = organisation_of(slug)
        datasets = datasets.filter(organisation=organisation)
        title, link = f"{organisation.name} · {face.name}", base + organisation.get_absolute_url()
    rss = RssFeed(
        title=title,
        link=link,
        description=_("Les jeux de données mis à jour en dernier"),
        language=get_language() or SOURCE,
        feed_url=base + request.path,
    )
    for dataset in map(here, datasets[:FEED_LENGTH]):
        rss.add_item(
            title=dataset.title,
            link=f"{base}{dataset.get_absolute_url()}information/",
            description=excerpt(dataset.description, 60),
            unique_id=f"{base}{dataset.get_absolute_url()}#{dataset.current.name}",
            unique_id_is_permalink=False,
            pubdate=dataset.data_modified or dataset.modified,
            author_name=dataset.organisation.name,
            categories=dataset.keywords,
        )
    return HttpResponse(rss.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8")


@cache_control(public=True, max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    """What robots may read: everything public but filtered lists and row pages, endless in number."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /compte/",
        "Disallow: /explore/?",
        "Disallow: /explore/dataset/*/table/?",
        "Disallow: /explore/dataset/*/analyze/?",
        "Disallow: /explore/dataset/*/map/composer/?",
        "Disallow: /graphiques/-/",
        "Disallow: /cartes/-/",
        "Disallow: /sql/?",
        "Disallow: /api/console/?",
        "Disallow: /api/parvis/v1/sql",
    ]
    below = [f"/{prefix}" for prefix in prefixes_of(request)]
    spoken = [f"{prefix}{site}" for prefix in language_prefixes().values() if prefix for site in ("", *below)]
    lines += [line.replace(": /", f": {prefix}/") for prefix in (*below, *spoken) for line in lines[1:]]
    lines += [f"Sitemap: {canonical(prefix + reverse('sitemap'))}" for prefix in ("", *below)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def health(request: HttpRequest) -> HttpResponse:
    """``ok`` when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


# Exempt: the worst a forged request can do is to show the page dark or in English; and no cookie is set before the choice.
@csrf_exempt
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep the reader's choice of appearance or language in a cookie for a year, then go back to the page."""
    target = request.POST.get("next", absolute_path("/"))
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = absolute_path("/")
    language = request.POST.get("langue")
    if language in dict(settings.LANGUAGES):
        target = in_language(target, language)
    answer = HttpResponseRedirect(target)
    appearance = request.POST.get("apparence")
    if appearance in APPEARANCES:
        answer.set_cookie("apparence", appearance, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    elif appearance:
        answer.delete_cookie("apparence")
    if language in dict(settings.LANGUAGES):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR, samesite="Lax", secure=request.is_secure()
        )
    return answer
