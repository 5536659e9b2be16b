"""``/api/parvis/v1/charts``: saved charts for programs: what they ask, what was answered, how they are drawn."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from parvis.hub.addresses import canonical
from parvis.hub.api.routers import ApiRequest, ApiRouter
from parvis.hub.api.schemas import Slug
from parvis.hub.charts.answers import Answered, answer
from parvis.hub.charts.pictures import specification_of
from parvis.hub.charts.selectors import chart_at, charts_of_readable_data
from parvis.hub.drawings.questions import Asked
from parvis.hub.drawings.trails import csv_address
from parvis.web.portal import drawing_schemas as schemas
from parvis.web.portal.drawing_api import card_of, declare_list

router = ApiRouter("charts", _("Graphiques enregistrés"))


declare_list(
    router, _("Les graphiques publiés, le dernier modifié d’abord."), schemas.ChartList, charts_of_readable_data
)


@router.operation(
    "/charts/{slug:slug}",
    "getChart",
    _("Un graphique : ce qu’il demande, ce qui est répondu, comment il est dessiné."),
    schemas.Chart,
    url_name="chart-api",
    errors=(400, 403, 404),
)
def chart(request: ApiRequest, slug: Slug) -> schemas.Chart:
    """One chart whole; NotFound when a dataset of it is not readable by the caller."""
    saved = chart_at(request.auth, slug)
    answered = answer(request.auth, saved.described, get_language() or "fr")
    table = answered.table
    return schemas.Chart(
        **dict(card_of(saved)),
        description=saved.described.to_dict(),
        sentence=answered.sentence,
        sources=[_source(asked) for asked in answered.asked],
        table=schemas.ChartTable(columns=[head.text for head in table.heads], rows=[list(row) for row in table.rows]),
        values=_values(answered),
        vega_lite=specification_of(answered),
    )


def _source(source_query: Asked) -> schemas.ChartSource:
    question = source_query.question
    return schemas.ChartSource(
        dataset_id=source_query.dataset.dataset_id,
        title=source_query.dataset.title,
        version=source_query.version.name,
        version_date=source_query.version.created.isoformat(),
        select=question.select,
        where=list(question.where),
        group_by=question.group_by,
        order_by=question.order_by,
        csv=canonical(csv_address(source_query.dataset.dataset_id, question)),
    )


def _values(answered: Answered) -> list[schemas.ChartValue]:
    return [
        schemas.ChartValue(
            group=point.group,
            series=point.series,
            value=point.value,
            **({"against": point.against} if point.against is not None else {}),
        )
        for point in answered.reading.points
    ]
