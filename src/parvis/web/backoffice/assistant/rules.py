"""The five steps, and which are open for an import as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from parvis.hub.datastore.models import Import


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its number, name on screen, and the name of its address."""

    number: int
    label: Any
    url_name: str


STEPS = (
    Step(1, gettext_lazy("Déposer"), "deposit"),
    Step(2, gettext_lazy("Vérifier la lecture"), "import_reading"),
    Step(3, gettext_lazy("Vérifier les colonnes"), "import_columns"),
    Step(4, gettext_lazy("Décrire"), "import_card"),
    Step(5, gettext_lazy("Publier"), "import_publish"),
)

State = Import.State
AT_WORK = (State.EXAMINING, State.WRITING)
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


def open_steps(imported: Import) -> set[int]:
    """The numbers of the steps that may be visited now."""
    if imported.state in AT_WORK:
        return set()
    if imported.state in (State.DONE, State.HELD):
        return {4, 5} if imported.version_id else set()
    return {2, 3, 4} if imported.findings else {2}


def shown_steps(current: int, imported: Import | None = None) -> list[dict[str, Any]]:
    """The stepper: each step with its label, address when open, and where it stands."""
    opened = open_steps(imported) if imported else set()
    return [
        {
            "number": step.number,
            "label": step.label,
            "url": reverse(f"backoffice:{step.url_name}", args=[imported.pk]) if step.number in opened else "",
            "current": step.number == current,
            "done": step.number < current,
        }
        for step in STEPS
    ]


def resume_url(imported: Import) -> str:
    """The address where this import goes on."""
    return reverse(f"backoffice:{RESUME_AT[State(imported.state)]}", args=[imported.pk])
