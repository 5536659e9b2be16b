"""Whether the facts of an act make sense together: rules of the SCDL schema, of the law, of arithmetic."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from stdnum.fr import siret

from parvis.core.acts.facts import ActFacts
from parvis.core.acts.nomenclature import at_level_2, matters
from parvis.core.text import fold
from parvis.core.translation import Sentence, Value, gettext_noop

ERROR, WARNING = "error", "warning"

SMALL_COMMUNE: Final = 3_500
"""Inhabitants below which a council is convened three clear days before, five from there (CGCT L2121-11 and L2121-12)."""

_CRISIS: Final = (date(2020, 3, 12), date(2022, 7, 31))
"""When a member could hold two proxies and a third of members was a quorum (ordinance 2020-391, laws 2020-1379 and 2021-1465)."""

_DATES: Final = {
    "convened_on": gettext_noop("la convocation"),
    "day": gettext_noop("la séance"),
    "sent_on": gettext_noop("l’envoi en préfecture"),
    "received_on": gettext_noop("la réception en préfecture"),
    "posted_on": gettext_noop("la publication"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that does not make sense: what, how grave, of which fields, and the sentence that says it."""

    code: str
    severity: str
    fields: tuple[str, ...]
    sentence: Sentence


def _votes_together(facts: ActFacts) -> Iterator[Problem]:
    names = ("members", "voters", "votes_for", "votes_against", "abstentions")
    missing = tuple(name for name in names if getattr(facts, name) is None)
    if missing and len(missing) < len(names) and any(getattr(facts, name) is not None for name in names[1:]):
        message = gettext_noop(
            "Le vote n’est pas complet : il faut l’effectif, les votants, les pour, les contre et les abstentions, ou aucun."
        )
        yield Problem("votes-incomplete", WARNING, missing, Sentence(message))


def _votes_add_up(facts: ActFacts) -> Iterator[Problem]:
    parts = (facts.votes_for, facts.votes_against, facts.abstentions)
    numbers = [part for part in parts if part is not None]
    if facts.voters is None or not numbers:
        return
    total = sum(numbers)
    fields = ("voters", "votes_for", "votes_against", "abstentions")
    values = {"total": total, "voters": facts.voters}
    if len(numbers) == len(parts) and total != facts.voters:
        message = gettext_noop("{total} voix pour, contre et abstentions, pour {voters} votants.")
        yield Problem("votes-sum", ERROR, fields, Sentence(message, values))
    elif total > facts.voters:
        message = gettext_noop("{total} voix comptées, pour {voters} votants seulement.")
        yield Problem("votes-over", ERROR, fields, Sentence(message, values))


def _attendance(facts: ActFacts) -> Iterator[Problem]:
    for name, label in (
        ("voters", gettext_noop("votants")),
        ("present", gettext_noop("présents")),
        ("proxies", gettext_noop("pouvoirs")),
        ("absent", gettext_noop("absents")),
    ):
        number = getattr(facts, name)
        if number is not None and facts.members is not None and number > facts.members:
            message = gettext_noop("{number} {what}, pour {members} membres en exercice.")
            values: dict[str, Value] = {"number": number, "what": Sentence(label), "members": facts.members}
            yield Problem(f"{name}-over-members", ERROR, (name, "members"), Sentence(message, values))
    if facts.present is not None and facts.voters is not None:
        expected = facts.present + (facts.proxies or 0)
        values = {"present": facts.present, "proxies": facts.proxies or 0, "voters": facts.voters}
        if facts.voters > expected and facts.proxies is not None:
            message = gettext_noop("{voters} votants, pour {present} présents et {proxies} pouvoirs.")
            yield Problem("voters-over-present", ERROR, ("present", "proxies", "voters"), Sentence(message, values))
        elif facts.voters < expected:
            message = gettext_noop(
                "{voters} votants sur {present} présents et {proxies} pouvoirs : des membres n’ont pas pris part au vote ?"
            )
            yield Problem("voters-under-present", WARNING, ("present", "proxies", "voters"), Sentence(message, values))


