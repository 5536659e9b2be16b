"""Following a schema: what the file does not respect, with the rows around each fault and how to mend it."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse

from parvis.core.errors import NotFound
from parvis.hub.datastore.folders import deposit_path
from parvis.hub.validation.presentation import tell
from parvis.hub.validation.selectors import REPORT_FORMATS
from parvis.web.backoffice.assistant.schema import SchemaStep


class SchemaFaultsScreen(SchemaStep):
    """Counts by kind and column, then examples."""

    template_name = "backoffice/assistant/schema_faults.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The report in words, and its files."""
        folder = deposit_path(self.imported.deposit).parent / "rapport" if self.imported.deposit else None
        endings = [e for e in REPORT_FORMATS if folder is not None and (folder / f"rapport.{e}").is_file()]
        return {
            "told": tell(self.found, self.schema),
            "endings": endings,
            "proposals": len(self.found.get("proposals") or []),
            **super().get_context_data(**kwargs),
            **kwargs,
        }


class SchemaReportFile(SchemaStep):
    """The full report as a file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """All faults."""
        ending, deposit = self.kwargs["ending"], self.imported.deposit
        path = deposit_path(deposit).parent / "rapport" / f"rapport.{ending}" if deposit else None
        if ending not in REPORT_FORMATS or path is None or not path.is_file():
            raise NotFound(name=f"rapport.{ending}")
        return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)
