"""« Qualité » in the back office: the published datasets that the person edits, worst first, with the way to mend each."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.selectors import organisations_where
from parvis.hub.backoffice.screens import Screen
from parvis.hub.quality.boards import board_facts, read_board_request
from parvis.hub.quality.selectors import managed_board

PAGE_SIZE = 50


class QualityScreen(Screen):
    """The board of all that the person edits, or of one organisation (``?organisation=``)."""

    page_title = gettext_lazy("Qualité")
    header_icon = "circle-check"
    template_name = "backoffice/quality/board.html"

    @cached_property
    def organisation(self) -> Organisation | None:
        """The one asked for, when the person edits its things."""
        return organisations_where(self.actor, "edit").filter(slug=self.request.GET.get("organisation", "")).first()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Figures, lines, organisations to choose from."""
        lines = managed_board(self.actor, self.organisation)
        asked = read_board_request(self.request.GET)
        kept = [line for line in lines if asked.keeps(line)]
        page = Paginator(kept, PAGE_SIZE).get_page(self.request.GET.get("page"))
        facts = board_facts(lines, kept, asked, max(page.start_index() - 1, 0), PAGE_SIZE)
        return {
            **super().get_context_data(**kwargs),
            **facts,
            "page": page,
            "organisation": self.organisation,
            "organisations": organisations_where(self.actor, "edit"),
        }
