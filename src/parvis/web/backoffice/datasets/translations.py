"""What the card says in other languages: side by side with its own words, by suggestions, and by a table for a translator outside."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from wagtail.admin import messages

from parvis.core.card_translations import RIGHT_TO_LEFT, Part, State, digest, longest_of, parts_of, texts_of
from parvis.core.children import call
from parvis.core.errors import NotFound, ParvisError
from parvis.core.text import shown_name
from parvis.core.translation import SOURCE
from parvis.core.translation_tables import MOST_BYTES, Table, UnreadableTable, read_table, table_of
from parvis.hub.backoffice.screens import sentence
from parvis.hub.catalogue.languages import (
    card_language,
    language_name,
    languages_to_translate,
    progress_of,
    remembered,
    sources_of,
)
from parvis.hub.catalogue.services import CardChanged
from parvis.hub.catalogue.translating import translate_card
from parvis.hub.datastore.confined import confined
from parvis.packs.column_words import word_in
from parvis.web.backoffice.datasets.forms import html_to_paragraphs, paragraphs_to_html
from parvis.web.backoffice.datasets.pages import DatasetScreen

PAGE = 100
"""Texts on one page."""
MOST_AT_ONCE = 1_000
"""Texts of a table that one form shows; the next ones come with the same table sent again."""
MOST_SUGGESTED = 200
"""Letters of a text for which something is suggested: longer ones are nobody's twice."""


@dataclass(frozen=True, slots=True)
class Row:
    """A text of the card on the screen, as it was written and as it is typed in the other language."""

    rank: int
    part: Part
    about: str
    source: str
    text: str
    seen: str
    before: str = ""
    """What is kept now, where the form shows something else that is not kept yet."""
    origin: str = ""
    """Where a suggestion comes from."""
    note: str = ""
    error: str = ""

    @property
    def is_long(self) -> bool:
        """Whether it is written on several lines."""
        return self.part.kind == "description" or len(self.source) > MOST_SUGGESTED


class TranslationsScreen(DatasetScreen):
    """The languages of the card, and how far each is."""

    tab = "dataset_translations"
    template_name = "backoffice/datasets/translations.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One row a language."""
        languages = languages_to_translate(self.dataset)
        rows = [(row, language_name(row.language)) for row in progress_of(self.dataset, languages)]
        own = language_name(card_language(self.dataset))
        return {**super().get_context_data(**kwargs), "languages": rows, "own_language": own}


