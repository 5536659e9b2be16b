"""Following a schema: which column of the file stands for which field, kept for the next deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parvis.core.mapping import Extras, Match, Reason
from parvis.core.mapping import Mapping as ColumnMapping
from parvis.core.mapping.messages import reason_text
from parvis.core.mapping.model import columns_of
from parvis.core.schemas import Field
from parvis.hub.validation.services import change_steps
from parvis.web.backoffice.assistant.schema import SchemaStep

STEP = "map.columns"
IGNORE, VALUE, MADE, COLUMN = "", "valeur", "compose", "colonne:"


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field on the screen: what may stand for it, what does now, and a few values of that."""

    rank: int
    field: Field
    choice: str
    value: str
    made: str
    samples: list[str]
    reasons: list[str]
    unmet: bool


def mapping_of(findings: Mapping[str, Any], steps: list[dict[str, Any]]) -> ColumnMapping:
    """The mapping accepted before, else the one that the examination proposed."""
    proposed = findings["mapping"]
    matches = [
        Match(
            row["field"],
            row["required"],
            row["source"],
            row["score"],
            tuple(Reason(**reason) for reason in row["reasons"]),
            tuple(row["others"]),
        )
        for row in proposed["matches"]
    ]
    mapping = ColumnMapping(findings["name"], findings["version"], tuple(matches), tuple(proposed["left"]))
    step = next((step for step in steps if step["name"] == STEP), None)
    if step is None:
        return mapping
    accepted = {
        row["to"]: {key: value for key, value in row.items() if key != "to"} for row in step["parameters"]["columns"]
    }
    sources = {match.field: accepted.get(match.field, {}) for match in matches}
    return mapping.changed(sources, Extras(step["parameters"].get("extras", "keep")))


class SchemaColumnsScreen(SchemaStep):
    """Each field of the schema with the column of the file that stands for it."""

    template_name = "backoffice/assistant/schema_columns.html"

    @property
    def mapping(self) -> ColumnMapping:
        """As accepted, else as proposed."""
        return mapping_of(self.found, self.imported.steps)

    @property
    def headers(self) -> list[str]:
        """The columns of the file as it came."""
        mapping = self.mapping
        taken = [column for match in mapping.matches for column in match.columns]
        return list(dict.fromkeys([*self.found["file"]["headers"], *taken, *mapping.left]))

    def _rows(self, mapping: ColumnMapping) -> list[FieldRow]:
        return [self._row(rank, match) for rank, match in enumerate(mapping.matches)]

    def _row(self, rank: int, match: Match) -> FieldRow:
        source, samples = match.source, self.found["file"]["samples"]
        choice, made = IGNORE, ""
        if "from" in source:
            choice = COLUMN + str(source["from"])
        elif "value" in source:
            choice = VALUE
        elif source:
            choice, made = MADE, made_of(source)
        return FieldRow(
            rank,
            self.schema.find(match.field) or Field(match.field),
            choice,
            str(source.get("value", "")),
            made,
            [text for column in match.columns for text in samples.get(column, [])][:3],
            [reason_text(reason, get_language() or "fr") for reason in match.reasons],
            match.required and not source,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The rows, the columns to choose from with their first values, what no field takes."""
        mapping = kwargs.pop("mapping", None) or self.mapping
        samples = self.found["file"]["samples"]
        return {
            "rows": self._rows(mapping),
            "columns": [
                (COLUMN + header, header or _("(sans nom)"), samples.get(header, [])) for header in self.headers
            ],
            "left": mapping.left,
            "extras": str(mapping.extras),
            **super().get_context_data(**kwargs),
            **kwargs,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep the mapping as the first step of the file, and look at the file so arranged."""
        mapping = self._asked(request)
        steps = [step for step in self.imported.steps if step["name"] != STEP and self._still_holds(step, mapping)]
        if mapping.is_needed:
            steps = [mapping.to_step().to_dict(), *steps]
        change_steps(self.actor, self.imported, steps, based_on=self.based_on)
        return self.look_again()

    def _asked(self, request: HttpRequest) -> ColumnMapping:
        mapping, headers = self.mapping, set(self.headers)
        sources: dict[str, dict[str, Any]] = {}
        for rank, match in enumerate(mapping.matches):
            choice = request.POST.get(f"champ-{rank}", IGNORE)
            if choice == MADE:
                continue
            if choice == VALUE:
                value = request.POST.get(f"valeur-{rank}", "").strip()
                sources[match.field] = {"value": value} if value else {}
            elif choice.startswith(COLUMN) and choice.removeprefix(COLUMN) in headers:
                sources[match.field] = {"from": choice.removeprefix(COLUMN)}
            else:
                sources[match.field] = {}
        extras = Extras.DROP if request.POST.get("autres") == "drop" else Extras.KEEP
        changed = mapping.changed(sources, extras)
        return ColumnMapping(changed.schema, changed.version, changed.matches, self._left(changed), extras)

    def _left(self, mapping: ColumnMapping) -> tuple[str, ...]:
        taken = {column for match in mapping.matches for column in match.columns}
        return tuple(header for header in self.headers if header not in taken)

    def _still_holds(self, step: dict[str, Any], mapping: ColumnMapping) -> bool:
        """Whether the column that a correction is about is still there under its name."""
        column = step["parameters"].get("column")
        names = {match.field for match in mapping.matches if match.source}
        names |= set(mapping.left) if mapping.extras is Extras.KEEP else set()
        return column is None or not step["name"].startswith("mend.") or column in names


def made_of(source: Mapping[str, Any]) -> str:
    """What a field made of several columns, or of a part of one, is made of."""
    columns = ", ".join(f"«\u00a0{column}\u00a0»" for column in columns_of(source))
    return _("fait de %s") % columns
