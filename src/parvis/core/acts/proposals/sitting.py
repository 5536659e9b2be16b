"""When: date of the sitting or of the signature, of the convocation; who presided, who was secretary."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from parvis.core.acts.dates import DateRead, date_at, dates_in, yearless_date_at
from parvis.core.acts.flat_text import GAP, flatten, spaced
from parvis.core.acts.proposals.people import person_at, person_before
from parvis.core.acts.proposals.rules import GUESS, LIKELY, SURE, WEAK, Reading, Source

_LONGEST_NOTICE: Final = timedelta(days=60)
_FIRST_LINES: Final = 900

_COUNCIL = rf"(?:{spaced('conseil')}{GAP}(?:{spaced('municipal')}|communautaire|[a-z']{{3,20}})|comite{GAP}syndical|bureau{GAP}communautaire)"
_YEAR_FIRST: Final = re.compile(r"(?<![a-z])l'an(?:nee)?(?![a-z])")
_SITTING: Final = re.compile(
    rf"(?:{spaced('seance')}|{spaced('reunion')}){GAP}(?:(?:publique|ordinaire|extraordinaire|pleniere){GAP}){{0,2}}"
    rf"(?:{spaced('du')}{GAP}{_COUNCIL}{GAP}|de{GAP}{_COUNCIL}{GAP})?(?:en{GAP}date{GAP})?(?:{spaced('du')}|de{GAP}ce{GAP}jour|le|:)(?![a-z])"
)
_OF_COUNCIL: Final = re.compile(
    rf"{_COUNCIL}{GAP}(?:,{GAP})?(?:{spaced('du')}|en{GAP}date{GAP}du|le|-|:)?(?={GAP}[a-z]{{0,9}}{GAP}\d)"
)
_DATED: Final = re.compile(
    rf"(?:fait{GAP}(?:et{GAP}delibere{GAP})?(?:a|en){GAP}[^\n,]{{1,50}},?{GAP}(?:en{GAP}mairie,?{GAP})?les?(?:{GAP}jour)?(?![a-z])|arrete{GAP}du|en{GAP}date{GAP}du|decision{GAP}du|signe{GAP}le)"
)
_VISA: Final = re.compile(r"(?:^|\n)[ ]*(?:vu|considerant)(?![a-z])(?:(?!\n[ ]*\n)[^;])*$")
"""Before a date of what an act cites: « Vu l'avis du conseil de développement, en date du 2 février 2023 ; »."""
_PLACED: Final = re.compile(r"\n[ ]*[a-z][a-z' -]{2,40},[ ]?le(?=[ ]{1,3}\d)")
"""« Nîmes, le 7 juillet 2022 », on a line of its own above a signature."""
_NUMBERED: Final = re.compile(
    rf"(?:^|\n)[ ]*(?:arrete|decision|deliberation)(?:[ ][a-z]{{3,14}})?{GAP}n(?:°|o|umero)?\.?{GAP}[^\s]{{1,30}}{GAP}(?:du|en{GAP}date{GAP}du)(?={GAP}\d)"
)
"""The heading of an act that says its number and its day: « Arrêté n° 70-2023-03-23-00010 du 23 mars 2023 »."""
_DATE_LABEL: Final = re.compile(
    rf"(?:^|\n)[ ]*(?:date{GAP}(?:de{GAP}(?:la{GAP})?(?:seance|reunion|deliberation|decision))|date{GAP}du{GAP}conseil){GAP}:?"
)
_PREVIOUS: Final = re.compile(
    r"(?:approbation|approuver|precedent|derniere|adopter|adoption|lecture|observation)[^.]*$"
)
_APPROVED: Final = re.compile(
    r"[^.\n]{0,30}?[ ,\n](?:(?:est|a ete|ete)[ \n](?:adopte|approuve)|adoptee?(?![a-z])|approuve a|n'appelle|ne fait)"
)
"""After the date of minutes that are approved."""
_WEEKDAY: Final = re.compile(r"(?<![a-z])(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)(?=[ ]{1,2}\d)")
_TOP: Final = 400
"""Letters of a heading that may give no more than the day."""
_TO_COME: Final = re.compile(r"(?:prochain|aura lieu|se tiendra|est fixe)")
_CONVENED: Final = re.compile(
    rf"(?:dates?{GAP}(?:de{GAP}(?:la{GAP})?)?{spaced('convocation')}s?|{spaced('convocation')}s?{GAP}(?:reguliere{GAP})?(?:(?:en{GAP}date{GAP})?du|le|adressee{GAP}le|envoyee{GAP}le|:)|"
    rf"convoque(?:\(?e?s?\)?)?(?:{GAP}par{GAP}[^\n]{{1,40}})?{GAP},?{GAP}(?:en{GAP}date{GAP}du|le))"
)
_PRESIDENT: Final = re.compile(
    rf"(?:sous{GAP}la{GAP}presidence{GAP}(?:de{GAP}|d'|du{GAP}(?:maire,?{GAP})?)|president(?:e)?{GAP}de{GAP}(?:la{GAP})?seance{GAP}:{GAP}|presidence{GAP}:{GAP})"
)
_SECRETARY: Final = re.compile(
    rf"(?<![a-z])(?:{spaced('secretaire')}s?|secretariat)(?:{GAP}de{GAP}(?:la{GAP})?(?:{spaced('seance')}|reunion))?{GAP}[:=-]"
)
_ELECTED_SECRETARY: Final = re.compile(
    rf",?{GAP}(?:(?:ayant{GAP})?(?:a|est|avait){GAP}(?:ete{GAP})?)?(?:designe|nomme|elu|choisi|desinge)e?s?{GAP}(?:a{GAP}l'unanimite{GAP})?(?:(?:pour{GAP}remplir{GAP}les{GAP}fonctions{GAP}de|en{GAP}qualite{GAP}de|comme|pour{GAP}etre|aux{GAP}fonctions{GAP}de|en{GAP}tant{GAP}que){GAP})?(?:la{GAP}|le{GAP})?secretaire"
)
_ACCEPTED_SECRETARY: Final = re.compile(
    rf"(?:(?:designe|nomme|elit|elu)e?s?{GAP}(?:comme{GAP})?secretaire(?:{GAP}de{GAP}seance)?|fonctions{GAP}de{GAP}secretaire(?:{GAP}de{GAP}seance)?{GAP}(?:a|par)){GAP}:?{GAP}"
)


