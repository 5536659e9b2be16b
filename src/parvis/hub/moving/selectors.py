"""Reading what came of a portal besides its datasets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.db.models import QuerySet
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from parvis.core.errors import NotFound
from parvis.core.metadata import THEME_BY_SLUG, theme_slug
from parvis.core.translation import SOURCE, Sentence
from parvis.hub.accounts.rules import Actor, Role, may
from parvis.hub.catalogue.models import Dataset
from parvis.hub.harvesting.models import Source
from parvis.hub.harvesting.selectors import sources_managed_by
from parvis.hub.moving.models import Move, Part
from parvis.hub.moving.rules import KINDS, KINDS_BY_PORTAL, STATES, Kind, State, role_of
from parvis.hub.ui.formatting import number

COUNTED = {
    "download_count": _("téléchargements"),
    "attachment_download_count": _("téléchargements de documents"),
    "file_field_download_count": _("téléchargements de fichiers des lignes"),
    "api_call_count": _("appels de l’API"),
    "reuse_count": _("réutilisations"),
}
"""What portals count, in words."""


def parts_of(actor: Actor, source: Source, kind: str = "", state: str = "") -> QuerySet[Part]:
    """What came of a source that the actor manages, of one kind and one state or of all; NotFound."""
    if not sources_managed_by(actor).filter(pk=source.pk).exists():
        raise NotFound(name=source.slug)
    rows = Part.objects.filter(source=source).select_related("dataset")
    if not may(actor, "administer", source.organisation_id):
        rows = rows.exclude(kind="users")  # their addresses are for who may invite them
    rows = rows.filter(kind=kind) if kind else rows
    return (rows.filter(state=state) if state else rows).order_by("kind", "title", "pk")


def left_out(source: Source) -> list[str]:
    """The kinds that somebody leaves out of a move."""
    return list(Move.objects.filter(source=source).values_list("without", flat=True).first() or [])


def counts_of_kinds(source: Source) -> dict[str, Counter[str]]:
    """How many things of each kind are in each state."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in KINDS}
    for kind, state in Part.objects.filter(source=source).values_list("kind", "state"):
        counts.setdefault(kind, Counter())[state] += 1
    return counts


def notes_of_kinds(source: Source) -> dict[str, str]:
    """Why a kind could not be read, or not whole, in the language of the reader."""
    move = Move.objects.filter(source=source).first()
    notes = {kind: Sentence.from_json(row) for kind, row in move.notes.items()} if move is not None else {}
    return {kind: note.text(get_language() or SOURCE) for kind, note in notes.items() if note is not None}


def notes_of(part: Part) -> list[str]:
    """What is said of one thing, likewise."""
    notes = map(Sentence.from_json, part.notes)
    return [note.text(get_language() or SOURCE) for note in notes if note is not None]


def kinds_shown(source: Source, counts: Mapping[str, Counter[str]]) -> dict[str, Kind]:
    """The kinds that such a portal has, and those of which there is something all the same."""
    own = KINDS_BY_PORTAL.get(source.dialect, ())
    return {name: kind for name, kind in KINDS.items() if name in own or counts[name]}


def rest_report(source: Source) -> dict[str, Any]:
    """Every thing with its state, and why a kind is not there; JSON-able."""
    counts, notes, rights = counts_of_kinds(source), notes_of_kinds(source), group_rights(source)
    return {
        "without": left_out(source),
        "kinds": [
            {"kind": name, "what": str(kind.label), "counts": dict(counts[name]), "note": notes.get(name, "")}
            for name, kind in kinds_shown(source, counts).items()
        ],
        "themes": dict(themes_of_theirs(source).most_common()),
        "parts": [part_facts(part, rights) for part in Part.objects.filter(source=source).select_related("dataset")],
    }


def themes_of_theirs(source: Source) -> Counter[str]:
    """The words of themes that came as they were, ours having none for them: how many datasets bear each."""
    cards = source.items.filter(dataset__isnull=False, gone=None).values_list("dataset__themes", flat=True)
    return Counter(word for themes in cards for word in themes if theme_slug(str(word)) not in THEME_BY_SLUG)


def part_facts(part: Part, rights: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """One thing as scripts get it."""
    facts = {
        "kind": part.kind,
        "there": part.identifier,
        "title": part.title,
        "state": str(part.state),
        "here": part.target,
        "dataset": part.dataset.dataset_id if part.dataset is not None else "",
        "notes": notes_of(part),
    }
    if part.kind == "users":
        facts["role"] = str(proposed_role(part, rights))
        facts["groups"] = part.facts.get("groups") or []
    if part.kind == "counts":
        facts["counts"], facts["day"] = part.facts.get("counts") or {}, part.facts.get("day") or ""
    return facts


def group_rights(source: Source) -> dict[str, list[str]]:
    """What the groups of a portal opened, by their identifier there."""
    groups = Part.objects.filter(source=source, kind="groups")
    return {group.identifier: list(group.facts.get("permissions") or []) for group in groups}


def proposed_role(part: Part, rights: Mapping[str, Sequence[str]]) -> Role:
    """What somebody of the former portal would be here, from what they could do there by themselves and by their groups."""
    own = list(part.facts.get("permissions") or [])
    return role_of(own + [word for name in part.facts.get("groups") or [] for word in rights.get(name, ())])


_OWN_WORDS = {
    ("users", State.MADE): _("compte fait ici"),
    ("filters", State.MADE): _("extrait fait ici"),
    ("filters", State.LEFT): _("extrait retiré ici"),
    ("portals", State.MADE): _("site fait ici"),
    ("portals", State.HERE): _("son territoire avait déjà un site"),
    ("portals", State.LEFT): _("site retiré ici"),
}


_DRAWN = {"chart": _("graphique"), "map": _("carte"), "tabs": _("autres onglets"), "view": _("vue")}


def name_there(part: Part) -> str:
    """What a thing is called there, as people are told."""
    if part.kind != "drawings":
        return part.identifier
    dataset, _space, view = part.identifier.rpartition(" ")
    what, _dash, rank = view.partition("-")
    return " ".join(filter(None, (f"{dataset} :", str(_DRAWN.get(what, what)), rank)))


def state_words(part: Part) -> Any:
    """Where a thing stands, in words."""
    own = _OWN_WORDS.get((part.kind, State(part.state)))
    if own is not None:
        return own
    return STATES[State(part.state)]


def counts_before(dataset: Dataset, actor: Actor) -> dict[str, Any] | None:
    """How often a dataset was asked on the portal that it came from; None for one that was not counted."""
    part = Part.objects.filter(kind="counts", dataset=dataset).select_related("source").order_by("-run").first()
    if part is None or not part.facts.get("counts"):
        return None
    counts = part.facts["counts"]
    rows = [(words, number(counts[name])) for name, words in COUNTED.items() if name in counts]
    day = parse_date(str(part.facts.get("day") or ""))
    host = urlsplit(part.source.url).hostname or part.source.url
    return {"rows": rows, "day": date_format(day) if day else "", "portal": host} if rows else None
