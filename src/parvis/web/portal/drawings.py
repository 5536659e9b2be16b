"""Charts and maps: the lists and pages of those that were saved, the frames and pictures of all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from parvis.core.charts.errors import BroaderThanShown
from parvis.core.charts.themes import THEMES
from parvis.hub.accounts.rules import Actor, may
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.addresses import absolute_path
from parvis.hub.ui.embedding import embeddable, picture_alone
from parvis.hub.ui.errors import page
from parvis.hub.ui.pagination import pages_of, whole_number
from parvis.web.portal.elsewhere import main_site_page

if TYPE_CHECKING:
    from parvis.core.descriptions import Description
    from parvis.core.errors import ParvisError
    from parvis.hub.drawings.frames import Frame
    from parvis.hub.drawings.models import Drawing

PAGE_SIZE = 24


class DrawingPages:
    """The pages of one kind of drawings. Those not saved have their description in the address, as ``c``."""

    noun: ClassVar[str]
    """Of its templates and of the names of its addresses."""
    place: ClassVar[str]
    description: ClassVar[type[Description]]
    nothing: ClassVar[type[ParvisError]]
    """The error of a drawing without rows, at present or in the commune of the site: its page stays."""
    forms: ClassVar[Mapping[str, tuple[str, str]]] = {
        "image.svg": ("svg", "image/svg+xml"),
        "image.png": ("png", "image/png"),
    }
    sizes: ClassVar[Mapping[str, Any]]
    """The first one is the usual one."""

    def published(self, actor: Actor) -> Sequence[Drawing]:
        """Those that the list shows, latest first."""
        raise NotImplementedError

    def saved_at(self, actor: Actor, slug: str) -> Any:
        """The one of that address; NotFound, Moved."""
        raise NotImplementedError

    def answer(self, request: HttpRequest, actor: Actor, description: Any) -> Any:
        """The answers to the questions of a description; NotFound when a dataset of it is not readable."""
        raise NotImplementedError

    def framed(self, request: HttpRequest, actor: Actor, answered: Any, saved: Any) -> Frame:
        """The frame of what was answered."""
        raise NotImplementedError

    def frame_of(self, request: HttpRequest, actor: Actor, description: Any, saved: Any) -> Frame:
        """The frame of a description; what is wrong with it is said there."""
        raise NotImplementedError

    def picture(self, actor: Actor, answered: Any, form: str, **how: Any) -> bytes:
        """A form of what was answered, in a theme and a size, with or without its title."""
        raise NotImplementedError

    def more(self, request: HttpRequest, saved: Any) -> dict[str, Any]:
        """What else the page of a saved one shows."""
        return {}

    def asked(self, request: HttpRequest, slug: str) -> tuple[Actor, Any, Any]:
        """Who asks, the saved drawing of that address if there is one, and the description to draw."""
        actor = actor_of(request.user)
        saved = self.saved_at(actor, slug) if slug else None
        return actor, saved, saved.described if saved else self.description.from_json(request.GET.get("c", ""))

    def list(self, request: HttpRequest) -> HttpResponse:
        """The published ones, latest first."""
        published = self.published(actor_of(request.user))
        pages = pages_of(len(published), PAGE_SIZE, whole_number(request, "page", 1))
        start = (pages.number - 1) * PAGE_SIZE
        facts = {"drawings": published[start : start + PAGE_SIZE], "total": len(published), "pages": pages}
        return render(request, f"portal/{self.noun}s.html", facts)

    def page(self, request: HttpRequest, slug: str) -> HttpResponse:
        """A saved one on its permanent page; NotFound when one of its datasets is not readable."""
        actor, saved, description = self.asked(request, slug)
        try:
            frame = self.framed(request, actor, self.answer(request, actor, description), saved)
        except BroaderThanShown as error:
            return main_site_page(request, saved, error)
        except self.nothing:
            frame = self.frame_of(request, actor, description, saved)
        may_change = may(actor, "edit", saved.organisation_id)
        facts = {"drawing": saved, "frame": frame, "may_change": may_change, **self.more(request, saved)}
        return render(request, f"portal/{self.noun}.html", facts)

    def frame(self, request: HttpRequest, slug: str = "") -> HttpResponse:
        """A drawing alone, to be shown inside pages of other sites; links open outside it."""
        actor, saved, description = self.asked(request, slug)
        frame = self.frame_of(request, actor, description, saved)
        facts = {"frame": frame, "back": saved.get_absolute_url() if saved else absolute_path(f"/{self.place}/")}
        return render(request, f"portal/{self.noun}_embed.html", facts, status=400 if frame.error else 200)

    def file(self, request: HttpRequest, file: str, slug: str = "") -> HttpResponse:
        """A form of a drawing: SVG, PNG, or what its kind adds."""
        actor, _saved, description = self.asked(request, slug)
        answered = self.answer(request, actor, description)
        theme = THEMES.get(request.GET.get("theme", ""), THEMES["light"])
        size = self.sizes.get(request.GET.get("taille", ""), next(iter(self.sizes.values())))
        form, media_type = self.forms[file]
        titled = bool(request.GET.get("titre")) and form != "vega"
        tag = f'"{answered.key[:16]}-{theme.name[0]}{size.name[0]}{int(titled)}"'
        return unless_had(
            request,
            tag,
            lambda: self.picture(actor, answered, form, theme=theme, size=size, titled=titled),
            media_type,
        )

    def parts(self, base: str, name: str) -> list[URLPattern]:
        """The addresses below those of a drawing, saved or not."""
        return [
            *(
                path(f"{base}{file}", page(picture_alone(require_safe(self.file))), {"file": file}, f"{name}-{file}")
                for file in self.forms
            ),
            path(f"{base}cadre/", page(embeddable(require_safe(self.frame))), name=f"{name}-frame"),
        ]

    def paths(self) -> list[URLPattern]:
        """Its addresses; « - » stands for what was not saved."""
        saved = f"{self.place}/<slug:slug>/"
        return [
            *self.parts(f"{self.place}/-/", f"unsaved-{self.noun}"),
            *self.parts(saved, self.noun),
            path(f"{self.place}/", page(require_safe(self.list)), name=f"{self.noun}s"),
            path(saved, page(require_safe(self.page)), name=self.noun),
        ]


def unless_had(request: HttpRequest, tag: str, make: Callable[[], Any], media_type: str) -> HttpResponse:
    """An answer kept by browsers and asked again, since what is withdrawn is not shown any more; made only when it changed."""
    if tag in request.headers.get("If-None-Match", ""):
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(make(), content_type=media_type)
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Cookie, Accept-Language"
    return response
