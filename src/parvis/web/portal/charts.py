"""Charts: the pages of those that were saved, and the pictures of all."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from parvis.core.charts import THEMES, WIDE, ChartDescription
from parvis.core.charts.errors import BroaderThanShown, NothingToDraw
from parvis.hub.accounts.rules import may
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.addresses import here
from parvis.hub.charts.answering import answer
from parvis.hub.charts.frames import frame_of, framed
from parvis.hub.charts.pictures import SIZES, picture
from parvis.hub.charts.selectors import chart_at, charts_of_readable_data
from parvis.hub.ui.embedding import embeddable, picture_alone
from parvis.hub.ui.paging import pages_of, whole_number
from parvis.web.portal.elsewhere import drawn_elsewhere

PAGE_SIZE = 24

FORMS = {"image.svg": ("svg", "image/svg+xml"), "image.png": ("png", "image/png"), "dessin.json": ("vega", "application/json")}  # fmt: skip


@require_safe
def charts(request: HttpRequest) -> HttpResponse:
    """The published charts, latest first."""
    found = charts_of_readable_data(actor_of(request.user))
    total = len(found)
    pages = pages_of(total, PAGE_SIZE, whole_number(request, "page", 1))
    start = (pages.number - 1) * PAGE_SIZE
    facts = {"charts": found[start : start + PAGE_SIZE], "total": total, "pages": pages}
    return render(request, "portal/charts.html", facts)


@require_safe
def chart(request: HttpRequest, slug: str) -> HttpResponse:
    """A saved chart on its permanent page; NotFound when one of its datasets is not readable."""
    actor = actor_of(request.user)
    saved = chart_at(actor, slug)
    try:
        answered = answer(actor, saved.described, get_language() or "fr")
        frame = framed(answered, request=request, chart=saved, level=1)
    except BroaderThanShown as error:
        return drawn_elsewhere(request, saved, error)
    except NothingToDraw:  # at present, or in the commune of this site: the page stays
        frame = frame_of(actor, saved.described, request=request, chart=saved, level=1)
    facts = {
        "chart": saved,
        "frame": frame,
        "may_change": may(actor, "edit", saved.organisation_id),
    }
    return render(request, "portal/chart.html", facts)


@embeddable
@require_safe
def chart_frame(request: HttpRequest, slug: str = "") -> HttpResponse:
    """A chart alone, to be shown inside pages of other sites; links open outside it."""
    actor = actor_of(request.user)
    saved = chart_at(actor, slug) if slug else None
    description = saved.described if saved else ChartDescription.from_json(request.GET.get("c", ""))
    frame = frame_of(actor, description, request=request, chart=saved, level=1)
    back = saved.get_absolute_url() if saved else here("/graphiques/")
    return render(
        request, "portal/chart_embed.html", {"frame": frame, "back": back}, status=400 if frame.error else 200
    )


@picture_alone
@require_safe
def chart_file(request: HttpRequest, file: str, slug: str = "") -> HttpResponse:
    """A form of a chart: SVG, PNG, or the specification that browsers draw; ``c`` is the description of one not saved."""
    actor = actor_of(request.user)
    saved = chart_at(actor, slug) if slug else None
    description = saved.described if saved else ChartDescription.from_json(request.GET.get("c", ""))
    answered = answer(actor, description, get_language() or "fr")
    theme = THEMES.get(request.GET.get("theme", ""), THEMES["light"])
    size = SIZES.get(request.GET.get("taille", ""), WIDE)
    form, media_type = FORMS[file]
    titled = bool(request.GET.get("titre")) and form != "vega"
    tag = f'"{answered.key[:16]}-{theme.name[0]}{size.name[0]}{int(titled)}"'
    if tag in request.headers.get("If-None-Match", ""):
        return _kept(HttpResponse(status=304), tag)
    drawn = picture(answered, form, theme=theme, size=size, titled=titled)  # type: ignore[arg-type]
    return _kept(HttpResponse(drawn, content_type=media_type), tag)


def _kept(response: HttpResponse, tag: str) -> HttpResponse:
    """Kept by browsers, asked again: what is withdrawn is not shown any more."""
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Cookie, Accept-Language"
    return response
