"""Pages of a former portal, written anew here as drafts: their words, their pictures, and a block for each widget that one of ours equals."""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final
from urllib.parse import unquote, urljoin, urlsplit

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils.html import escape
from wagtail import blocks
from wagtail.images import get_image_model
from wagtail.models import Site

from parvis.core.errors import Cancelled, ParvisError
from parvis.core.pictures import EXTENSIONS, Received
from parvis.core.sources.contract import Request
from parvis.core.sources.page_skeletons import Piece, Skeleton
from parvis.core.text import shown_name, slugify
from parvis.core.translation import Sentence
from parvis.hub.accounts.rules import ANONYMOUS, Actor
from parvis.hub.drawings.questions import rows_of
from parvis.hub.harvesting.copies import ask_for_file
from parvis.hub.harvesting.hosts import ComeBackLater
from parvis.hub.jobs.process_locks import process_folder
from parvis.hub.moving.models import Part
from parvis.hub.moving.reading import Portal
from parvis.hub.moving.rules import State
from parvis.hub.moving.widgets import Place, Raw, Unlike, block_of, note_of
from parvis.hub.pages.block_values import Reader
from parvis.hub.pages.blocks.body import simple_blocks
from parvis.hub.pages.form_actor import acting_as
from parvis.hub.pages.former import remember_address
from parvis.hub.pages.models import ThemePage
from parvis.hub.pages.rules import FOLDER, LONGEST_INTRODUCTION
from parvis.hub.pages.services import folder_of, make_page, texts_of
from parvis.hub.uploads.services import receive_picture

MOST_PICTURES: Final = 40
"""Of one page."""
PICTURE_BYTES: Final = 10_000_000
"""Of one of them."""
LONGEST_SLUG: Final = 100


@dataclass(slots=True)
class Written:
    """A page as it would be here: its blocks, and what is said of what is not in them."""

    body: list[Raw] = field(default_factory=list)
    notes: list[Sentence] = field(default_factory=list)
    charts: list[tuple[Piece, Raw]] = field(default_factory=list)
    """Charts that could be made, to be compared with what the portal computes."""
    pictures: dict[str, int] = field(default_factory=dict)
    """Images of the library, by their address there."""


def bring_page(
    actor: Actor, portal: Portal, site: Site, part: Part, place: Place, skeleton: Skeleton
) -> Written | None:
    """Write the draft of a page, or bring it up to date; None when somebody has changed it here, or taken it away."""
    page = ThemePage.objects.filter(pk=part.target).first() if part.target else None
    if part.target and page is None:
        part.state, part.notes = State.LEFT, []
        return None
    if page is not None and (page.live or str(page.latest_revision_id) != part.made):
        part.state, part.notes = State.KEPT, []
        return None
    written = compose(actor, portal, part, place, skeleton)
    title = (part.title or part.identifier)[:255]
    introduction = str(part.facts.get("text") or "")[:LONGEST_INTRODUCTION]
    with transaction.atomic():
        slug = page.slug if page is not None else _free_slug(site, part.identifier)
        page = make_page(actor, site, slug, title, written.body, publish=False, introduction=introduction)
        _remember(site, part.identifier, page)
        part.target, part.made, part.state = str(page.pk), str(page.latest_revision_id), State.MADE
        part.facts = {**part.facts, "pictures": written.pictures}
        part.notes = [note.to_json() for note in written.notes]
        part.save()
    return written


def _remember(site: Site, former: str, page: ThemePage) -> None:
    """Have the address that the page had there lead to it, unless another page of ours is at that address."""
    if former != page.slug and not folder_of(site).get_children().filter(slug=former).exists():
        remember_address(site, f"/{FOLDER}/{former}/", page)


def compose(actor: Actor, portal: Portal, part: Part, place: Place, skeleton: Skeleton) -> Written:
    """The blocks of a page, each of which can be kept and answers; nothing is written but its pictures."""
    written = Written(pictures=dict(part.facts.get("pictures") or {}))
    trial = _Trial(actor)
    for piece in skeleton.pieces:
        if piece.kind == "text":
            written.body += _text(piece.html, portal.root, trial)
        elif piece.kind == "image":
            written.body += _image(actor, portal, piece, written)
        else:
            _show(piece, place, trial, written)
    if skeleton.is_cut:
        written.notes.append(Sentence("la fin de la page, trop longue, n’est pas venue"))
    if skeleton.dropped:
        written.notes.append(Sentence("laissé de côté : {what}", {"what": ", ".join(skeleton.dropped)}))
    return written


def _show(piece: Piece, place: Place, trial: _Trial, written: Written) -> None:
    try:
        raw = block_of(piece, place)
        trial.require(raw)
    except Unlike as reason:
        written.body.append(note_of(piece, str(reason)))
        values = {"widget": piece.widget, "reason": str(reason)}
        written.notes.append(Sentence("« {widget} » est à refaire : {reason}", values))
        return
    written.body.append(raw)
    if raw["type"] == "chart":
        written.charts.append((piece, raw))


