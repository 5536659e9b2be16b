"""What ``parvis harvest`` says and reads, here and on another portal: no instance is needed for it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from parvis.config.cli.progress import spaced
from parvis.core.translation import Sentence
from parvis.hub.harvesting.rules import BadMapping

WORDS = {
    "created": "créé",
    "updated": "mis à jour",
    "unchanged": "inchangé",
    "skipped": "écarté",
    "twin": "déjà ici ?",
    "failed": "échec",
    "missing": "absent",
    "archived": "retiré",
}
STATES = {"queued": "en attente", "running": "en cours", "done": "terminée", "failed": "échec", "stopped": "arrêtée"}


def values_of(args: Namespace) -> dict[str, Any]:
    """What ``add`` is told of a source, besides its organisation and what opens it."""
    return {
        "dialect": args.dialect,
        "url": args.url,
        "title": args.title,
        "schedule": args.schedule,
        "mode": args.mode,
        "publish": not args.draft,
        "options": dict(_pair(text) for text in args.option),
        "filters": _filters(args.filter),
        "mapping": _mapping(args.map),
        "default_licence": args.licence,
        "ignore_robots": args.ignore_robots,
    }


def state_words(row: Mapping[str, Any]) -> str:
    """How its latest reading went."""
    latest = row["latest_run"]
    return "jamais lue" if latest is None else _state(latest)


def _state(run: Mapping[str, Any]) -> str:
    return "à confirmer" if run["suspicious"] else STATES[run["state"]]


def run_lines(facts: Mapping[str, Any]) -> list[str]:
    """A reading, in one to three lines."""
    counts = ", ".join(
        f"{WORDS[name]} {spaced(count)}" for name, count in facts["counts"].items() if name in WORDS and count
    )
    lines = [f"Lecture {facts['run']}, {_state(facts)} : {counts or 'aucun jeu'}"]
    if facts["suspicious"]:
        lines.append(
            "La source a donné si peu de jeux, par rapport à ce qu’elle avait ou à ce qu’elle annonce, que cette lecture n’est pas crue : "
            "rien n’a été compté comme absent. Si elle a vraiment tant perdu, confirmez-le sur la page de la lecture."
        )
    if facts["resumes"] and facts["state"] in ("queued", "running"):
        moment = datetime.fromisoformat(facts["resumes"]).astimezone()
        lines.append(f"Le serveur de la source est attendu jusqu’à {moment:%H:%M} ; le portail reprendra de lui-même.")
    if facts["error"]:
        lines.append(f"{facts['error']['message']} {facts['error']['hint']}".strip())
    return lines


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise BadMapping(word=text[:100], reason=Sentence("écrivez NOM=VALEUR"))
    return name.strip(), value.strip()


def _filters(texts: Iterable[str]) -> dict[str, list[str]]:
    filters: dict[str, list[str]] = {}
    for name, value in map(_pair, texts):
        filters.setdefault(name, []).append(value)
    return filters


def _mapping(texts: Iterable[str]) -> dict[str, dict[str, str]]:
    mapping: dict[str, dict[str, str]] = {}
    for text in texts:
        kind, _colon, pair = text.partition(":")
        word, sign, slug = pair.rpartition("=")
        if not sign:
            raise BadMapping(word=text[:100], reason=Sentence("écrivez NOM:MOT=LE NÔTRE"))
        mapping.setdefault(kind, {})[word] = slug
    return mapping


def source_line(row: Mapping[str, Any]) -> str:
    """A source in a list."""
    return (
        f"{row['source']}\t{row['dialect']}\t{row['schedule_text']}\t{state_words(row)}\t{row['title']}\t{row['url']}"
    )


def item_line(item: Mapping[str, Any]) -> str:
    """What a reading did with a dataset, and why."""
    words = WORDS.get(item["outcome"], item["outcome"])
    return "  ".join(filter(None, (f"{words:<11}", item["title"] or item["identifier"], " ; ".join(item["reasons"]))))


def preview_lines(facts: Mapping[str, Any]) -> list[str]:
    """The first datasets of a source, and how many it has."""
    rows, total = facts["items"], facts["total"]
    lines = [" — ".join(filter(None, (row["title"], row["licence"], row["reason"]))) for row in rows]
    return [*lines, _datasets(total, "annoncé") if total is not None else _datasets(len(rows), "lu")]


def _datasets(count: int, word: str) -> str:
    return f"{spaced(count)} jeux {word}s" if count > 1 else f"{count} jeu {word}"
