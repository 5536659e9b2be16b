"""Conflations as everybody sees them: what is to be reviewed, on a map and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from parvis.core.osm.curves import HEIGHT, WIDTH, drawn, ticks
from parvis.core.osm.model import Verdict
from parvis.domains.osm.findings_map import findings_map
from parvis.domains.osm.messages import EXPLAINED, MARKS, VERDICTS
from parvis.domains.osm.models import Conflation
from parvis.domains.osm.selectors import STATES, counts_of, datasets_of, findings_of, latest_run, with_runs
from parvis.hub.accounts.rules import ANONYMOUS, Actor, may
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.catalogue.selectors import datasets_visible_to
from parvis.hub.collections.declaration import Collection, Sort
from parvis.hub.ui.pagination import pages_of, whole_number

if TYPE_CHECKING:
    from parvis.hub.territories.models import Territory

PAGE = 50
REVIEWED = tuple(verdict.value for verdict in Verdict if verdict is not Verdict.SAME)


class ConflationCollection(Collection):
    """Those whose two datasets anybody may read."""

    kind = Conflation
    title = _("OpenStreetMap")
    lead = _("Les données du territoire comparées avec la carte libre : ce qui manque, ce qui diffère, ce qui a bougé.")
    sorts: ClassVar = (Sort("titre", _("par titre"), ("title", "id")),)
    page_template = "osm/page.html"
    order = 60

    def records(self, query: QuerySet[Conflation]) -> QuerySet[Conflation]:
        """Of the others not even a title is told."""
        readable = datasets_visible_to(ANONYMOUS).prefetch_related(None).values("dataset_id")
        return query.filter(dataset_id__in=readable, osm_dataset_id__in=readable).defer("mapping")

    def prepared(
        self, records: Sequence[Conflation], actor: Actor, territory: Territory | None = None
    ) -> Sequence[Conflation]:
        """Each with its last comparison."""
        return with_runs(records)

    def lines(self, record: Conflation) -> list[str]:
        """What was found."""
        run = record.run
        if run is None or run.error:
            return []
        return [", ".join(f"{VERDICTS[name]} : {run.counts[name]}" for name in REVIEWED if run.counts.get(name))]

    def facts(self, record: Conflation, request: HttpRequest) -> dict[str, Any]:
        """The findings asked for, by page and on a drawing, how many there are of each verdict, how far apart pairs are."""
        actor = actor_of(request.user)
        town, osm = datasets_of(actor, record)
        verdict, state = request.GET.get("constat", ""), request.GET.get("etat", "")
        verdict, state = (verdict if verdict in REVIEWED else ""), (state if state in STATES else "")
        rows = findings_of(record, verdict, state).order_by("pk")
        total, counts, run = rows.count(), counts_of(record), latest_run(record)
        pages = pages_of(total, PAGE, whole_number(request, "page", 1))
        pages = replace(pages, number=min(pages.number, pages.count))
        shown = list(rows[(pages.number - 1) * PAGE : pages.number * PAGE])
        is_map = request.GET.get("vue") == "carte"
        drawing = findings_map(rows, request.GET, record.territory) if is_map else None
        for finding in (*shown, *(row for spot in (drawing.spots if drawing else ()) for row in spot.findings)):
            finding.conflation = record
        return {
            "ours": town,
            "theirs": osm,
            "run": run,
            "verdict": verdict,
            "state": state,
            "chips": [(name, VERDICTS[name], counts.get(name, 0), MARKS[name]) for name in REVIEWED],
            "to_decide": sum(counts.values()),
            "explained": EXPLAINED.get(verdict, ""),
            "total": total,
            "pages": pages,
            "findings": shown,
            "is_map": is_map,
            "drawing": drawing,
            "curve": drawn(run.distances) if run else "",
            "curve_box": (WIDTH, HEIGHT),
            "curve_steps": ticks(run.distances) if run else [],
            "half": ceil(run.distances.get("median", 0)) or 1 if run else 1,
            "most_of": ceil(run.distances.get("most", 0)) or 1 if run else 1,
            "trap": record.described.trap,
            "may_decide": may(actor, "edit", record.organisation_id),
        }

    def as_json(self, record: Conflation) -> dict[str, Any]:
        """What is compared, and what was found last."""
        run = record.run
        return {
            "dataset_id": record.dataset_id,
            "osm_dataset_id": record.osm_dataset_id,
            "theme": record.theme,
            "counts": run.counts if run else {},
            "distances": run.distances if run else {},
        }