class _Trial:
    """Whether blocks can be kept and answer to everybody, asked before a page is written: one that does not would spoil it whole."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._kinds = simple_blocks()
        self._blocks: dict[str, blocks.Block] = {}

    def require(self, raw: Raw) -> None:
        """Unlike, with what is wrong."""
        block = self._blocks.setdefault(raw["type"], self._kinds[raw["type"]]())
        try:
            with acting_as(self._actor):
                value = block.clean(block.to_python(raw["value"]))
            plan = getattr(block, "plan", None)
            if plan is not None:
                for question in plan(value, Reader(ANONYMOUS)).questions:
                    rows_of(ANONYMOUS, question)
        except ValidationError as error:
            raise Unlike(" ; ".join(texts_of(error))) from error
        except ParvisError as error:
            raise Unlike(error.sentences()[0].text("fr")) from error


def _text(html: str, root: str, trial: _Trial) -> Iterator[Raw]:
    """Words; links to the portal itself become links to here, for its name to be given to this one."""
    raw = {"type": "text", "value": html.replace(f'href="{escape(root)}/', 'href="/')}
    try:
        trial.require(raw)
    except Unlike:
        return
    yield raw


def _image(actor: Actor, portal: Portal, piece: Piece, written: Written) -> Iterator[Raw]:
    """A picture as one of the library, where its colours and sizes are read in a child as those that people send."""
    address = urljoin(f"{portal.root}/pages/", piece.url)
    name = PurePosixPath(unquote(urlsplit(address).path)).name or "image"
    images = get_image_model()
    key = written.pictures.get(address)
    if key is None or not images.objects.filter(pk=key).exists():
        if len(written.pictures) >= MOST_PICTURES:
            written.notes.append(Sentence("images restées là-bas, au-delà de {count}", {"count": MOST_PICTURES}))
            return
        try:
            key = _library_image(portal, address, name, piece.alt)
        except (Cancelled, ComeBackLater):
            raise
        except ParvisError as error:
            values: dict[str, str | int | Sentence] = {"name": name[:200], "reason": error.sentences()[0]}
            written.notes.append(Sentence("« {name} » n’est pas venu ({reason})", values))
            return
        written.pictures[address] = key
    if not piece.alt:
        written.notes.append(Sentence("dites ce que montre l’image « {name} »", {"name": name[:200]}))
    yield {"type": "image", "value": {"image": key, "alt": piece.alt or f"Image à décrire : {name}"[:240]}}


def thumbnail_of(portal: Portal, address: str) -> tuple[Received | None, list[Sentence]]:
    """The picture of a reuse, and what is said of it: there is none, it did not come, or somebody must say what it shows."""
    if not address:
        return None, []
    place = urljoin(f"{portal.root}/", address)
    name = PurePosixPath(unquote(urlsplit(place).path)).name or "image"
    try:
        picture = _brought(portal, place, name)
    except (Cancelled, ComeBackLater):
        raise
    except ParvisError as error:
        values: dict[str, str | int | Sentence] = {"name": name[:200], "reason": error.sentences()[0]}
        return None, [Sentence("« {name} » n’est pas venu ({reason})", values)]
    return picture, [Sentence("dites ce que montre l’image « {name} »", {"name": name[:200]})]


def _brought(portal: Portal, address: str, name: str) -> Received:
    """A picture of the portal, written again in a child."""
    with tempfile.TemporaryDirectory(prefix="moving-", dir=process_folder()) as folder:
        path = Path(folder, "picture")
        answer = ask_for_file(portal.source, Request(address), path, portal.progress, max_bytes=PICTURE_BYTES)
        with answer.path.open("rb") as stream:
            return receive_picture(shown_name(name), File(stream, name=shown_name(name)))


def _library_image(portal: Portal, address: str, name: str, alt: str) -> int:
    received = _brought(portal, address, name)
    digest = hashlib.sha256(received.body).hexdigest()[:16]
    stem = slugify(PurePosixPath(name).stem)[:60] or "image"
    title = (alt or stem)[:200]
    images = get_image_model()
    present = images.objects.filter(title=title, file__contains=digest).first()
    if present is None:
        content = ContentFile(received.body, name=f"{stem}-{digest}.{EXTENSIONS[received.kind]}")
        sizes = {"width": received.width, "height": received.height}
        present = images.objects.create(title=title, description=alt[:255], file=content, **sizes)
    return int(present.pk)


def _free_slug(site: Site, wished: str) -> str:
    """The address of a page there, if it is one here and free: links that lead to it lead to it still."""
    base = wished if re.fullmatch(r"[\w-]{1,100}", wished) else slugify(wished)[:LONGEST_SLUG].strip("-") or "page"
    names = set(folder_of(site).get_children().values_list("slug", flat=True))
    rank, slug = 1, base
    while slug in names:
        rank += 1
        slug = f"{base}-{rank}"
    return slug


def digest_of(facts: Mapping[str, Any], extra: Sequence[Any] = ()) -> str:
    """A mark of what a portal says of something, less what we add to it."""
    own = {name: value for name, value in facts.items() if name != "pictures"}
    return hashlib.sha256(json.dumps([own, *extra], sort_keys=True, default=str).encode()).hexdigest()
