"""Who was there: numbers of members, present, proxies, absent, voters; their names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from parvis.core.acts.flat_text import GAP, FlatText, spaced
from parvis.core.acts.numbers_in_letters import ALL_IN_LETTERS, read_number
from parvis.core.acts.proposals.headings import reported_object
from parvis.core.acts.proposals.people import names_in, person_at, person_before
from parvis.core.acts.proposals.rules import GUESS, LIKELY, SURE, WEAK, Reading, Source

_REGION: Final = 12_000
_MOST_MEMBERS: Final = 400

_NUMBER: Final = rf"(?P<number>\d{{1,3}}(?![\d/°]|[.,]\d|{GAP}[/h€%])|{ALL_IN_LETTERS})"
_LABELS: Final = {
    "members": rf"(?:(?:nombre|nbre|nb)\.?{GAP}(?:de{GAP}|total{GAP}de{GAP}|des{GAP})?)?(?:(?:conseillers?|membres?|elus?|delegues?)(?:{GAP}(?:municipaux|communautaires|du{GAP}conseil(?:{GAP}municipal)?|titulaires))?{GAP})?(?:{GAP}:{GAP})?(?:composant{GAP}le{GAP}conseil(?:{GAP}municipal)?{GAP})?(?:legal{GAP})?(?:en{GAP})?exercices?|effectif{GAP}(?:legal|du{GAP}conseil)|nombre{GAP}legal{GAP}de{GAP}(?:conseillers|membres)",
    "present": r"(?:(?:nombre|nbre|nb)\.? (?:de |d')?)?(?:(?:conseillers?|membres?|elus?|delegues?)(?: municipaux| communautaires)? )?(?:etaient )?present(?:\((?:e|s|es|e\)\(s)\)|e?s)(?![a-z])",
    "proxies": r"(?:(?:nombre|nbre|nb)\.? (?:de |d')?)?(?:absents? )?(?:pouvoirs?|procurations?|representes?)(?:\(s\)|s)?",
    "absent": r"(?:(?:nombre|nbre|nb)\.? (?:de |d')?)?(?:(?:conseillers?|membres?) )?absents?(?:\(e?s\))?(?: excuses?)?",
    "voters": rf"(?:(?:nombre|nbre|nb)\.? (?:de |d')?)?(?:votants?(?:\(s\))?|(?:ayant|qui{GAP}ont|ont){GAP}pris{GAP}part{GAP}(?:au{GAP}vote|a{GAP}la{GAP}deliberation))",
}
_COUNTS: Final = {
    name: re.compile(rf"(?<![a-z])(?:{label}){GAP}(?:\.{{2,20}}|[:=])?{GAP}{_NUMBER}")
    for name, label in _LABELS.items()
}
_BEFORE_LABEL: Final = re.compile(
    rf"(?<![\w/,.°-]){_NUMBER}{GAP}(?:conseillers?|membres?|elus?|delegues?)?{GAP}(?:municipaux{GAP})?(?P<what>en exercice|presents?|votants?|pouvoirs?|procurations?|representes?|absents?)(?![a-z]|{GAP}[:=\d])"
)
_WHAT: Final = {"en": "members", "pr": "present", "vo": "voters", "po": "proxies", "re": "proxies", "ab": "absent"}
_TABLE: Final = re.compile(
    rf"(?<![a-z])(?:(?:nombre|nbre)[^\n\d]{{0,40}})?(?:afferents{GAP}au{GAP}conseil(?:{GAP}municipal)?{GAP}[^\d]{{0,8}})?(?P<labels>en{GAP}exercices?{GAP}[^\d:]{{0,120}}?(?:votants?|votes?|deliberation|vote|presents?)){GAP}:?{GAP}(?P<numbers>\d{{1,3}}(?:[ \n|]{{1,6}}\d{{1,3}}){{1,3}})(?!\d)"
)
_TABLE_WORDS: Final = re.compile(
    r"afferents|en exercice|presents?|pris part|votants?|pouvoirs?|procurations?|representes?|absents?"
)


def _whole(letters: str) -> int | None:
    if letters.isdigit():
        return int(letters)
    number = read_number(letters)
    return number[0] if number and number[1] == len(letters) else None


def counts(source: Source) -> Iterator[Reading]:
    """« en exercice : 19 », « 15 présents », « Votants : 17 »."""
    text, end = source.text, min(_REGION, len(source.text.flat))
    in_table = list(_tables(text, end))
    yield from in_table
    for name, pattern in _COUNTS.items():
        for hit in list(text.find(pattern, 0, end))[:3]:
            value = _whole(hit["number"])
            if value is None or value > _MOST_MEMBERS:
                continue
            marked = re.search(r"[:=.]", text.flat[hit.start() : hit.start("number")]) is not None
            if not marked and (not hit["number"].isdigit() or hit.start() > text.head):
                continue
            if text.flat[max(0, hit.start() - 4) : hit.start()].endswith(" et "):
                continue  # « absents et procurations : 4 »
            sure = SURE if marked else 0.75
            if name in ("absent", "proxies") or in_table:
                sure -= 0.1
            yield Reading(name, value, sure, hit.start(), hit.end())
    for hit in list(text.find(_BEFORE_LABEL, 0, end))[:12]:
        value = _whole(hit["number"])
        if value is not None and value <= _MOST_MEMBERS:
            yield Reading(_WHAT[hit["what"][:2]], value, GUESS if value > 1 else WEAK, hit.start(), hit.end())


def _tables(text: FlatText, end: int) -> Iterator[Reading]:
    """Labels in a row of a table, numbers in the next."""
    for hit in list(text.find(_TABLE, 0, end))[:1]:
        labels = [word[0] for word in _TABLE_WORDS.finditer(hit["labels"])]
        numbers = [int(number) for number in re.findall(r"\d{1,3}", hit["numbers"])]
        if "afferents" in text.flat[max(0, hit.start() - 60) : hit.start("labels")]:
            labels.insert(0, "afferents")
        if len(labels) != len(numbers):
            continue
        for label, number in zip(labels, numbers, strict=True):
            name = "voters" if label == "pris part" else _WHAT.get(label[:2])
            if name and label != "afferents":
                yield Reading(name, number, LIKELY, hit.start(), hit.end())


@dataclass(frozen=True, slots=True)
class Section:
    """A list of persons: what they are, where its label begins, where its names begin and end."""

    what: str
    label: int
    start: int
    end: int


_SECTION: Final = re.compile(
    rf"(?<![a-z])(?:(?P<present>(?:{spaced('etaient')}{GAP}|sont{GAP}|membres{GAP}|conseillers{GAP}(?:municipaux{GAP})?){{0,2}}(?:{spaced('present')}(?:\(?e?\)?\(?s?\)?|es)?)(?:{GAP}a{GAP}la{GAP}seance)?)"
    rf"|(?P<proxy>(?:absents?|absent\(s\)|excuses?|membres|conseillers)?[^\n:.]{{0,30}}(?:pouvoirs?|procurations?|representes?)(?:\([a-z]{{1,2}}\)|es)?(?:{GAP}(?:donnes?|a))?)"
    rf"|(?P<absent>(?:{spaced('etaient')}{GAP}|membres{GAP}|conseillers{GAP}){{0,2}}(?:{spaced('absent')}(?:\(?e?\)?\(?s?\)?|es)?|{spaced('excuse')}(?:\(?e?\)?\(?s?\)?|es)?)(?:{GAP}(?:et{GAP}|/{GAP}|non{GAP})?(?:absents?(?:\(s\))?|excuses?(?:\(s\)|es)?|(?:non{GAP})?representes?)){{0,2}}))"
    rf"{GAP}(?:\([^()\n]{{0,30}}\){GAP})?:"
    rf"|(?P<stop>(?<![a-z])(?:{spaced('secretaire')}s?|secretariat)(?![a-z])|{spaced('ordre')}{GAP}du{GAP}{spaced('jour')}|(?<![a-z])quorum|formant{GAP}la{GAP}majorite|(?<![a-z]){spaced('objet')}{GAP}:|(?:date{GAP}de{GAP}(?:la{GAP})?)?{spaced('convocation')}{GAP}|nombre{GAP}de|en{GAP}exercice|votants?{GAP}:|(?:le|la|mme|m\.|monsieur|madame){GAP}(?:le{GAP}|la{GAP})?(?:maire|presidente?){GAP}(?:ouvre|declare|constate|rappelle|certifie|apres)|_{{4,}}|\*{{4,}}|={{4,}}|(?:le|du){GAP}(?:proces|compte)[ -](?:verbal|rendu)|lesquels{GAP}|(?:le{GAP})?conseil{GAP}municipal,)"
)


_UNMARKED: Final = re.compile(
    r"(?:^|\n)[ ]*(?:(?P<present>(?:etaient )?presents?)|(?P<absent>(?:etaient )?(?:absents?|excuses?))|(?P<proxy>pouvoirs?|procurations?))(?:\([a-z]{1,2}\)|es)?[ ]{1,4}(?=[a-z])"
)
"""A label without its colon, as tables have them: names follow in capitals."""


def sections(text: FlatText, end: int) -> list[Section]:
    """Lists of persons until ``end``; each goes to the next label."""
    hits = list(text.find(_SECTION, 0, end))
    hits += [hit for hit in text.find(_UNMARKED, 0, end) if text.raw[hit.end() : hit.end() + 2].isupper()]
    marks = [(hit, next(name for name, value in hit.groupdict().items() if value)) for hit in hits]
    marks.sort(key=lambda mark: mark[0].start())
    reported = reported_object(text, end)
    object_start = reported[1] if reported else end
    listed = []
    for rank, (hit, what) in enumerate(marks):
        if what != "stop":
            until = marks[rank + 1][0].start() if rank + 1 < len(marks) else min(end, hit.end() + 2500)
            if hit.end() < object_start < until:  # it may name somebody
                until = object_start
            listed.append(Section(what, hit.start(), hit.end(), until))
    return listed


_PROXY: Final = re.compile(
    rf"(?:(?:ayant|a|avait|qui{GAP}a|et{GAP}a|ont){GAP})?(?:donn(?:e|ant|es|ent){GAP})?(?:son{GAP}|leur{GAP}|un{GAP})?(?:bon{GAP}pour{GAP})?(?P<word>pouvoirs?|procurations?|mandat){GAP}(?:est{GAP})?(?:donnee?s?{GAP}|ecrite?{GAP}|de{GAP}vote{GAP})?(?:pour{GAP}voter{GAP}en{GAP}(?:son|leur){GAP}nom{GAP})?:?{GAP}(?:a|au)(?![a-z])"
    rf"|(?:(?:est|etait|etant){GAP})?representee?s?{GAP}par(?![a-z])"
    rf"|(?:donn(?:e|ant|ent)|ayant{GAP}donne){GAP}(?:son{GAP})?(?:pouvoir|procuration){GAP}a(?![a-z])"
)
_PROXY_OF: Final = re.compile(
    rf"(?:pouvoirs?|procurations?){GAP}(?:donnee?{GAP})?(?:de|par){GAP}(?![a-z]{{1,3}}{GAP}seance)"
)
_TO: Final = re.compile(r"[ ,]?(?:[ ]à|[ ]a)(?=[ \n])|=>|→")


@dataclass(frozen=True, slots=True)
class Proxy:
    """Who gave it, who holds it, and where it is told."""

    giver: str
    taker: str
    start: int
    end: int


def proxies_in(text: FlatText) -> list[Proxy]:
    """« M. X (pouvoir à Mme Y) », « X a donné procuration à Y », « Pouvoirs : X à Y »; in the lists of persons alone, when there are."""
    raw = text.raw
    end = min(_REGION, len(text.flat))
    lists = sections(text, end)
    end = min(end, lists[-1].end + 200) if lists else min(end, text.head)
    pairs: dict[str, Proxy] = {}

    def add(giver: tuple[str, int, int] | None, taker: tuple[str, int, int] | None) -> None:
        if giver and taker and giver[0] != taker[0] and len(pairs) < _MOST_MEMBERS:
            pairs.setdefault(giver[0], Proxy(giver[0], taker[0], min(giver[1], taker[1]), max(giver[2], taker[2])))

    for hit in text.find(_PROXY, 0, end):
        add(person_before(raw, hit.start()), person_at(raw, hit.end()))
    for hit in text.find(_PROXY_OF, 0, end):
        giver = person_at(raw, hit.end())
        to = _TO.match(raw, giver[2]) if giver else None
        add(giver, person_at(raw, to.end()) if to else None)
    for section in lists:
        if section.what == "proxy":
            for to in _TO.finditer(raw, section.start, section.end):
                add(person_before(raw, to.start()), person_at(raw, to.end()))
    return sorted(pairs.values(), key=lambda proxy: proxy.start)


def proxies(source: Source) -> Iterator[Reading]:
    """The proxies that are told, and how many they are."""
    pairs = proxies_in(source.text)
    if pairs:
        whole = all(" " in name for proxy in pairs for name in (proxy.giver, proxy.taker))
        start, stop = pairs[0].start, max(proxy.end for proxy in pairs)
        yield Reading(
            "proxy_names", [[proxy.giver, proxy.taker] for proxy in pairs], LIKELY if whole else GUESS, start, stop
        )
        yield Reading("proxies", len(pairs), 0.82 if whole else GUESS, start, stop)


_ALL_THERE: Final = re.compile(rf"presents{GAP}:{GAP}tous{GAP}les{GAP}(?:membres|conseillers)")
_IN_PARENTHESES: Final = re.compile(r"\((\d{1,3})\)[ .,;]*$")
_FEWEST: Final = 3


def names(source: Source) -> Iterator[Reading]:
    """Names of those present and of those absent without a proxy, and how many they are."""
    text = source.text
    end = min(_REGION, len(text.flat))
    pairs = proxies_in(text)
    represented = {proxy.giver for proxy in pairs} | {proxy.taker for proxy in pairs}
    present: set[str] = set()
    for what in ("present", "absent"):
        for section in [item for item in sections(text, end) if item.what == what][:1]:
            letters = text.raw[section.start : section.end]
            persons = names_in(_without_proxies(letters, section, pairs) if what == "absent" else letters)
            if what == "absent":
                persons = [one for one in persons if one not in represented | present]
            present |= set(persons) if what == "present" else set()
            printed = source.value(what, 0.9)
            total = _IN_PARENTHESES.search(letters.strip())
            if total and int(total[1]) <= _MOST_MEMBERS:
                printed = int(total[1])
                yield Reading(what, printed, 0.93, section.label, section.end)
            if not persons or (what == "present" and len(persons) < _FEWEST):
                continue
            marked = re.search(r"[,;•–—-]|M\.|Mme|Monsieur|Madame", letters) is not None
            sure = 0.96 if printed == len(persons) else 0.8 if printed is None and marked else GUESS
            yield Reading(f"{what}_names", persons[:_MOST_MEMBERS], sure, section.label, section.end)
            yield Reading(
                what,
                len(persons),
                sure if printed is None or printed == len(persons) else WEAK,
                section.label,
                section.end,
            )


def _without_proxies(letters: str, section: Section, pairs: list[Proxy]) -> str:
    """The list of those absent without what is said of their proxies."""
    for proxy in reversed(pairs):
        if section.start <= proxy.start and proxy.end <= section.end:
            letters = letters[: proxy.start - section.start] + ", " + letters[proxy.end - section.start :]
    return letters


def agreeing_counts(source: Source) -> Iterator[Reading]:
    """Voters are those present and their proxies: what agrees is surer, what is missing is computed."""
    present, represented, voters = (source.value(name, GUESS) for name in ("present", "proxies", "voters"))
    if present is None:
        return
    if voters is None and represented is not None:
        yield Reading(
            "voters", present + represented, min(0.8, source.confidence("present"), source.confidence("proxies"))
        )
    elif voters is not None and voters == present + (represented or 0):
        for name in ("present", "voters", *(("proxies",) if represented is not None else ())):
            yield Reading(name, source.value(name), min(0.98, max(0.9, source.confidence(name) + 0.05)))
