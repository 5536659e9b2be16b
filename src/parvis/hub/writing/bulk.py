"""``PATCH /datasets``: the same act on many datasets, each for itself, with a report of each."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from parvis.core.errors import ParvisError
from parvis.core.translation import SOURCE
from parvis.hub.accounts.rules import Actor
from parvis.hub.api.routers import ApiRequest
from parvis.hub.api.schemas import Body, Count, Documented, Problem, among
from parvis.hub.apikeys.requests import explained
from parvis.hub.catalogue import services
from parvis.hub.catalogue.bulk import Edit, edited
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Status
from parvis.hub.catalogue.selectors import card_of
from parvis.hub.catalogue.translating import update_card_in_languages
from parvis.hub.writing.datasets import card_values
from parvis.hub.writing.router import DatasetId, dataset_for, given, refused, router, writer
from parvis.hub.writing.schemas import CardChange, Line, Names, Question

MOST = 100
SECONDS = 20.0
"""After which no other dataset is begun: the answer says which are left, to be sent again."""
ACTS = ("change", "publish", "withdraw", "delete", "restore")


class DatasetsChange(Question):
    """What is done to each of these datasets."""

    datasets: Annotated[list[DatasetId], Field(min_length=1, max_length=MOST)]
    act: Annotated[Line, among(ACTS), Field(pattern=f"^({'|'.join(ACTS)})$")]
    card: Annotated[CardChange, Documented(_("Pour « change » : les mêmes valeurs sur chaque fiche."))] | None = None
    themes_add: Names = []
    themes_remove: Names = []
    keywords_add: Names = []
    keywords_remove: Names = []


class ChangedDataset(Body):
    """What became of one of them."""

    dataset_id: str
    done: bool
    status: str = ""
    error: Problem | None = None


class ChangedDatasets(Body):
    """The report, dataset by dataset, in the order that they were given."""

    done: Count
    failed: Count
    left: Annotated[list[str], Documented(_("Ceux qui n’ont pas été commencés, faute de temps : à renvoyer."))]
    results: list[ChangedDataset]


@router.operation(
    "/datasets",
    "changeDatasets",
    _("Faire la même chose à plusieurs jeux : fiche, publication, retrait, corbeille."),
    ChangedDatasets,
    url_name="write_datasets",
    method="PATCH",
    errors=(400, 403, 413),
)
def change_datasets(request: ApiRequest, body: DatasetsChange) -> ChangedDatasets:
    """Each is done or refused for itself; sent again, what is done is not done twice."""
    writer(request)
    names, limit = list(dict.fromkeys(body.datasets)), time.monotonic() + SECONDS
    results: list[ChangedDataset] = []
    for rank, name in enumerate(names):
        if time.monotonic() > limit:
            left = names[rank:]
            break
        results.append(_changed(request, name, body))
    else:
        left = []
    done = sum(row.done for row in results)
    return ChangedDatasets(done=done, failed=len(results) - done, left=left, results=results)


def _changed(request: ApiRequest, name: str, body: DatasetsChange) -> ChangedDataset:
    try:
        actor, dataset = dataset_for(request, name)
        _ACTS[body.act](actor, dataset, body)
    except ValidationError as error:
        return _refusal(name, refused(error))
    except ParvisError as error:
        return _refusal(name, explained(request, error))
    dataset.refresh_from_db()
    return ChangedDataset(dataset_id=dataset.dataset_id, done=True, status=str(dataset.status))


def _refusal(name: str, error: ParvisError) -> ChangedDataset:
    language = get_language() or SOURCE
    problem = Problem(error_code=error.code, message=error.message(language), hint=error.hint(language))
    return ChangedDataset(dataset_id=name, done=False, error=problem)


def _change(actor: Actor, dataset: Dataset, body: DatasetsChange) -> None:
    values = card_values(dataset.fields, given(body.card)) if body.card else {}
    edits = [Edit(name, "replace", value) for name, value in values.items()]
    for field in ("themes", "keywords"):
        for operation in ("add", "remove"):
            words = getattr(body, f"{field}_{operation}")
            edits += [Edit(field, operation, words)] if words else []
    after = edited(card_of(dataset), edits)
    if after:
        update_card_in_languages(actor, dataset, card_values(dataset.fields, dict(after)))


def _publish(actor: Actor, dataset: Dataset, _body: DatasetsChange) -> None:
    if dataset.status != Status.PUBLISHED:
        services.publish(actor, dataset, None)


def _withdraw(actor: Actor, dataset: Dataset, _body: DatasetsChange) -> None:
    if dataset.status == Status.PUBLISHED:
        services.unpublish(actor, dataset)


def _delete(actor: Actor, dataset: Dataset, _body: DatasetsChange) -> None:
    services.delete(actor, dataset)


def _restore(actor: Actor, dataset: Dataset, _body: DatasetsChange) -> None:
    if dataset.status == Status.DELETED:
        services.restore(actor, dataset)


_ACTS: dict[str, Callable[[Actor, Dataset, Any], None]] = {
    "change": _change,
    "publish": _publish,
    "withdraw": _withdraw,
    "delete": _delete,
    "restore": _restore,
}
