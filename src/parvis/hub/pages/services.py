"""Making pages: right, act, journal, in that order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Site

from parvis.core.errors import Forbidden
from parvis.hub.accounts.models import Person
from parvis.hub.accounts.rules import Actor
from parvis.hub.audit.services import record
from parvis.hub.pages.blocks.markup import html_in
from parvis.hub.pages.form_actor import acting_as
from parvis.hub.pages.models import PagesFolder, ThemePage
from parvis.hub.pages.rules import FOLDER, BadPage, HtmlIsForAdministrators
from parvis.hub.pages.selectors import site_folder


def folder_of(site: Site) -> PagesFolder:
    """The folder of a site's pages, child of its root page; made when there is none."""
    folder = site_folder(site)
    if folder is None:
        with transaction.atomic():
            folder = PagesFolder(title=_("Consulter"), slug=FOLDER)
            site.root_page.add_child(instance=folder)
    return folder


def make_page(
    actor: Actor,
    site: Site,
    slug: str,
    title: str,
    body: list[dict[str, Any]],
    *,
    publish: bool = True,
    **facts: Any,
) -> ThemePage:
    """A page of a site at that address, published at once (a draft without ``publish``); the one already there is changed.

    ``body`` is in the raw form of a StreamField: ``{"type": …, "value": …, "id": …}``; ``facts`` are other fields of the
    page (``introduction``, ``theme``, ``picture``, ``search_description``). BadPage tells which block will not do and why;
    Forbidden when the actor may not write there.
    """
    folder = folder_of(site)
    page = ThemePage.objects.child_of(folder).filter(slug=slug).first() or ThemePage(slug=slug, live=False)
    _require_right(actor, page if page.pk else folder, title)
    before = html_in(page.get_latest_revision_as_object().body) if page.pk else html_in(())
    page.title, page.body = title, body
    if html_in(page.body) - before and not actor.everything:
        raise HtmlIsForAdministrators
    for name, value in facts.items():
        setattr(page, name, value)
    with acting_as(actor):
        _check(page)
    with transaction.atomic():
        if page.pk is None:
            folder.add_child(instance=page)
        user = Person.objects.filter(pk=actor.person_id).first()
        revision = page.save_revision(user=user, changed=True)
        if publish:
            revision.publish(user=user)
        record(actor.name, actor.person_id, "page.make", "page", page.slug, site=site.hostname, title=title)
    page.refresh_from_db()
    return page


def publish_page(actor: Actor, page: ThemePage) -> ThemePage:
    """Put the latest draft of a page online; Forbidden unless Wagtail lets the actor publish it."""
    _require_publisher(actor, page)
    user = Person.objects.filter(pk=actor.person_id).first()
    with transaction.atomic():
        page.get_latest_revision().publish(user=user)
        record(actor.name, actor.person_id, "page.publish", "page", page.slug, title=page.title)
    page.refresh_from_db()
    return page


def withdraw_page(actor: Actor, page: ThemePage) -> ThemePage:
    """Take a page off line; it stays as a draft. Forbidden unless Wagtail lets the actor publish it."""
    _require_publisher(actor, page)
    with transaction.atomic():
        page.unpublish(user=Person.objects.filter(pk=actor.person_id).first())
        record(actor.name, actor.person_id, "page.withdraw", "page", page.slug, title=page.title)
    page.refresh_from_db()
    return page


def _require_publisher(actor: Actor, page: ThemePage) -> None:
    person = Person.objects.filter(pk=actor.person_id).first() if actor.person_id and not actor.read_only else None
    if not actor.everything and (person is None or not page.permissions_for_user(person).can_publish()):
        raise Forbidden(action=_("publier la page « %s »") % page.title)


def _require_right(actor: Actor, page: Any, title: str) -> None:
    if actor.everything:
        return
    person = Person.objects.filter(pk=actor.person_id).first() if actor.person_id and not actor.read_only else None
    tester = page.permissions_for_user(person) if person else None
    allowed = tester and (tester.can_add_subpage() if isinstance(page, PagesFolder) else tester.can_edit())
    if not allowed:
        raise Forbidden(action=_("écrire la page « %s »") % title)


def _check(page: ThemePage) -> None:
    """The fields and every block, as the form of the back office would."""
    faults: list[str] = []
    body = page.body
    for rank, child in enumerate(body, 1):
        try:
            child.block.clean(child.value)
        except ValidationError as error:
            faults += [f"{rank} ({child.block.label}) : {text}" for text in texts_of(error)]
    try:
        page.full_clean(exclude=["body", "path", "depth", "url_path"])
    except ValidationError as error:
        faults += [f"{name} : {text}" for name, texts in error.message_dict.items() for text in texts]
    if faults:
        raise BadPage(title=page.title, faults=" ; ".join(faults))


def texts_of(error: Any) -> Iterable[str]:
    """Every sentence of an error of blocks, those of blocks inside blocks included."""
    inner = getattr(error, "block_errors", None)
    if inner:
        rows = inner.items() if isinstance(inner, dict) else enumerate(inner)
        for name, child_error in rows:
            if child_error is not None:
                yield from (f"{name} : {text}" for text in texts_of(child_error))
    own = getattr(error, "non_block_errors", None)
    if own:
        yield from (str(text) for child_error in own for text in getattr(child_error, "messages", [child_error]))
    elif not inner:
        yield from error.messages
