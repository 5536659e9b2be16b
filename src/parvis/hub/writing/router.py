"""The router of the operations that write, and the ways to what they act on: rights are asked by the services."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from parvis.core.errors import NotFound
from parvis.hub.accounts.rules import Actor, acting_on, require
from parvis.hub.api.openapi import described
from parvis.hub.api.routers import ApiRouter
from parvis.hub.api.schemas import Documented
from parvis.hub.apikeys.requests import explaining, writer_of
from parvis.hub.catalogue import selectors
from parvis.hub.catalogue.selectors import dataset_called
from parvis.hub.writing.once import once
from parvis.hub.writing.rules import BadCard

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

ERRORS = (400, 403, 404, 409, 412, 413, 422)
"""What any operation that writes may answer."""


class WriteRouter(ApiRouter):
    """The operations that write, each POST of which may be sent again without being done again."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.add_decorator(explaining)
        self.reading: set[str] = set()
        """Names of addresses whose POST only reads: it may be long, holds no transaction, and is asked again as it is."""

    def operation(self, path: str, name: str, summary: Any, answer: Any, **options: Any) -> Any:
        """Declare an operation; a POST that changes something may name itself."""
        if options.get("only_reads"):
            self.reading.add(options["url_name"])
        named = NAMED if options.get("method") == "POST" and not options.get("only_reads") else {}
        return super().operation(
            path, name, summary, answer, **{**options, "reads": {**named, **options.get("reads", {})}}
        )

    def answered(self, view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        """The view with what every answer has."""
        return super().answered(once(view, self.reading))


router = WriteRouter(
    "writing",
    _("Écriture"),
    connector=True,
    headers={"ETag": described(_("La révision de la fiche."), {"type": "string"})},
)

DatasetId = Annotated[str, Documented(_("L’identifiant du jeu de données, présent ou ancien."), maxLength=100)]
NAMED = {
    "Idempotency-Key": _("Le nom de cette demande : envoyée deux fois en un jour, elle n’est faite qu’une fois."),
}
IF_UNCHANGED = {"If-Match": _("L’ETag de ce qui a été lu : 412 si cela a changé depuis, « * » pour l’ignorer.")}
IF_MATCH = {"If-Match": _("L’ETag de la fiche lue : 412 si elle a changé depuis.")}
TUS = {"Tus-Resumable": _("La version du protocole : 1.0.0.")}


def writer(request: HttpRequest) -> Actor:
    """Who writes by this request; KeyCannotWrite for anybody else."""
    return writer_of(request).actor


def dataset_for(request: HttpRequest, dataset_id: str) -> tuple[Actor, Dataset]:
    """A dataset that the caller may edit, and who acts on it; NotFound for what they do not see, Forbidden for what they only read."""
    actor = writer(request)
    row = dataset_called(dataset_id[:100])
    if row is None:
        raise NotFound(name=dataset_id)
    actor = acting_on(actor, row.identifiers)
    dataset = selectors.dataset(actor, row.dataset_id)
    require(actor, "edit", dataset.organisation_id, f"modifier « {dataset.title} »")
    return actor, dataset


def refused(error: ValidationError) -> BadCard:
    """The first thing that Django refuses of a row, for who sent it."""
    if hasattr(error, "error_dict"):
        name, reasons = next(iter(error.message_dict.items()))
    else:
        name, reasons = "", error.messages
    # Django quotes a value within the quotation marks of its sentence.
    return BadCard(name=name, reason=re.sub(r"«\s*'([^']*)'\s*»", r"« \1 »", " ".join(reasons)))


def given(body: Any) -> dict[str, Any]:
    """The values that a body gives, those that it leaves out not being there."""
    return dict(body.model_dump(exclude_unset=True))
