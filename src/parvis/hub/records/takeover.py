"""For migrations: rows written before their model was a civic record, given what a record has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from parvis.core.text import fold


def take_over(app: str, model: str) -> Callable[[Any, Any], None]:
    """What is published is live, as of its last change; its title can be searched."""

    def run(apps: Any, schema_editor: Any) -> None:
        rows = apps.get_model(app, model).objects
        for row in rows.all().only("pk", "title", "status", "created", "modified").iterator():
            is_live = row.status == "published"
            rows.filter(pk=row.pk).update(
                live=is_live,
                search_text=fold(row.title),
                first_published_at=row.created if is_live else None,
                last_published_at=row.modified if is_live else None,
            )

    return run
