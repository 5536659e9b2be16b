"""``--privacy-decision``: a decision about personal data recorded from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset, Version


def decide_if_needed(dataset: Dataset, version: Version | None, explanation: str | None) -> None:
    """Record ``explanation`` as the decision about what still needs one; nothing when nothing was said or nothing waits."""
    if explanation is None:
        return
    from parvis.hub.accounts.rules import OPERATOR  # noqa: PLC0415 what searches files is behind
    from parvis.hub.privacy.rules import STATED  # noqa: PLC0415
    from parvis.hub.privacy.selectors import publication_status  # noqa: PLC0415
    from parvis.hub.privacy.services import decide  # noqa: PLC0415

    if publication_status(dataset, version).waits:
        decide(OPERATOR, dataset, version, ground=STATED.slug, explanation=explanation)
