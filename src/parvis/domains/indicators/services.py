"""Defining, publishing and computing indicators: right, act, journal, in that order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from parvis.core.errors import ParvisError
from parvis.core.indicators.definition import Definition
from parvis.core.indicators.figures import Cause, Figure
from parvis.domains.indicators.computation import cause_of, figures, names_of_territories
from parvis.domains.indicators.kinds import COMPUTE
from parvis.domains.indicators.models import Computation, Indicator, Value
from parvis.domains.indicators.rules import SlugTaken
from parvis.domains.indicators.selectors import indicators_asking
from parvis.domains.indicators.subscriptions import watch
from parvis.hub.accounts.rules import OPERATOR, Actor, require
from parvis.hub.audit.services import record
from parvis.hub.catalogue.selectors import dataset as dataset_for
from parvis.hub.jobs.services import enqueue
from parvis.hub.records import services as records
from parvis.hub.records.rules import Status

if TYPE_CHECKING:
    from parvis.hub.accounts.models import Organisation
    from parvis.hub.catalogue.models import Dataset

MOST_TURNS = 5
"""Times that a computing overtaken by a new version or a new definition begins again; what overtook it asked for its own besides."""


def create_indicator(actor: Actor, organisation: Organisation, definition: Definition) -> Indicator:
    """A draft; NotFound when the actor may not see one of its datasets, SlugTaken when its address is another's."""
    _require_datasets(actor, definition)
    return records.create(actor, Indicator(slug=definition.slug, organisation=organisation, **_columns(definition)))


def update_indicator(actor: Actor, indicator: Indicator, definition: Definition, *, revision: int) -> Indicator:
    """Change a definition, not its address; IndicatorChanged when it is no longer at the ``revision`` that was opened."""
    _require_datasets(actor, definition)
    if definition.slug != indicator.slug:
        raise SlugTaken(slug=definition.slug)
    return records.update(actor, indicator, _columns(definition), revision=revision)


def set_status(actor: Actor, indicator: Indicator, status: Status) -> Indicator:
    """Publish, take back to draft, or retire; values and their addresses stay."""
    if status == Status.PUBLISHED:
        return records.publish(actor, indicator)
    return records.withdraw(actor, indicator, status)


def publish_indicator(actor: Actor, indicator: Indicator) -> None:
    """Publish it, and have it computed when it never was."""
    set_status(actor, indicator, Status.PUBLISHED)
    if indicator.latest is None:
        ask_to_compute(actor, indicator)


def ask_to_compute(actor: Actor, indicator: Indicator) -> None:
    """Have it computed in the background."""
    require(actor, "edit", indicator.organisation_id, f"calculer l’indicateur « {indicator.title} »")
    enqueue(actor, COMPUTE, indicator=indicator.pk)


def version_published(dataset: Dataset, **_said: Any) -> None:
    """What follows each publication: the indicators that ask this dataset, unless they are computed by hand."""
    for indicator in indicators_asking(dataset):
        if indicator.definition.get("refresh", "publication") == "publication":
            enqueue(OPERATOR, COMPUTE, indicator=indicator.pk)


def compute_indicator(actor: Actor, indicator: Indicator) -> Computation | None:
    """Compute and keep the values from the versions that readers see; None, with the trouble noted, when it cannot be.

    The same definition, versions and inhabitants give back the computation that was kept. Values overtaken meanwhile, by a
    publication or by another definition, are kept but never shown as those of the day.
    """
    require(actor, "edit", indicator.organisation_id, f"calculer l’indicateur « {indicator.title} »")
    for _turn in range(MOST_TURNS):
        indicator.refresh_from_db()
        mark, made, trouble = "", None, None
        try:
            cause = cause_of(indicator.described)
            mark = cause.mark
            made = _made(indicator, cause)
        except ParvisError as error:
            trouble = _trouble_of(indicator, error)
        if _show(actor, indicator, mark, made, trouble):
            return made
    return None


def recomputed(value: Value) -> float | None:
    """A past figure computed again from the definition, the versions and the inhabitants of its time.

    MissingSource when one of those versions is no longer kept.
    """
    past = value.computation
    new_figures = figures(past.described, past.versions, past.population)
    return {figure.key: figure.value for figure in new_figures}.get((value.territory, value.period))


def _made(indicator: Indicator, cause: Cause) -> Computation:
    """The computation of a cause: the one kept, or a new one with its values."""
    existing = Computation.objects.filter(indicator=indicator, fingerprint=cause.mark).first()
    if existing is not None:
        return existing
    definition = cause.definition
    new_figures = figures(definition, cause.versions, cause.population)
    names = names_of_territories(definition)
    with transaction.atomic():
        made, is_new = Computation.objects.get_or_create(
            indicator=indicator,
            fingerprint=cause.mark,
            defaults={
                "definition": definition.to_dict(),
                "versions": dict(cause.versions),
                "population": dict(cause.population),
                "computed": timezone.now(),
            },
        )
        if is_new:
            Value.objects.bulk_create(_value(made, figure, names) for figure in new_figures)
    return made


def _value(made: Computation, figure: Figure, names: Mapping[str, str]) -> Value:
    territory, period = figure.key
    return Value(
        computation=made,
        territory=territory[:120],
        name=names.get(territory, territory)[:120],
        period=period[:20],
        value=figure.value,
        parts=figure.parts,
    )


def _trouble_of(indicator: Indicator, error: ParvisError) -> dict[str, Any]:
    """Why there are no values, and since when."""
    before = indicator.trouble or {}
    since = before.get("since") if before.get("code") == error.code else None
    sentence = error.sentences()[0].to_json()
    return {"code": error.code, "sentence": sentence, "since": since or timezone.now().isoformat()}


def _show(
    actor: Actor, indicator: Indicator, mark: str, made: Computation | None, trouble: dict[str, Any] | None
) -> bool:
    """Show these values as those of the day, or note why there are none; False when that is only true of what was asked before."""
    with transaction.atomic():
        locked = Indicator.objects.select_for_update().get(pk=indicator.pk)
        if _mark_now(locked) != mark:
            return False
        is_news = made is not None and (locked.latest_id != made.pk or bool(locked.trouble))
        if is_news or trouble:
            locked.latest, locked.trouble = made or locked.latest, trouble
            locked.save(update_fields=["latest", "trouble"])
        if is_news:
            facts = {"title": locked.title, "versions": made.versions}
            record(actor.name, actor.person_id, "indicator.compute", "indicator", locked.slug, **facts)
    indicator.refresh_from_db()
    if is_news:
        watch(indicator)
    return True


def _mark_now(indicator: Indicator) -> str:
    """The fingerprint of what would be computed now; empty when nothing can be."""
    try:
        return cause_of(indicator.described).mark
    except ParvisError:
        return ""


def _require_datasets(actor: Actor, definition: Definition) -> None:
    for dataset_id in definition.datasets:
        dataset_for(actor, dataset_id)


def _columns(definition: Definition) -> dict[str, Any]:
    return {"title": definition.title, "definition": definition.to_dict(), "datasets": list(definition.datasets)}
