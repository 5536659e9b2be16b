"""The steps, and which are open for an import as it stands."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from parvis.hub.datastore.selectors import ImportState as State


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name on screen, the name of its address, and whether it needs what an examination found.

    Screens name their step by that address; the number shown is the rank of the row.
    """

    label: Any
    url_name: str
    needs_findings: bool = True


STEPS = (
    Step(gettext_lazy("Déposer"), "deposit"),
    Step(gettext_lazy("Vérifier la lecture"), "import_reading", needs_findings=False),
    Step(gettext_lazy("Appliquer un schéma"), "import_schema"),
    Step(gettext_lazy("Vérifier les colonnes"), "import_columns"),
    Step(gettext_lazy("Protéger les personnes"), "import_personal"),
    Step(gettext_lazy("Décrire"), "import_card"),
    Step(gettext_lazy("Publier"), "import_publish"),
)

if TYPE_CHECKING:
    from parvis.hub.datastore.models import Import

PRIVATE = "privacy."
"""How the names of the steps that protect persons begin."""
AT_WORK = (State.EXAMINING, State.WRITING)
BUSY_OR_OVER = (*AT_WORK, State.DONE, State.HELD)
RESUME_AT = {
    State.WAITING: "import_wait",
    State.EXAMINING: "import_wait",
    State.WRITING: "import_wait",
    State.EXAMINED: "import_reading",
    State.STOPPED: "import_columns",
    State.REFUSED: "import_reading",
    State.FAILED: "import_reading",
    State.CANCELLED: "import_reading",
    State.HELD: "import_publish",
    State.DONE: "import_publish",
}
"""Where a person takes an import up again."""


WRITTEN = ("import_card", "import_publish")
"""The steps that may be visited once the version is written."""


def open_steps(imported: Import) -> set[str]:
    """The steps that may be visited now, by the names of their addresses."""
    if imported.state in AT_WORK:
        return set()
    if imported.state in (State.DONE, State.HELD):
        return set(WRITTEN) if imported.version_id else set()
    left_out = {STEPS[0].url_name, STEPS[-1].url_name}
    return {
        step.url_name
        for step in STEPS
        if step.url_name not in left_out and (imported.findings or not step.needs_findings)
    }


def shown_steps(current: str, imported: Import | None = None, *, skipped: Collection[str] = ()) -> list[dict[str, Any]]:
    """The stepper: each step with its label, address when open, and where it stands; ``current`` is the name of an address.

    Those that were passed by without doing anything (``skipped``, by address) are not told as done.
    """
    opened = open_steps(imported) if imported else set()
    rank = next((rank for rank, step in enumerate(STEPS) if step.url_name == current), -1)
    return [
        {
            "number": number + 1,
            "label": step.label,
            "url": reverse(f"backoffice:{step.url_name}", args=[imported.pk]) if step.url_name in opened else "",
            "current": number == rank,
            "done": number < rank and step.url_name not in skipped,
            "skipped": number < rank and step.url_name in skipped,
        }
        for number, step in enumerate(STEPS)
    ]


def resume_url(imported: Import) -> str:
    """The address where this import goes on."""
    return reverse(f"backoffice:{RESUME_AT[State(imported.state)]}", args=[imported.pk])