def _in_crisis(day: date | None) -> bool:
    return day is not None and _CRISIS[0] <= day <= _CRISIS[1]


def _quorum(facts: ActFacts) -> Iterator[Problem]:
    if facts.members is None or facts.present is None or facts.reconvened or facts.body == "executive":
        return
    enough = facts.present * 3 >= facts.members if _in_crisis(facts.day) else facts.present * 2 > facts.members
    if not enough:
        message = gettext_noop(
            "{present} présents sur {members} : le quorum n’est pas atteint, sauf après une seconde convocation (CGCT, L2121-17)."
        )
        values = {"present": facts.present, "members": facts.members}
        yield Problem("quorum", WARNING, ("present", "members"), Sentence(message, values))


def _proxies(facts: ActFacts) -> Iterator[Problem]:
    most = 2 if _in_crisis(facts.day) else 1
    holders = Counter(fold(holder) for _giver, holder in facts.proxy_pairs)
    spelling = {fold(holder): holder for _giver, holder in facts.proxy_pairs}
    for holder, number in holders.items():
        if number > most:
            message = gettext_noop("{name} a {number} pouvoirs : un membre n’en porte qu’un seul (CGCT, L2121-20).")
            values: dict[str, Value] = {"name": spelling[holder], "number": number}
            yield Problem("proxies-of-one", ERROR, ("proxy_pairs",), Sentence(message, values))
    if facts.proxies is not None and facts.proxy_pairs and facts.proxies != len(facts.proxy_pairs):
        message = gettext_noop("{number} pouvoirs annoncés, {names} nommés.")
        values = {"number": facts.proxies, "names": len(facts.proxy_pairs)}
        yield Problem("proxies-count", WARNING, ("proxies", "proxy_pairs"), Sentence(message, values))


def _notice(facts: ActFacts) -> Iterator[Problem]:
    if facts.convened_on is None or facts.day is None or facts.body == "executive" or facts.convened_on >= facts.day:
        return
    clear = 5 if facts.population is not None and facts.population >= SMALL_COMMUNE else 3
    between = (facts.day - facts.convened_on).days - 1
    if between < clear:
        message = gettext_noop(
            "{between} jours francs entre la convocation et la séance : il en faut {clear}, sauf urgence (CGCT, L2121-11 et L2121-12)."
        )
        values = {"between": between, "clear": clear}
        yield Problem("notice", WARNING, ("convened_on", "day"), Sentence(message, values))


_LATE_LIMIT: Final = timedelta(days=366)


def _dates(facts: ActFacts, today: date) -> Iterator[Problem]:
    dated = [(name, getattr(facts, name)) for name in _DATES if getattr(facts, name) is not None]
    for (earlier, first), (later, second) in pairwise(dated):
        if first > second or (earlier == "convened_on" and first == second):
            severity = WARNING if (earlier, later) == ("received_on", "posted_on") else ERROR
            message = gettext_noop("La date de {later} ({second}) précède celle de {earlier} ({first}).")
            if first == second:
                message = gettext_noop("La convocation est du jour de la séance.")
            values: dict[str, Value] = {
                "later": Sentence(_DATES[later]),
                "earlier": Sentence(_DATES[earlier]),
                "first": f"{first:%d/%m/%Y}",
                "second": f"{second:%d/%m/%Y}",
            }
            yield Problem("dates-order", severity, (earlier, later), Sentence(message, values))
    for name, day in dated:
        if day > today and name not in ("convened_on",) and not (name == "day" and facts.kind == "agenda"):
            message = gettext_noop("La date de {what} est à venir.")
            yield Problem("future", ERROR, (name,), Sentence(message, {"what": Sentence(_DATES[name])}))
    if facts.day and facts.received_on and facts.received_on - facts.day > _LATE_LIMIT:
        message = gettext_noop("Plus d’un an entre la séance et la réception en préfecture.")
        yield Problem("received-late", WARNING, ("day", "received_on"), Sentence(message))


