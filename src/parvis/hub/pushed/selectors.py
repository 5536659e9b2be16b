"""Reading pushed pages and where their copies stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.db.models import QuerySet
from wagtail.models import Site

from parvis.core.errors import NotFound
from parvis.hub.accounts.models import Person
from parvis.hub.accounts.rules import Actor
from parvis.hub.pages.models import ThemePage
from parvis.hub.pushed.block_merge import FACT, ORDER, differences, part
from parvis.hub.pushed.contents import content_of, plain
from parvis.hub.pushed.models import PushedCopy, PushedPage
from parvis.hub.pushed.placeholders import uses_words
from parvis.hub.pushed.rules import State
from parvis.hub.sites.models import SiteFace

LONGEST_TOLD = 900


@dataclass(frozen=True, slots=True)
class Difference:
    """A part that a site changed: its key, what kind of part, both texts, and whether the source changed it too."""

    key: str
    kind: str
    theirs: str
    ours: str
    is_conflict: bool


def communes_sites() -> QuerySet[Site]:
    """The sites of communes, by name: those that are part of a larger one."""
    keys = SiteFace.objects.filter(parent__isnull=False, territory__kind="commune").values("site")
    return Site.objects.filter(pk__in=keys).order_by("site_name")


def pushed_of(page: ThemePage) -> PushedPage | None:
    """How a page is pushed; None when it is not."""
    return PushedPage.objects.filter(source=page).first()


def is_hidden(page: ThemePage) -> bool:
    """Whether readers of its own site do not see the page."""
    return page.view_restrictions.exists()


def shows_braces(page: ThemePage) -> bool:
    """Whether somebody who reads the page itself meets words in braces."""
    return uses_words(content_of(page))


def copies_of(pushed: PushedPage) -> QuerySet[PushedCopy]:
    """The copies of a pushed page, by site."""
    return pushed.copies.select_related("site", "page", "pushed__source")


def copy_by_key(key: int) -> PushedCopy:
    """That copy; NotFound when there is none."""
    copy = PushedCopy.objects.select_related("site", "page", "pushed__source").filter(pk=key).first()
    if copy is None:
        raise NotFound(name=f"copie {key}")
    return copy


def copy_behind(page: Any) -> PushedCopy | None:
    """The copy that a page is, if it was pushed."""
    return (
        PushedCopy.objects.select_related("site", "pushed__source").filter(page_id=page.pk).first() if page.pk else None
    )


def state_of(copy: PushedCopy) -> State:
    """Where it stands, as its page is now, its drafts included."""
    if copy.page is None:
        return State.REMOVED if copy.made else State.REFUSED if copy.fault else State.WAITING
    if not copy.linked:
        return State.DETACHED
    if copy.fault:
        return State.REFUSED
    keys = changed_parts(copy)
    if set(keys) & set(copy.conflicts):
        return State.CONFLICT
    return State.CHANGED if keys else State.SAME


def changed_parts(copy: PushedCopy) -> tuple[str, ...]:
    """The parts that the site changed, in the order of the page."""
    if copy.page is None or not copy.base:
        return ()
    return differences(plain(copy.base), content_of(latest(copy.page)))


def latest(page: ThemePage) -> ThemePage:
    """The page as it was last saved, published or not."""
    return page.get_latest_revision_as_object()


def difference_texts(copy: PushedCopy) -> list[Difference]:
    """Each changed part with both texts; conflicts first."""
    base, local = plain(copy.base), content_of(latest(copy.page)) if copy.page else {"facts": {}, "body": []}
    rows = [
        Difference(
            key,
            _kind(base, local, key),
            _plain_text(part(base, key)),
            _plain_text(part(local, key)),
            key in copy.conflicts,
        )
        if key != ORDER
        else Difference(key, ORDER, "", "", False)
        for key in changed_parts(copy)
    ]
    return sorted(rows, key=lambda one: not one.is_conflict)


def may_edit(actor: Actor, page: Any) -> bool:
    """Whether the actor may change that page: by Wagtail's own rights."""
    if actor.everything:
        return True
    person = Person.objects.filter(pk=actor.person_id).first() if actor.person_id and not actor.read_only else None
    return bool(person and page is not None and page.permissions_for_user(person).can_edit())


def _kind(base: Any, local: Any, key: str) -> str:
    if key.startswith(FACT):
        return key.removeprefix(FACT)
    block = part(local, key) or part(base, key)
    return str(block["type"])


_TAG = re.compile(r"<[^>]*>")


def _plain_text(value: Any) -> str:
    """What a part says, as plain text; its settings one a line."""
    if value is None or value == "":
        return ""
    lines = list(_lines(value["value"] if isinstance(value, dict) and "type" in value else value))
    text = "\n".join(lines)
    return text if len(text) <= LONGEST_TOLD else text[:LONGEST_TOLD] + "…"


def _lines(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key != "id":
                yield from _lines(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _lines(inner["value"] if isinstance(inner, dict) and "value" in inner else inner, name)
    elif value not in (None, "", False):
        plain_text = unescape(_TAG.sub(" ", str(value).replace("</p>", "\n"))).strip()
        yield f"{name} : {plain_text}" if name else plain_text
