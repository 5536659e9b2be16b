"""Which organisation a command works for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parvis.core.errors import NotFound
from parvis.core.text import slugify
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.accounts.selectors import organisations
from parvis.hub.accounts.services import save_organisation

if TYPE_CHECKING:
    from parvis.hub.accounts.models import Organisation


def find_organisation(word: str) -> Organisation:
    """The organisation of that slug or name; NotFound when there is none."""
    organisation = (
        organisations().filter(slug=word).first()
        or organisations().filter(name__iexact=word).first()
        or organisations().filter(slug=slugify(word)).first()
    )
    if organisation is None:
        raise NotFound(name=word)
    return organisation


def organisation_for(word: str | None) -> Organisation:
    """The one named, made when there is no such yet; without a word the instance's first, else « Mon organisation »."""
    if word:
        try:
            return find_organisation(word)
        except NotFound:
            return save_organisation(OPERATOR, None, {"name": word})
    first = organisations().order_by("pk").first()
    return first or save_organisation(OPERATOR, None, {"name": "Mon organisation"})
