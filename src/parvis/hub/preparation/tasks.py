"""What jobs of this room do; each is safe to run twice."""

from __future__ import annotations

from parvis.core.errors import DataError, Forbidden, NotFound, RequestError
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import Dataset
from parvis.hub.datastore.services import import_again
from parvis.hub.geocoding.services import GeocodingUnavailable
from parvis.hub.jobs.rules import JobContext
from parvis.hub.preparation.services import tell_owners, version_read


def remake(context: JobContext, dataset: int, source: str) -> None:
    """Import the file of a dataset once more, with its sources as they are now; its owners are told when that cannot be done."""
    child = Dataset.objects.select_related("current", "organisation").filter(pk=dataset).first()
    other = Dataset.objects.select_related("current").filter(dataset_id=source).first()
    if child is None or child.current is None or other is None or other.current is None:
        return
    if version_read(child, other) == other.current.name:
        return
    try:
        made = import_again(OPERATOR, child, context.progress)
    except (DataError, RequestError, NotFound, Forbidden, GeocodingUnavailable) as error:
        tell_owners(child, other, error.message())
        raise
    if made is None:  # something holds the new version back: its owners have it to decide
        tell_owners(child, other)
