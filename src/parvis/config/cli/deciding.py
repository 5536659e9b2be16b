"""``--privacy-decision``: a decision about personal data recorded from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.privacy.rules import STATED
from parvis.hub.privacy.selectors import standing
from parvis.hub.privacy.services import decide

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset, Version


def decide_if_needed(dataset: Dataset, version: Version | None, said: str | None) -> None:
    """Record ``said`` as the decision about what still needs one; nothing when nothing was said or nothing waits."""
    if said is None or not standing(dataset, version).waits:
        return
    decide(OPERATOR, dataset, version, ground=STATED.slug, explanation=said)
