"""« Faire une carte »: from a dataset, a plain form whose address says the whole map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from parvis.core.errors import NotFound
from parvis.hub.accounts.selectors import actor_of, organisations_where
from parvis.hub.atlas.frames import MapFrame, frame_of
from parvis.hub.atlas.maker_form import compose
from parvis.web.portal.dataset import of_dataset_here, shared_facts

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset


@of_dataset_here
def map_maker(request: HttpRequest, dataset: Dataset) -> HttpResponse:
    """The form and the map it asks for; what makes no sense is explained in the map's place."""
    actor = actor_of(request.user)
    composed = compose(actor, request.GET, first=dataset.dataset_id)
    if composed.description is None:
        raise NotFound(name=dataset.dataset_id)
    frame = (
        MapFrame.refused("carte", composed.refused)
        if composed.refused
        else frame_of(actor, composed.description, request=request, level=3)
    )
    facts: dict[str, Any] = {
        **shared_facts(dataset, "map"),
        **composed.facts,
        "address": f"{dataset.get_absolute_url()}map/composer/",
        "frame": frame,
        "keep_address": "",
    }
    if organisations_where(actor, "edit").exists():
        query = request.GET.copy()
        query["jeu"] = dataset.dataset_id
        facts["keep_address"] = f"{reverse('maps_admin:new')}?{query.urlencode()}"
    return render(
        request, "portal/map_maker.html", facts, status=400 if frame.error and frame.code != "map-empty" else 200
    )
