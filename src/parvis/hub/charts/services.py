"""Saving charts: right, act, journal, in that order."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from parvis.core.charts import ChartDescription
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.audit.services import record
from parvis.hub.charts.models import Chart
from parvis.hub.charts.rules import MOST_TITLE, BadChartTitle, ChartChanged, ChartStatus, slug_of


def create_chart(actor: Actor, organisation: Organisation, description: ChartDescription) -> Chart:
    """A draft, under an address made from its title that will not change any more."""
    require(actor, "edit", organisation.pk, f"enregistrer un graphique pour « {organisation} »")
    title = _title(description)
    wished, number = slug_of(title), 1
    while True:
        slug = wished if number == 1 else f"{wished}-{number}"
        try:
            with transaction.atomic():
                chart = Chart.objects.create(
                    slug=slug, organisation=organisation, author_id=actor.person_id, **_kept(title, description)
                )
                _journal(actor, "chart.create", chart)
                return chart
        except IntegrityError:
            if not Chart.objects.filter(slug=slug).exists():
                raise
            number += 1


def update_chart(actor: Actor, chart: Chart, description: ChartDescription, *, revision: int) -> Chart:
    """Change what a chart shows; ChartChanged when it is no longer at the ``revision`` that was opened."""
    require(actor, "edit", chart.organisation_id, f"modifier le graphique « {chart.title} »")
    kept = _kept(_title(description), description)
    with transaction.atomic():
        changed = Chart.objects.filter(pk=chart.pk, revision=revision).update(
            **kept, revision=revision + 1, modified=timezone.now()
        )
        if not changed:
            raise ChartChanged(title=chart.title)
        chart.refresh_from_db()
        _journal(actor, "chart.update", chart)
    return chart


def publish_chart(actor: Actor, chart: Chart) -> Chart:
    """Open its page to all."""
    return _set_status(actor, chart, ChartStatus.PUBLISHED, "publish")


def unpublish_chart(actor: Actor, chart: Chart) -> Chart:
    """Keep its page for its editors again."""
    return _set_status(actor, chart, ChartStatus.DRAFT, "unpublish")


def delete_chart(actor: Actor, chart: Chart) -> None:
    """Remove it for ever; its description stays in the journal."""
    require(actor, "edit", chart.organisation_id, f"supprimer le graphique « {chart.title} »")
    if chart.status == ChartStatus.PUBLISHED:
        require(actor, "publish", chart.organisation_id, f"supprimer le graphique publié « {chart.title} »")
    with transaction.atomic():
        _journal(actor, "chart.delete", chart, description=chart.description)
        chart.delete()


def _set_status(actor: Actor, chart: Chart, status: ChartStatus, act: str) -> Chart:
    require(actor, "publish", chart.organisation_id, f"publier ou retirer le graphique « {chart.title} »")
    if chart.status != status:
        with transaction.atomic():
            chart.status = status
            chart.save(update_fields=["status", "modified"])
            _journal(actor, f"chart.{act}", chart)
    return chart


def _title(description: ChartDescription) -> str:
    title = " ".join(description.title.split())
    if not 0 < len(title) <= MOST_TITLE:
        raise BadChartTitle(most=MOST_TITLE)
    return title


def _kept(title: str, description: ChartDescription) -> dict:
    body = {name: value for name, value in description.to_dict().items() if name != "title"}
    return {"title": title, "description": body, "datasets": sorted({one.dataset for one in description.sources})}


def _journal(actor: Actor, action: str, chart: Chart, **details) -> None:
    record(actor.name, actor.person_id, action, "chart", chart.slug, title=chart.title, **details)
