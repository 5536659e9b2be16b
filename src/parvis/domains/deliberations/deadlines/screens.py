"""« À faire »: what the law asks of sittings and acts that wait, what is due first coming first."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from parvis.domains.deliberations.deadlines.presentation import line
from parvis.domains.deliberations.deadlines.selectors import duties
from parvis.domains.deliberations.deposit.screens import BelowActs
from parvis.hub.backoffice.screens import Screen

MOST_SHOWN = 200


class ToDo(BelowActs, Screen):
    """What remains to be done for the person's organisations."""

    template_name = "deliberations/backoffice/to_do.html"
    page_title = gettext_lazy("À faire")
    header_icon = "tasks"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With each thing, and how many more there are."""
        today = timezone.localdate()
        rows = duties(self.actor, today)
        return {
            **super().get_context_data(**kwargs),
            "lines": [line(duty, today) for duty in rows[:MOST_SHOWN]],
            "more": max(len(rows) - MOST_SHOWN, 0),
            "late": sum(duty.is_late(today) for duty in rows),
        }
