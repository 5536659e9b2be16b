"""How what is written of a card is judged, where it is more than a text or words of a list: pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Final

import nh3

from parvis.core.closures import CLOSURE_BY_SLUG
from parvis.core.errors import RequestError
from parvis.core.inspire.block import judged
from parvis.core.translation import gettext_noop
from parvis.core.value_labels import with_bounded_labels

DESCRIPTION_TAGS: Final = {
    *("p", "br", "ul", "ol", "li", "dl", "dt", "dd", "h3", "h4", "blockquote", "pre", "code", "a"),
    *("strong", "b", "em", "i", "u", "s", "sub", "sup", "table", "thead", "tbody", "tr", "th", "td"),
}
"""What descriptions may be made of."""


class UnknownClosure(RequestError):
    """A reason of a closed access that is not of the list."""

    code: ClassVar[str] = "closure-unknown"
    sentence: ClassVar[str] = gettext_noop("« {word} » n’est pas un motif d’accès réservé.")


def cleaned(description: str) -> str:
    """The description without what it may not be made of."""
    return nh3.clean(description, tags=DESCRIPTION_TAGS)


def judged_closures(slugs: Sequence[str]) -> list[str]:
    """The reasons, each once; UnknownClosure for one that is not of ``core.closures``."""
    foreign = [slug for slug in slugs if slug not in CLOSURE_BY_SLUG]
    if foreign:
        raise UnknownClosure(word=str(foreign[0])[:60])
    return list(dict.fromkeys(slugs))


JUDGES: dict[str, Callable[[Any], Any]] = {
    "fields": with_bounded_labels,
    "inspire": judged,
    "closure": judged_closures,
}
"""Attribute of the card → what it becomes; an error of ours for what will not do."""