class TranslationScreen(DatasetScreen):
    """The card in one other language, its own words beside."""

    tab = "dataset_translations"
    template_name = "backoffice/datasets/translation.html"

    @cached_property
    def language(self) -> str:
        """The language of the address; NotFound for one into which cards are not translated."""
        code = self.kwargs["language"]
        if code not in languages_to_translate(self.dataset):
            raise NotFound(name=code)
        return code

    def trail(self) -> list[tuple[str, str]]:
        """The list, the dataset, its languages."""
        return [*super().trail(), (self.here("dataset_translations"), _("Traductions"))]

    def get_label(self) -> str:
        """The language."""
        return language_name(self.language)

    @cached_property
    def parts(self) -> list[Part]:
        """Every text of the card with its translation, those of what the card no longer has left out."""
        return parts_of(sources_of(self.dataset), self.dataset.translations.get(self.language) or {})

    @property
    def only_to_do(self) -> bool:
        """Whether what is up to date is left out."""
        return self.request.GET.get("voir") == "a-faire"

    def _listed(self) -> list[Part]:
        return [part for part in self.parts if not self.only_to_do or part.state is not State.DONE]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One row a text, a page of them."""
        if "rows" not in kwargs:
            page = Paginator(self._listed(), PAGE).get_page(self.request.GET.get("page"))
            kwargs |= {"page": page, "rows": rows_of(page.object_list)}
        (progress,) = progress_of(self.dataset, [self.language])
        return {
            **super().get_context_data(**kwargs),
            "language": self.language,
            "language_label": language_name(self.language),
            "own_language": card_language(self.dataset),
            "own_language_label": language_name(card_language(self.dataset)),
            "direction": "rtl" if self.language in RIGHT_TO_LEFT else "ltr",
            "own_direction": "rtl" if card_language(self.dataset) in RIGHT_TO_LEFT else "ltr",
            "progress": progress,
            "only_to_do": self.only_to_do,
            "most_megabytes": MOST_BYTES // 1_000_000,
            **kwargs,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Read a table, fill the form with suggestions, or keep what it says."""
        if "table" in request.FILES:
            return self._read(request)
        rows = typed_rows(request.POST, {part.path: part for part in self.parts})
        if request.POST.get("acte") == "proposer":
            return self._suggest(request, rows)
        return self._keep(request, rows)

    def _keep(self, request: HttpRequest, rows: list[Row]) -> HttpResponse:
        still_right = set(request.POST.getlist("juste"))
        touched = [row for row in rows if _is_touched(row) or row.part.path in still_right]
        refused = {row.rank: error for row in touched if (error := _fault(row))}
        if refused:
            messages.error(request, _("Rien n’est enregistré : une traduction est trop longue."))
            rows = [replace(row, error=refused.get(row.rank, "")) for row in rows]
            return self.render_to_response(self.get_context_data(rows=rows), status=422)
        texts = {row.part.path: _stored(row) for row in touched}
        seen = {row.part.path: row.seen.partition("-")[0] for row in touched}
        try:
            translate_card(self.actor, self.dataset, self.language, texts, seen=seen)
        except CardChanged as error:
            messages.error(request, sentence(error))
            return self._changed_meanwhile(rows)
        except ParvisError as error:
            messages.error(request, sentence(error))
            return self.render_to_response(self.get_context_data(rows=rows), status=422)
        count = len(texts)
        done = ngettext("%(count)s texte est enregistré.", "%(count)s textes sont enregistrés.", count)
        messages.success(request, done % {"count": count})
        return redirect(request.get_full_path())

    def _changed_meanwhile(self, rows: list[Row]) -> HttpResponse:
        """The form as it was typed, what somebody else wrote meanwhile beside it; sent again, it replaces that."""
        self.dataset.refresh_from_db()
        present = texts_of(self.dataset.translations.get(self.language) or {})
        shown = []
        for row in rows:
            target = present.get(row.part.path, "")
            is_touched, present_text = _is_touched(row), _shown(row.part, target)
            is_other = is_touched and digest(target) != row.seen.partition("-")[0]
            text = row.text if is_touched else present_text
            before = present_text if is_other else ""
            shown.append(replace(row, text=text, seen=_seen(row.part, target), before=before))
        return self.render_to_response(self.get_context_data(rows=shown), status=409)

    def _suggest(self, request: HttpRequest, rows: list[Row]) -> HttpResponse:
        """The form with suggestions where nothing is typed; nothing is kept before somebody saves it."""
        blank = [row for row in rows if not row.text.strip() and len(row.source) <= MOST_SUGGESTED]
        memory = remembered(self.actor, self.language, [row.part.source for row in blank])
        origins = {True: _("déjà traduit ainsi sur une autre fiche"), False: _("du glossaire")}
        filled = {}
        for row in blank:
            words = memory.get(row.part.source, "")
            text = words or (word_in(row.part.source, self.language) if row.part.column else "")
            if text:
                filled[row.rank] = replace(row, text=text, origin=origins[bool(words)])
        count = len(filled)
        words_of_count = ngettext(
            "%(count)s traduction est proposée. Relisez-la, puis enregistrez.",
            "%(count)s traductions sont proposées. Relisez-les, puis enregistrez.",
            count,
        )
        messages.info(
            request, words_of_count % {"count": count} if count else _("Aucune traduction à proposer pour ces textes.")
        )
        shown = [filled.get(row.rank, row) for row in rows]
        return self.render_to_response(self.get_context_data(rows=shown))

    def _read(self, request: HttpRequest) -> HttpResponse:
        """The form with what a table says otherwise than the card; nothing is kept before somebody saves it."""
        upload = request.FILES["table"]
        name = shown_name(upload.name or "")
        try:
            table = self._table(upload, name)
        except ParvisError as error:
            messages.error(request, sentence(error))
            return self.render_to_response(self.get_context_data(), status=422)
        rows, faults = differences_of(table, self.parts)
        if not rows:
            messages.info(request, _("Ce tableau ne dit rien d’autre que la fiche."))
        return self.render_to_response(
            self.get_context_data(
                rows=rows[:MOST_AT_ONCE], table_name=name, left_out=max(0, len(rows) - MOST_AT_ONCE), faults=faults
            )
        )

    def _table(self, upload: Any, name: str) -> Table:
        if upload.size > MOST_BYTES:
            raise UnreadableTable(file=name, reason=_("il dépasse %s Mo") % (MOST_BYTES // 1_000_000))
        with confined(name, seconds=20) as (work, permits):
            path = Path(work, "table")
            path.write_bytes(upload.read())
            table: Table = call(read_table, path, name, permits=replace(permits, read=(path,)))
            return table


class TranslationFile(TranslationScreen):
    """The texts of the card as a table for a translator outside."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """CSV, what is up to date left out when only the rest is looked at."""
        table = table_of(self._listed(), about, _shown)
        answer = HttpResponse(table, content_type="text/csv; charset=utf-8", headers={"Cache-Control": "no-store"})
        name = f"{self.dataset.dataset_id}-{card_language(self.dataset)}-{self.language}.csv"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer


def about(part: Part) -> str:
    """What a text is, in the language of the page."""
    names = {
        "title": _("Titre"),
        "description": _("Description"),
        "keywords": _("Mots-clés"),
        "label": _("Libellé"),
        "value": _("Valeur"),
    }
    words = names[part.kind]
    if part.value:
        words = f"{words} {part.value}"
    return f"{part.column} – {words}" if part.column else words


def rows_of(parts: Iterable[Part]) -> list[Row]:
    """The rows of these texts as they are kept."""
    return [_row(rank, part) for rank, part in enumerate(parts)]


def _row(rank: int, part: Part) -> Row:
    shown = _shown(part, part.target)
    return Row(rank, part, about(part), _shown(part, part.source), shown, _seen(part, part.target))


def typed_rows(data: QueryDict, parts: Mapping[str, Part]) -> list[Row]:
    """The rows of a form as they were typed; those of what the card no longer has are left out."""
    rows = []
    for rank in range(MOST_AT_ONCE):
        part = parts.get(data.get(f"partie-{rank}", ""))
        if part is not None:
            text = data.get(f"texte-{rank}", "").replace("\r\n", "\n").strip()
            rows.append(replace(_row(len(rows), part), text=text, seen=data.get(f"lu-{rank}", "")[:80]))
    return rows


def differences_of(table: Table, parts: list[Part]) -> tuple[list[Row], list[tuple[int, str]]]:
    """The texts that a table says otherwise than the card, and its lines that are of no use, with why."""
    language, part_by_path = get_language() or SOURCE, {part.path: part for part in parts}
    faults = [(number, reason.text(language)) for number, reason in table.faults]
    rows: list[Row] = []
    for line in table.lines:
        part = part_by_path.get(line.path)
        if part is None:
            faults.append((line.number, _("« %s » n’est pas un texte de cette fiche.") % line.path[:80]))
            continue
        present = _shown(part, part.target).strip()
        text = line.target.replace("\r\n", "\n").strip()
        if not text or text == present:
            continue
        is_old = bool(line.source) and digest(line.source) != digest(_shown(part, part.source))
        note = _("Le texte d’origine a changé depuis ce tableau.") if is_old else ""
        rows.append(replace(_row(len(rows), part), text=text, before=present, note=note))
    return rows, sorted(faults)


def _shown(part: Part, text: str) -> str:
    """A text as people write it: paragraphs rather than HTML."""
    return html_to_paragraphs(text) if part.path == "description" else text


def _stored(row: Row) -> str:
    return paragraphs_to_html(row.text) if row.part.path == "description" else row.text


def _seen(part: Part, target: str) -> str:
    """What the form remembers of the text that it showed: of what is kept, and of what was in the field."""
    return f"{digest(target)}-{_exactly(_shown(part, target))}"


def _exactly(text: str) -> str:
    plain = text.replace("\r\n", "\n").strip()
    return hashlib.blake2b(plain.encode(errors="surrogatepass"), digest_size=8).hexdigest()


def _is_touched(row: Row) -> bool:
    return _exactly(row.text) != row.seen.partition("-")[2]


def _fault(row: Row) -> str:
    longest = longest_of(row.part.kind) if not (row.part.column and row.part.kind == "description") else 2_000
    excess = len(_stored(row)) - longest
    return (
        _("%(most)s caractères au plus : %(excess)s de trop.") % {"most": longest, "excess": excess}
        if excess > 0
        else ""
    )
