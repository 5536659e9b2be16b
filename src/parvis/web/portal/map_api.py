"""``/api/parvis/v1/maps``: saved maps for programs: what they ask, what was answered, where their layers are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from parvis.hub.addresses import canonical
from parvis.hub.api.routers import ApiRequest, ApiRouter
from parvis.hub.api.schemas import Documented, Slug
from parvis.hub.atlas.answers import LayerAnswer, answer
from parvis.hub.atlas.presentation import sentence
from parvis.hub.atlas.selectors import map_at, maps_of_readable_data
from parvis.web.portal import drawing_schemas as schemas
from parvis.web.portal.drawing_api import card_of, declare_list

if TYPE_CHECKING:
    from parvis.hub.atlas.models import Map

router = ApiRouter("maps", _("Cartes enregistrées"))
_Period = Annotated[str, Documented(_("Un moment du curseur de temps."), maxLength=20)]


declare_list(router, _("Les cartes publiées, la dernière modifiée d’abord."), schemas.MapList, maps_of_readable_data)


@router.operation(
    "/maps/{slug:slug}",
    "getMap",
    _("Une carte : ses couches, ce qu’elles demandent, leurs légendes, l’adresse de leurs données."),
    schemas.Map,
    url_name="map-api",
    errors=(400, 403, 404),
)
def one_map(request: ApiRequest, slug: Slug, periode: _Period = "") -> schemas.Map:
    """One map whole; NotFound when a dataset of it is not readable by the caller."""
    saved = map_at(request.auth, slug)
    answered = answer(request.auth, saved.described, get_language() or "fr", moment=periode)
    return schemas.Map(
        **dict(card_of(saved)),
        description=saved.described.to_dict(),
        sentence=sentence(answered),
        moments=[key for key, _text in answered.moments],
        moment=answered.moment,
        bbox=list(answered.box),
        layers=[_layer(saved, layer) for layer in answered.layers],
    )


def _layer(saved: Map, answered: LayerAnswer) -> schemas.MapLayer:
    question = answered.asked.question
    return schemas.MapLayer(
        dataset_id=answered.asked.dataset.dataset_id,
        title=answered.layer.label,
        kind=answered.layer.kind,
        version=answered.asked.version.name,
        version_date=answered.asked.version.created.isoformat(),
        select=question.select,
        where=list(question.where),
        group_by=question.group_by,
        total=answered.total,
        geojson=f"{canonical(saved.get_absolute_url())}couche-{answered.rank + 1}.geojson",
        legend=answered.legend.steps,
        values=answered.shades,
    )