_CANDIDATE: Final = re.compile(rf"(?:candidature{GAP}de|propose|designe|nomme){GAP}(?=[a-z])")
_AS_SECRETARY: Final = re.compile(rf"{GAP},?{GAP}(?:en{GAP}qualite{GAP}de|comme|en{GAP}tant{GAP}que){GAP}secretaire")
"""« propose la candidature de Mme X en qualité de secrétaire »: the person stands between."""


def _reading(read: DateRead, confidence: float, today: date) -> Reading:
    if read.doubt:
        confidence -= 0.3
    if read.day > today:
        confidence -= 0.35
    return Reading("date", read.day.isoformat(), round(max(confidence, 0.1), 2), read.start, read.end)


def sitting_date(source: Source) -> Iterator[Reading]:
    """« L'an deux mille vingt-quatre, le … », « séance du … », « conseil municipal du … »; dates of minutes approved apart."""
    text = source.text
    for hit in text.find(_YEAR_FIRST, 0, text.head):
        dates = dates_in(text.flat, hit.start(), min(hit.start() + 160, len(text.flat)))
        if dates and dates[0].start == hit.start():
            yield _reading(dates[0], 0.97 if hit.start() < _FIRST_LINES * 3 else LIKELY, source.today)
    for pattern, sure in ((_SITTING, SURE), (_OF_COUNCIL, 0.93), (_DATE_LABEL, SURE)):
        for hit in text.find(pattern, 0, text.head):
            read = date_at(text.flat, hit.end(), within=14)
            if read is None:
                continue
            before, after = text.flat[max(0, hit.start() - 70) : hit.start()], text.flat[read.end : read.end + 90]
            early = hit.start() < _FIRST_LINES
            if _TO_COME.search(before + " " + after) or _PREVIOUS.search(before) or _APPROVED.match(after):
                yield _reading(read, 0.2, source.today)
                continue
            yield _reading(read, sure if early else GUESS, source.today)


def day_of_heading(source: Source) -> Iterator[Reading]:
    """« Vendredi 29 janvier 2021, 18 h 30 » at the top of what says its day in no other way."""
    if source.value("date", GUESS):
        return
    text = source.text
    for hit in text.find(_WEEKDAY, 0, _TOP):
        read = date_at(text.flat, hit.end(), within=3)
        before = text.flat[max(0, hit.start() - 70) : hit.start()]
        if read and not _PREVIOUS.search(before) and not re.search(r"convocation|affich", before):
            yield _reading(read, 0.7, source.today)
            return


