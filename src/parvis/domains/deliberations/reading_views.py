"""The published files of an act as pages show them: what they are, how they were read, their text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.core.acts.model import Method, Page
from parvis.core.errors import NotFound
from parvis.domains.deliberations.models import Act, ActFile
from parvis.domains.deliberations.paragraphs import Block, Run, blocks_of, doubts_of, screens_of, unreadable
from parvis.domains.deliberations.presentation import pages_words
from parvis.hub.ui.formatting import number, percents

FORMATS = {
    "application/pdf": "PDF",
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/tiff": "TIFF",
    "text/plain": "TXT",
}
MOST_DOUBTS = 60
"""Words listed at the head of a page: beyond, the confidence of the page says enough."""


@dataclass(frozen=True, slots=True)
class PageText:
    """A page of text on screen."""

    page: Page
    blocks: list[Block]
    doubts: list[Run]
    more_doubts: int
    address: str
    """The same page in the file."""

    @classmethod
    def of(cls, page: Page, file_address: str) -> PageText:
        """The page in words."""
        doubts = doubts_of(page)
        address = f"{file_address}#page={page.number}"
        return cls(page, blocks_of(page), doubts[:MOST_DOUBTS], max(len(doubts) - MOST_DOUBTS, 0), address)

    @property
    def anchor(self) -> str:
        """Its name in the address of a page."""
        return f"page-{self.page.number}"

    @property
    def is_unreadable(self) -> bool:
        """Whether nothing could be read of it."""
        return self.page.method == Method.UNREADABLE

    @property
    def manner(self) -> str:
        """How it was read, when that is worth saying."""
        if self.is_unreadable:
            return _("Cette page est illisible : rien n’a pu en être lu.")
        if self.page.method == Method.EMPTY:
            return _("Page blanche.")
        if self.page.method == Method.RECOGNISED and self.page.confidence is not None:
            return _("Texte reconnu automatiquement (confiance %(share)s).") % {"share": share(self.page.confidence)}
        return ""


def share(confidence: float) -> str:
    """« 87 % »: rounded down, so that what is doubted is never said sure."""
    return percents(number(int(confidence)))


@dataclass(frozen=True)
class FileView:
    """A published file: ``position`` (from 1) is its place in the addresses of its act."""

    act: Act
    file: ActFile
    position: int
    pages: Sequence[Page] = field(default=(), repr=False)

    @property
    def title(self) -> str:
        """What it is called."""
        if self.file.role == ActFile.Role.MAIN:
            return _("Texte de l’acte")
        # Never the name of the file: it may name somebody.
        return self.file.title or _("Annexe %(rank)d") % {"rank": self.position - 1 or 1}

    @property
    def is_annex(self) -> bool:
        """Whether it goes with the act and is not the act."""
        return self.file.role == ActFile.Role.ANNEX

    @property
    def form(self) -> str:
        """What sort of file it is."""
        return FORMATS.get(self.file.published_type, self.file.published.name.rpartition(".")[2].upper())

    @property
    def suffix(self) -> str:
        """The end of its name."""
        return self.file.published.name.rpartition(".")[2].lower()

    @property
    def address(self) -> str:
        """Where it is read."""
        return reverse("act-file", args=[self.act.slug, self.position])

    @property
    def text_address(self) -> str:
        """Where its text is read on a page of its own."""
        return reverse("act-text", args=[self.act.slug, self.position])

    @property
    def download_name(self) -> str:
        """How it is called once on somebody's disk."""
        part = f"-annexe-{self.position}" if self.is_annex else f"-{self.position}" if self.position > 1 else ""
        return f"{self.act.slug}{part}.{self.suffix}"

    @cached_property
    def screens(self) -> list[Sequence[Page]]:
        """Its pages by screens."""
        return screens_of(self.pages)

    def screen_from(self, first: int) -> list[PageText]:
        """The screen that holds the page of number ``first``; NotFound when it has no such page."""
        for screen in self.screens:
            if screen[0].number <= first <= screen[-1].number:
                return [PageText.of(page, self.address) for page in screen]
        raise NotFound(name=f"page {first}")

    @property
    def first_screen(self) -> list[PageText]:
        """Its first pages; none when it was not read."""
        return self.screen_from(self.pages[0].number) if self.pages else []

    @property
    def links(self) -> list[Screen]:
        """All of its screens."""
        return [Screen(self, screen) for screen in self.screens]

    @property
    def has_text(self) -> bool:
        """Whether something was read of it."""
        return any(page.text.strip() for page in self.pages)

    @property
    def sentences(self) -> list[str]:
        """How it was read, and what could not be: said, not hidden."""
        if not self.pages:
            waiting = self.file.reading == ActFile.Reading.WAITING
            late = _("Le texte de ce fichier n’a pas encore été lu : une recherche ne le trouve pas.")
            failed = _("Le texte de ce fichier n’a pas pu être lu : une recherche ne le trouve pas.")
            return [late if waiting else failed]
        confidences = [page.confidence for page in self.pages if page.confidence is not None]
        rows = [_recognised(confidences)] if confidences else []
        if numbers := unreadable(self.pages):
            words = ngettext(
                "%(count)s page illisible (page %(pages)s).",
                "%(count)s pages illisibles (pages %(pages)s).",
                len(numbers),
            )
            rows.append(words % {"count": number(len(numbers)), "pages": pages_words(numbers)})
        return rows


def _recognised(confidences: Sequence[float]) -> str:
    mean = sum(confidences) / len(confidences)
    if int(min(confidences)) == int(mean):
        return _("Texte reconnu automatiquement (confiance %(share)s).") % {"share": share(mean)}
    words = _("Texte reconnu automatiquement (confiance %(share)s en moyenne, %(least)s pour la page la moins nette).")
    return words % {"share": share(mean), "least": share(min(confidences))}


@dataclass(frozen=True, slots=True)
class Screen:
    """Some pages of a file that are read elsewhere."""

    view: FileView
    pages: Sequence[Page]

    @property
    def label(self) -> str:
        """« Pages 26 à 50 »."""
        first, last = self.first, self.pages[-1].number
        return (
            _("Page %(first)s") % {"first": first}
            if first == last
            else _("Pages %(first)s à %(last)s")
            % {
                "first": first,
                "last": last,
            }
        )

    @property
    def first(self) -> int:
        """The number of the first of them."""
        return self.pages[0].number

    @property
    def address(self) -> str:
        """Where they are read."""
        return f"{self.view.text_address}?page={self.first}"
