"""``/api/parvis/v1/indicators``: definitions and figures for programs."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from parvis.domains.indicators import schemas, selectors
from parvis.domains.indicators.models import Value
from parvis.domains.indicators.selectors import Seen
from parvis.domains.indicators.sources import Origin, origins
from parvis.domains.indicators.telling import warning
from parvis.hub.accounts.rules import Actor
from parvis.hub.addresses import canonical
from parvis.hub.api.routers import ApiRequest, ApiRouter
from parvis.hub.api.schemas import Slug

router = ApiRouter("indicators", _("Indicateurs"))


@router.operation(
    "/indicators",
    "listIndicators",
    _("Les indicateurs publiés avec leur chiffre du jour, son âge et son état."),
    schemas.IndicatorList,
    url_name="indicators-api",
)
def indicators(request: ApiRequest) -> schemas.IndicatorList:
    """Every published indicator with its figure of the day; ``value`` is null where the caller may not read its datasets."""
    return list_of(request.auth)


def list_of(actor: Actor) -> schemas.IndicatorList:
    """The same, whatever the way in."""
    published = selectors.seen(actor, selectors.indicators_published())
    return schemas.IndicatorList(
        total_count=len(published), results=[schemas.IndicatorCard(**_card(seen)) for seen in published]
    )


@router.operation(
    "/indicators/{slug:slug}",
    "getIndicator",
    _("Un indicateur : tous ses chiffres, sa définition, d’où ils viennent."),
    schemas.Indicator,
    url_name="indicator-api",
    errors=(400, 404),
)
def indicator(request: ApiRequest, slug: Slug) -> schemas.Indicator:
    """One indicator with all its figures, its definition and its sources, which are told to those who may read its datasets alone."""
    return whole(request.auth, slug)


def whole(actor: Actor, slug: str) -> schemas.Indicator:
    """The same, whatever the way in."""
    seen = selectors.seen(actor, [selectors.indicator(actor, slug)])[0]
    computation = seen.indicator.latest if seen.is_readable else None
    return schemas.Indicator(
        **_card(seen),
        definition=seen.definition.to_dict() if seen.is_readable else None,
        computed=computation.computed.isoformat() if computation else None,
        sources=[_source(origin) for origin in origins(computation)] if computation else [],
        values=[_figure(value) for value in selectors.values_of(seen)],
    )


def _card(seen: Seen) -> dict[str, Any]:
    definition, slug = seen.definition, seen.indicator.slug
    return {
        "slug": slug,
        "title": seen.indicator.title,
        "question": definition.question,
        "publisher": seen.indicator.organisation.name,
        "url": canonical(seen.indicator.get_absolute_url()),
        "svg": canonical(reverse("indicator-picture", args=[slug, "svg"])),
        "png": canonical(reverse("indicator-picture", args=[slug, "png"])),
        "embed": canonical(reverse("indicator-embed", args=[slug])),
        "feed": canonical(reverse("indicator-feed", args=[slug])),
        "readable": seen.is_readable,
        "unit": definition.unit,
        "value": _figure(seen.value) if seen.value else None,
        "change": seen.change,
        "better": seen.is_better,
        "state": str(seen.state) or None,
        "target": definition.target,
        "deadline": definition.deadline or None,
        "data_date": seen.data_date.isoformat() if seen.data_date else None,
        "age_days": seen.age,
        "late": seen.is_late,
        "source_missing": bool(seen.is_readable and seen.indicator.trouble),
        "warning": warning(seen) or None,
    }


def _figure(value: Value) -> schemas.IndicatorFigure:
    return schemas.IndicatorFigure(
        territory=value.territory,
        name=value.name,
        period=value.period,
        value=value.value,
        url=canonical(value.get_absolute_url()),
    )


def _source(origin: Origin) -> schemas.IndicatorSource:
    return schemas.IndicatorSource(
        part=origin.name,
        dataset_id=origin.dataset.dataset_id,
        title=origin.dataset.title,
        version=origin.version_name,
        question=origin.question,
        rows=canonical(origin.rows_address),
    )