def signature_date(source: Source) -> Iterator[Reading]:
    """« Fait à …, le … »: the date of orders and decisions, a doubtful one of deliberations."""
    text, alone = source.text, source.value("body") == "executive"
    for hit in text.find(_NUMBERED, 0, _FIRST_LINES):
        read = date_at(text.flat, hit.end(), within=3)
        if read:  # what it cites comes after its own heading
            yield _reading(read, 0.93 if alone else LIKELY, source.today)
            break
    for hit in list(text.find(_PLACED))[-1:] if alone else ():
        read = date_at(text.flat, hit.end(), within=3)
        if read:
            yield _reading(read, LIKELY, source.today)
    hits = [
        hit
        for hit in text.find(_DATED)
        if hit[0].startswith(("fait", "signe")) or not _VISA.search(text.flat, max(0, hit.start() - 600), hit.start())
    ]
    for hit in hits[:1] + hits[-1:]:
        read = date_at(text.flat, hit.end(), within=6)
        if read:
            yield _reading(
                read, 0.93 if alone and hit[0].startswith(("fait", "signe")) else GUESS if alone else WEAK, source.today
            )


def date_of_name(source: Source) -> Iterator[Reading]:
    """A date in the name of the file: weak, names are wrong."""
    name = re.sub(r"[_ ]+", "-", flatten(source.file_name))
    for read in dates_in(name.replace("-", " ")) or dates_in(name):
        yield replace(_reading(read, WEAK, source.today), start=0, end=0)
    for hit in re.finditer(r"(?<!\d)(20\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?!\d)", source.file_name):
        try:
            day = date(int(hit[1]), int(hit[2]), int(hit[3]))
        except ValueError:
            continue
        yield Reading("date", day.isoformat(), WEAK)


def agreeing_dates(readings: list[Reading]) -> list[Reading]:
    """Dates that several places say are surer; when two sure ones differ, neither is."""
    votes = Counter(
        reading.value for reading in {(r.value, r.start): r for r in readings if r.confidence >= WEAK}.values()
    )
    sure = {reading.value for reading in readings if reading.confidence >= LIKELY}
    weighed = []
    for reading in readings:
        confidence = reading.confidence
        if len(sure) > 1 and reading.value in sure:
            confidence = min(confidence, 0.88 if votes[reading.value] == max(votes.values()) else 0.7)
        elif votes[reading.value] > 1 and confidence >= GUESS:
            confidence = min(0.99, confidence + 0.02 * votes[reading.value])
        weighed.append(replace(reading, confidence=round(confidence, 2)))
    return weighed


def convened_on(source: Source) -> Iterator[Reading]:
    """The date of the convocation: not after the sitting, and not long before."""
    text = source.text
    sitting = date.fromisoformat(source.value("date")) if source.value("date") else None
    for hit in text.find(_CONVENED, 0, text.head):
        read = date_at(text.flat, hit.end(), within=25)
        if read is None and sitting:
            read = yearless_date_at(text.flat, hit.end(), 25, sitting)
        if read is None:
            continue
        sure = SURE
        if sitting and not sitting - _LONGEST_NOTICE <= read.day < sitting:
            sure = WEAK
        yield Reading("convened_on", read.day.isoformat(), sure - 0.3 * read.doubt, read.start, read.end)


def president(source: Source) -> Iterator[Reading]:
    """« sous la présidence de … »."""
    for hit in source.text.find(_PRESIDENT, 0, source.text.head):
        person = person_at(source.text.raw, hit.end())
        if person:
            yield Reading("president", person[0], SURE if len(person[0].split()) > 1 else LIKELY, person[1], person[2])


def secretary(source: Source) -> Iterator[Reading]:
    """« Secrétaire de séance : … », « … est désignée secrétaire »."""
    text = source.text
    for pattern, sure in ((_SECRETARY, SURE), (_ACCEPTED_SECRETARY, LIKELY)):
        for hit in text.find(pattern, 0, text.head * 2):
            person = person_at(text.raw, hit.end())
            if person:
                yield Reading("secretary", person[0], sure, person[1], person[2])
    for hit in text.find(_CANDIDATE, 0, text.head * 2):
        person = person_at(text.raw, hit.end(), within=2)
        if person and _AS_SECRETARY.match(text.flat, person[2]):
            yield Reading("secretary", person[0], LIKELY, person[1], person[2])
    for hit in text.find(_ELECTED_SECRETARY, 0, text.head * 2):
        person = person_before(text.raw, hit.start())
        if person:
            yield Reading("secretary", person[0], SURE, person[1], person[2])
