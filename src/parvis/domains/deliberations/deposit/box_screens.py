"""« Zones occultées » : rectangles drawn on a page of an act, by mouse, by finger or by four numbers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from parvis.core.redaction import Box
from parvis.domains.deliberations.deposit.boxes import BoxRefused, add_box, remove_box
from parvis.domains.deliberations.deposit.presentation import ShownBox, shown_boxes
from parvis.domains.deliberations.deposit.screens import OfOneFile
from parvis.domains.deliberations.rules import ActIsSealed
from parvis.domains.deliberations.selectors import boxes_of, last_page_of
from parvis.hub.backoffice.screens import FormScreen


def _side(label: Any) -> forms.FloatField:
    field = forms.FloatField(label=label, min_value=0, max_value=100)
    field.widget.attrs |= {"step": "0.01", "data-box-side": "", "inputmode": "decimal"}
    return field


class BoxForm(forms.Form):
    """The four sides of a rectangle, in percents of the page from its upper left corner."""

    left = _side(gettext_lazy("Gauche (%)"))
    top = _side(gettext_lazy("Haut (%)"))
    right = _side(gettext_lazy("Droite (%)"))
    bottom = _side(gettext_lazy("Bas (%)"))

    def box(self, page: int) -> Box:
        """The rectangle that was typed."""
        left, top, right, bottom = (self.cleaned_data[name] / 100 for name in ("left", "top", "right", "bottom"))
        return Box(page, left, top, right, bottom)


class Boxes(OfOneFile, FormScreen):
    """A page of a PDF of an act, the rectangles that are hidden of it, and one more."""

    template_name = "deliberations/backoffice/boxes.html"
    page_title = gettext_lazy("Occulter une zone")
    header_icon = "doc-full"
    form_class = BoxForm
    done = gettext_lazy("La zone sera noire dans ce qui est publié.")
    refusals = (BoxRefused, ActIsSealed)

    @cached_property
    def number(self) -> int:
        """The page of the address; Http404 for a file that is published from its text, and for a page that nobody read."""
        page: int = self.kwargs["page"]
        if self.file.suffix != "pdf" or not 1 <= page <= last_page_of(self.file):
            raise Http404
        return page

    @cached_property
    def boxes(self) -> list[ShownBox]:
        """The rectangles of the page."""
        return shown_boxes(boxes_of(self.file), self.number)

    def trail(self) -> list[tuple[str, str]]:
        """The list, the act."""
        return [*super().trail(), (reverse("acts:confirm", args=[self.record.pk]), self.record.title)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The page and its rectangles; the pages beside it."""
        last = last_page_of(self.file)
        return {
            **super().get_context_data(**kwargs),
            "record": self.record,
            "file": self.file,
            "number": self.number,
            "last": last,
            "before": self.number - 1,
            "after": self.number + 1 if self.number < last else 0,
            "boxes": self.boxes,
            "elsewhere": sorted({box.page for box in boxes_of(self.file)} - {self.number}),
            "is_sealed": self.record.live or bool(self.record.withdrawn_at),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Hide one more, or show one again."""
        key = request.POST.get("retirer")
        if key is None:
            return super().post(request, *args, **kwargs)
        shown = next((shown for shown in self.boxes if shown.key == key), None)
        if shown is not None:  # gone already: the button was pressed twice
            remove_box(self.actor, self.record, self.file, shown.box)
        messages.success(request, _("La zone n’est plus occultée."))
        return redirect(self.request.path)

    def act(self, form: BoxForm) -> None:
        """Hide one more."""
        add_box(self.actor, self.record, self.file, form.box(self.number))
