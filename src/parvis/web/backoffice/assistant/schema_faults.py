"""Following a schema: what the file does not respect, with the rows around each fault and how to mend it."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse

from parvis.hub.validation.presentation import tell
from parvis.hub.validation.selectors import import_report_file, import_report_files
from parvis.web.backoffice.assistant.schema import SchemaStep


class SchemaFaultsScreen(SchemaStep):
    """Counts by kind and column, then examples."""

    template_name = "backoffice/assistant/schema_faults.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The report in words, and its files."""
        return {
            "told": tell(self.found, self.schema),
            "endings": import_report_files(self.imported),
            "proposals": len(self.found.get("proposals") or []),
            **super().get_context_data(**kwargs),
            **kwargs,
        }


class SchemaReportFile(SchemaStep):
    """The full report as a file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """All faults."""
        ending = self.kwargs["ending"]
        file = import_report_file(self.imported, ending)
        return FileResponse(file, as_attachment=True, filename=f"rapport.{ending}")
