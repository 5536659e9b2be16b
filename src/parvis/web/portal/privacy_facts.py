"""What the pages of a dataset tell of the treatment of personal data, and who may have the file as it was received."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parvis.core.errors import Forbidden, NotFound
from parvis.core.recipes import step_sentences
from parvis.core.recipes.lineage import failures_of
from parvis.core.transforms import TRANSFORMS, Step
from parvis.core.transforms.preparation.model import is_off
from parvis.core.transforms.preparation.table import preparation_of
from parvis.core.translation import SOURCE
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.datastore.side_tables import may_know_sources
from parvis.hub.privacy.selectors import may_fetch_original, may_read_checks, treatments_of
from parvis.hub.store import manifest_of

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset, Version


def privacy_facts(request: HttpRequest, dataset: Dataset) -> dict[str, Any]:
    """What was treated in the version online, in words, and whether its original is offered to this reader."""
    version = dataset.current
    rows = [TRANSFORMS[str(step["name"])] for step in treatments_of(version) if step["name"] in TRANSFORMS]
    words = dict.fromkeys(_(row.label) for row in rows)
    return {
        "treated": [word[:1].lower() + word[1:] for word in words],
        "original_offered": may_fetch_original(actor_of(request.user), dataset, version),
    }


def preparation_facts(request: HttpRequest, dataset: Dataset) -> dict[str, Any]:
    """What the recipe did to the rows online, in sentences, and on how many rows a step failed; of a step that reads a dataset which
    this reader may not see, what kind of step it is."""
    try:
        lineage = manifest_of(dataset.uid, dataset.current.name).lineage
    except NotFound:
        return {}
    steps = [step for outcome in lineage if not is_off(step := Step.from_dict(outcome))]
    sentences = zip(steps, step_sentences(steps, get_language() or SOURCE), strict=True)
    actor = actor_of(request.user)
    prepared = [
        words if may_know_sources(actor, step) else _(row.label)
        for step, words in sentences
        if (row := preparation_of(step)) is not None
    ]
    return {"prepared": prepared, "preparation_failures": failures_of(lineage)}


def require_checks(request: HttpRequest, dataset: Dataset, version: Version) -> None:
    """Forbidden to anyone who may not edit, when checks quote rows of the received file that name persons."""
    if not may_read_checks(actor_of(request.user), dataset, version):
        raise Forbidden(action=_("lire ce rapport, qui cite des données personnelles"))


def require_original(request: HttpRequest, dataset: Dataset, version: Version) -> None:
    """Forbidden to anyone who may not edit, when the file as received is withheld, or holds more of persons than the table."""
    if not may_fetch_original(actor_of(request.user), dataset, version):
        raise Forbidden(action=_("lire le fichier d’origine, que son organisation ne publie pas"))
