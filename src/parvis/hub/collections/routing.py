"""``/api/parvis/v1/<place>``: the operations of a collection, by declaration.

Annotations are values here, not text: the types of an operation are made for its collection.
"""

from typing import Annotated, Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from ninja import Query as FromQuery
from pydantic import create_model

from parvis.hub.api.routers import ApiRequest, ApiRouter
from parvis.hub.api.schemas import Body, Documented, Offset, Slug
from parvis.hub.collections.api import api_of, listing_of, record_of
from parvis.hub.collections.declaration import Collection


def router_of(collection: Collection) -> ApiRouter:
    """Its two operations."""
    noun, api = collection.kind.noun, api_of(collection)
    router = ApiRouter(api.place, collection.title)
    (to_list, to_read), (of_list, of_one), page, whole = api.names, api.summaries, api.listing, api.whole
    parameters_type = _requested(collection)

    @router.operation(f"/{api.place}", to_list, of_list, page, url_name=f"{noun}-api")
    def listing(request: ApiRequest, filters: FromQuery[parameters_type], offset: Offset = 0) -> page:  # type: ignore[valid-type]
        """As the page of the list, by hundreds unless the subject says otherwise."""
        return listing_of(collection, request.auth, _fields(filters), offset)

    @router.operation(
        f"/{api.place}/{{slug:slug}}", to_read, of_one, whole, url_name=f"{noun}-record-api", errors=(400, 404)
    )
    def read(request: ApiRequest, slug: Slug) -> whole:  # type: ignore[valid-type]
        """One of them; NotFound when it does not exist for the caller."""
        return record_of(collection, request.auth, slug)

    return router


def _requested(collection: Collection) -> Any:
    """What the list may be asked: words, filters, dates, order."""
    rows: dict[str, Any] = {"q": (Annotated[str, Documented(_("Les mots cherchés."))], "")}
    for facet in collection.facets:
        rows[facet.name] = (Annotated[str, Documented(facet.label)], "")
    for name, offered, words in (("quand", collection.periods, _("Quand.")), ("tri", collection.sorts, _("L’ordre."))):
        if offered:
            rows[name] = (Annotated[str, Documented(words, enum=["", *(row.name for row in offered)])], "")
    return create_model(f"{collection.kind.__name__}Filters", __base__=Body, **rows)


def _fields(filters: Body) -> QueryDict:
    fields = QueryDict(mutable=True)
    fields.update({name: value for name, value in filters.model_dump().items() if value})
    return fields
