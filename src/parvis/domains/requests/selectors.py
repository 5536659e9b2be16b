"""Reading requests and letters."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from parvis.core.errors import NotFound
from parvis.domains.requests.models import DataRequest, Letter
from parvis.domains.requests.rules import MOST_DATASETS, Stage, UnknownDatasets
from parvis.hub.accounts.rules import Actor, organisations_open_to
from parvis.hub.catalogue.selectors import datasets_announced_to
from parvis.hub.records.rules import Status
from parvis.hub.records.selectors import managed_by, published

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

WAITING = (Stage.OPEN, Stage.SILENT)
_PAGE = re.compile(r"dataset/([\w-]{1,100})")


def received_by(actor: Actor, action: str = "edit") -> QuerySet[DataRequest]:
    """Those that organisations of the person received."""
    return managed_by(DataRequest, actor, action).filter(to_confirm=False)


def to_read(actor: Actor) -> list[DataRequest]:
    """Those whose page waits for the person's decision, the oldest first."""
    return list(received_by(actor, "publish").filter(status=Status.DRAFT).order_by("created", "id"))


def to_answer(actor: Actor) -> QuerySet[DataRequest]:
    """Those that wait for an answer, the most urgent first."""
    return received_by(actor, "publish").filter(stage__in=WAITING).order_by("received", "id")


def answerable(actor: Actor, key: int) -> DataRequest:
    """One that the person reads; NotFound."""
    request = received_by(actor).filter(pk=key).first()
    if request is None:
        raise NotFound(name=f"demande {key}")
    return request


def open_requests() -> QuerySet[DataRequest]:
    """Those whose month runs."""
    return DataRequest.objects.filter(stage=Stage.OPEN, to_confirm=False, received__isnull=False)


def about_dataset(dataset: Dataset) -> QuerySet[DataRequest]:
    """Those online that a dataset answers, or that are about it."""
    rows = published(DataRequest)
    answered = rows.filter(datasets__icontains=f'"{dataset.dataset_id}"')
    return (answered | rows.filter(about=dataset.dataset_id)).order_by("-received", "-id")


def datasets_named(actor: Actor, text: str) -> list[str]:
    """The identifiers of the datasets that a text names, one a line, that the actor knows of; UnknownDatasets."""
    lines = [line.strip()[:600] for line in text.splitlines() if line.strip()][:MOST_DATASETS]
    names = [page.group(1) if (page := _PAGE.search(line)) else line[:100] for line in lines]
    existing = set(datasets_announced_to(actor).filter(dataset_id__in=names).values_list("dataset_id", flat=True))
    unknown = [name[:60] for name in names if name not in existing]
    if unknown:
        raise UnknownDatasets(names=", ".join(unknown[:5]))
    return list(dict.fromkeys(names))


def datasets_by_name(actor: Actor, names: Iterable[str]) -> dict[str, Dataset]:
    """Datasets by identifier, those that exist for the actor."""
    rows = datasets_announced_to(actor).filter(dataset_id__in=set(names))
    return {dataset.dataset_id: dataset for dataset in rows}


def letters_to(actor: Actor) -> QuerySet[Letter]:
    """Those that organisations of the person received."""
    letters = Letter.objects.filter(received__isnull=False).select_related("organisation")
    return letters if actor.everything else letters.filter(organisation__in=organisations_open_to(actor, "edit"))


def letter_at(actor: Actor, key: int) -> Letter:
    """One of them; NotFound."""
    letter = letters_to(actor).filter(pk=key).first()
    if letter is None:
        raise NotFound(name=f"message {key}")
    return letter
