"""The words of the acts of the demonstration, as a secretary of a town hall would type them: each says that it is an example."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from parvis.core.acts.papers.printing import day_words

ISSUES: Final = {
    "rejected": "Le conseil municipal rejette le projet.",
    "postponed": "Le conseil municipal ajourne l’examen du projet.",
    "withdrawn": "Le point est retiré de l’ordre du jour.",
    "noted": "Le conseil municipal prend acte de cette communication.",
}
LAW: Final = {
    "deliberation": "Vu le code général des collectivités territoriales, notamment son article L2121-29,",
    "decision": "Vu le code général des collectivités territoriales, notamment son article L2122-22,",
    "order": "Vu le code général des collectivités territoriales, notamment son article L2212-2,",
}
HEADS: Final = {
    "deliberation": "EXTRAIT DU REGISTRE DES DÉLIBÉRATIONS DU CONSEIL MUNICIPAL",
    "decision": "DÉCISION DU MAIRE",
    "order": "ARRÊTÉ DU MAIRE",
}


@dataclass(frozen=True, slots=True)
class Sitting:
    """Who was there, as its acts tell it."""

    day: date
    convened_on: date
    members: int
    present: int
    proxies: int
    president: str
    secretary: str
    location: str


def title_of(row: Mapping[str, Any]) -> str:
    """The object of an act, which says wherever it is listed that it is an example."""
    return f"{row['title']} (exemple)"


def act_lines(note: str, of: str, mayor: str, row: Mapping[str, Any], day: date, sitting: Sitting | None) -> list[str]:
    """The lines of an act: what it is, what it rests on, what it decides, who signs."""
    kind = row.get("kind", "deliberation")
    return [
        note,
        "RÉPUBLIQUE FRANÇAISE",
        f"Commune {of}",
        HEADS[kind],
        f"Numéro : {row['number']}",
        *(_sitting_lines(sitting) if sitting else []),
        *([f"Rapporteur : {row['speaker']}"] if row.get("speaker") else []),
        f"Objet : {title_of(row)}",
        LAW[kind],
        *(f"Considérant que {reason}," for reason in row["because"]),
        *_decision_lines(row, sitting),
        f"Fait à la mairie, le {day_words(day)}",
        f"Le Maire, {mayor}",
        note,
    ]


def _sitting_lines(sitting: Sitting) -> list[str]:
    return [
        f"Séance du {day_words(sitting.day)}",
        f"Le conseil municipal, convoqué le {day_words(sitting.convened_on)}, s’est réuni {sitting.location}, sous la présidence de "
        f"{sitting.president}, maire.",
        f"Membres en exercice : {sitting.members} ; présents : {sitting.present} ; pouvoirs : {sitting.proxies}",
        f"Secrétaire de séance : {sitting.secretary}",
    ]


def _decision_lines(row: Mapping[str, Any], sitting: Sitting | None) -> list[str]:
    articles = [
        f"Article {'1er' if rank == 1 else rank} : {text}." for rank, text in enumerate(row["decides"], start=1)
    ]
    if sitting is None:
        return [{"order": "ARRÊTE", "decision": "DÉCIDE"}[row["kind"]], *articles]
    issue = ISSUES.get(row.get("outcome", ""))
    vote = vote_line(row, sitting.present + sitting.proxies)
    if issue:
        return [line for line in (vote, issue) if line] + ([] if vote else articles)
    return [vote, "Le conseil municipal, après en avoir délibéré, DÉCIDE", *articles]


def vote_line(row: Mapping[str, Any], voters: int) -> str:
    """How the council voted; empty for what was not put to the vote."""
    if row.get("unanimous"):
        return f"Vote : à l’unanimité des {voters} votants"
    if "votes" not in row:
        return ""
    pour, against, abstained = row["votes"]
    return f"Votants : {voters} ; pour : {pour} ; contre : {against} ; abstentions : {abstained}"


def minutes_lines(note: str, of: str, sitting: Sitting, rows: Sequence[Mapping[str, Any]], absent: int) -> list[str]:
    """The minutes of a sitting: each point, what was said of it, how it ended."""
    lines = [
        note,
        f"Commune {of}",
        "PROCÈS-VERBAL DE LA SÉANCE DU CONSEIL MUNICIPAL",
        *_sitting_lines(sitting),
        f"Absents : {absent}. Le quorum est atteint, la séance est ouverte.",
    ]
    for rank, row in enumerate(rows, start=1):
        lines += [f"POINT {rank}", f"{row['number']} : {row['title']}", f"{row['speaker']} présente le projet."]
        lines += [f"Il est rappelé que {reason}." for reason in row["because"]]
        lines += [ISSUES.get(row.get("outcome", ""), "Le conseil municipal adopte la délibération.")]
        vote = vote_line(row, sitting.present + sitting.proxies)
        lines += [f"{vote}."] if vote else []
    return [*lines, "L’ordre du jour étant épuisé, la séance est levée.", note]