def _unanimity(facts: ActFacts) -> Iterator[Problem]:
    if facts.unanimous and facts.votes_against:
        message = gettext_noop("« À l’unanimité », avec {number} voix contre.")
        yield Problem(
            "unanimous-against",
            ERROR,
            ("unanimous", "votes_against"),
            Sentence(message, {"number": facts.votes_against}),
        )
    if facts.votes_for is None or facts.votes_against is None:
        return
    fields = ("outcome", "votes_for", "votes_against")
    if facts.outcome == "adopted" and facts.votes_for < facts.votes_against:
        yield Problem(
            "outcome", ERROR, fields, Sentence(gettext_noop("Adoptée, avec moins de voix pour que de voix contre."))
        )
    if facts.outcome == "rejected" and facts.votes_for > facts.votes_against:
        yield Problem(
            "outcome", WARNING, fields, Sentence(gettext_noop("Rejetée, avec plus de voix pour que de voix contre."))
        )


def _identity(facts: ActFacts) -> Iterator[Problem]:
    if facts.siret and not (re.fullmatch(r"\d{14}", facts.siret) and siret.is_valid(facts.siret)):
        message = gettext_noop("Le SIRET « {siret} » n’existe pas : quatorze chiffres, dont la clé est fausse ici.")
        yield Problem("siret", ERROR, ("siret",), Sentence(message, {"siret": facts.siret[:40]}))
    code = facts.matter_code
    if code and at_level_2(code) != code:
        message = gettext_noop("La matière « {code} » n’est pas de niveau 2, comme « 7.5 ».")
        yield Problem("matter-code", ERROR, ("matter_code",), Sentence(message, {"code": code[:40]}))
    elif code and facts.matter_name and fold(matters()[code].scdl) != fold(facts.matter_name.strip()):
        message = gettext_noop("La matière {code} est « {name} », pas « {written} ».")
        values = {"code": code, "name": matters()[code].scdl, "written": facts.matter_name[:200]}
        yield Problem("matter-name", ERROR, ("matter_code", "matter_name"), Sentence(message, values))
    if bool(facts.budget_year) != bool(facts.budget_name):
        message = gettext_noop("L’année et le nom du budget vont ensemble.")
        yield Problem("budget", ERROR, ("budget_year", "budget_name"), Sentence(message))
    years = re.fullmatch(r"(\d{4})(?:/(\d{4}))?", facts.budget_year) if facts.budget_year else None
    if facts.budget_year and (years is None or (years[2] and int(years[2]) <= int(years[1]))):
        message = gettext_noop("L’année du budget s’écrit « 2024 » ou « 2024/2025 ».")
        yield Problem("budget-year", ERROR, ("budget_year",), Sentence(message))


def _signs(facts: ActFacts) -> Iterator[Problem]:
    counts = ("members", "present", "proxies", "absent", "voters", "votes_for", "votes_against", "abstentions")
    negative = tuple(name for name in counts if (getattr(facts, name) or 0) < 0)
    if negative:
        yield Problem(
            "negative", ERROR, negative, Sentence(gettext_noop("Un nombre de personnes ne peut pas être négatif."))
        )
    if any(amount < 0 for amount in facts.amounts):
        message = gettext_noop("Un montant est négatif : est-ce bien une réduction ou un déficit ?")
        yield Problem("negative-amount", WARNING, ("amounts",), Sentence(message))


_CHECKS: Final[tuple[Callable[[ActFacts], Iterator[Problem]], ...]] = (
    _identity,
    _signs,
    _votes_together,
    _votes_add_up,
    _attendance,
    _quorum,
    _proxies,
    _notice,
    _unanimity,
)


def check(facts: ActFacts, *, today: date) -> list[Problem]:
    """All that does not make sense in ``facts``, errors first."""
    problems = [problem for judge in _CHECKS for problem in judge(facts)] + list(_dates(facts, today))
    return sorted(problems, key=lambda problem: problem.severity != ERROR)
