"""Stamps of @ctes and mentions of transmission: identifier and what follows of it, dates sent, received, posted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from stdnum import luhn

from parvis.core.acts.dates import DateRead, date_at, dates_in
from parvis.core.acts.flat_text import GAP, FlatText
from parvis.core.acts.proposals.rules import GUESS, LIKELY, SURE, WEAK, Reading, Source
from parvis.core.acts.transmission import Transmission, read_identifier

_DIGIT: Final = r"[\doilsb]"
_IDENTIFIER: Final = re.compile(
    rf"(?<![\w-])(?P<department>{_DIGIT}{{2}}[\doilsab])[ ]?-[ ]?(?P<siren>{_DIGIT}{{9}})[ ]?-[ ]?\n?(?P<day>[2z]{_DIGIT}{{7}})[ ]?-[ ]?\n?(?P<number>[a-z0-9_./-]{{1,40}}?)[ ]?-[ ]?\n?(?P<nature>de|ar|ai|cc|bf|au)(?![a-z0-9])"
)
_REPAIRED: Final = str.maketrans("OILSBZ", "011582")

_PREFECTURE: Final = rf"(?:en{GAP}|a{GAP}la{GAP}|au{GAP}|du{GAP}|de{GAP}(?:la{GAP})?)?(?:sous-?{GAP}?)?(?:prefecture|representant{GAP}de{GAP}l'etat|controle{GAP}de{GAP}legalite)(?:{GAP}(?:de{GAP}|d')[a-z' -]{{2,30}}?)?"
_STAMPS: Final = (
    (
        "sent_on",
        re.compile(
            rf"(?:envoyee?|transmise?|depose(?:e)?|teletransmise?|envoi|transmission|depot|teletransmission){GAP}{_PREFECTURE}{GAP}(?:,{GAP})?(?:le|:|en{GAP}date{GAP}du){GAP}:?"
        ),
        SURE,
    ),
    ("sent_on", re.compile(rf"date{GAP}de{GAP}(?:tele)?transmission(?:{GAP}{_PREFECTURE})?{GAP}(?:le)?{GAP}:?"), SURE),
    (
        "sent_on",
        re.compile(rf"(?:tele)?transmise?{GAP}(?:au{GAP}prefet|electroniquement){GAP}(?:,{GAP})?le{GAP}:?"),
        LIKELY,
    ),
    (
        "received_on",
        re.compile(
            rf"(?:recue?|reception|receptionnee?){GAP}(?:{_PREFECTURE}|par{GAP}(?:le{GAP}|la{GAP}){_PREFECTURE}|par{GAP}le{GAP}prefet){GAP}(?:le|:|,{GAP}le|en{GAP}date{GAP}du)?{GAP}:?"
        ),
        SURE,
    ),
    (
        "received_on",
        re.compile(rf"date{GAP}de{GAP}(?:reception|receptionnement){GAP}(?:{_PREFECTURE}|de{GAP}l'ar)?{GAP}:?"),
        SURE,
    ),
    (
        "posted_on",
        re.compile(
            rf"(?:affichee?|publiee?|mise?{GAP}en{GAP}ligne|affichage|publication|notifiee?){GAP}(?:(?:et{GAP}|ou{GAP})?(?:publiee?|affichee?|mise?{GAP}en{GAP}ligne|notifiee?|publication|affichage|notification){GAP})?(?:(?:sur{GAP}le{GAP}site|a{GAP}la{GAP}porte|en{GAP}mairie|par{GAP}voie|electronique|au{GAP}siege)[^\n]{{0,50}}?)?{GAP}(?:,{GAP})?(?:le|:|du|au|en{GAP}date{GAP}du){GAP}:?"
        ),
        LIKELY,
    ),
    (
        "posted_on",
        re.compile(
            rf"date{GAP}(?:d'affichage|de{GAP}(?:la{GAP})?(?:publication|mise{GAP}en{GAP}ligne)){GAP}(?:de{GAP}la{GAP}(?:convocation|liste|deliberation))?{GAP}:?"
        ),
        LIKELY,
    ),
)
_OF_CONVOCATION: Final = re.compile(r"convocation[^.\n]{0,40}$")


def identifiers(text: FlatText) -> list[Transmission]:
    """All identifiers that a text bears, with a right key or not, in their order."""
    reads = (_identifier(text, hit)[0] for hit in text.find(_IDENTIFIER))
    return [read for read in reads if read is not None]


def identifier(source: Source) -> Iterator[Reading]:
    """The identifier, and the SIREN, date, number and nature that it says."""
    text = source.text
    for hit in list(text.find(_IDENTIFIER))[:20]:
        read, repaired = _identifier(text, hit)
        if read is None:
            continue
        sure = 0.98 if read.valid else GUESS
        if repaired:
            sure -= 0.1
        start, end = hit.span()
        yield Reading("transmission", str(read), sure, start, end)
        yield Reading("nature", read.nature, sure, *hit.span("nature"))
        yield Reading("siren", read.siren, sure if read.valid else WEAK, *hit.span("siren"))
        yield Reading("number", read.number, min(sure, LIKELY), *hit.span("number"))
        # Minutes are sent under the day of the sitting that approved them.
        doubtful = read.day > source.today or source.value("kind", GUESS) == "minutes"
        yield Reading("date", read.day.isoformat(), WEAK if doubtful else min(sure, 0.93), *hit.span("day"))


def _identifier(text: FlatText, hit: re.Match[str]) -> tuple[Transmission | None, bool]:
    """What ``hit`` says, with letters that recognition took for figures put right when there are some."""
    raw = {name: "".join(text.raw[slice(*hit.span(name))].split()).upper() for name in hit.groupdict()}
    plain = "-".join(raw.values())
    read = read_identifier(plain)
    if read:
        return read, False
    for name in ("department", "siren", "day"):
        raw[name] = raw[name].translate(_REPAIRED)
    return read_identifier("-".join(raw.values())), True


_SIREN: Final = re.compile(
    rf"(?<![a-z])(?P<label>siret|siren){GAP}(?:n[°o]{GAP})?:?{GAP}(?P<number>\d(?:[ ]?\d){{8}}(?:(?:[ ]?\d){{5}})?)(?!\d)"
)


def siren(source: Source) -> Iterator[Reading]:
    """« SIRET : 219 400 413 00015 » whose key is right."""
    for hit in list(source.text.find(_SIREN, 0, source.text.head))[:3]:
        digits = re.sub(r"\D", "", hit["number"])
        if luhn.is_valid(digits[:9]):
            yield Reading("siren", digits[:9], 0.8, *hit.span("number"))


def stamps(source: Source) -> Iterator[Reading]:
    """Dates of the stamps and of mentions: « Reçu en préfecture le … », « Affiché le … »."""
    text = source.text
    sitting = source.value("date", LIKELY)
    for field, pattern, sure in _STAMPS:
        for hit in list(text.find(pattern))[:6]:
            read = date_at(text.flat, hit.end(), within=4) or _repaired(text, hit.end())
            if read is None or _OF_CONVOCATION.search(text.flat[max(0, hit.start() - 60) : hit.start()]):
                continue
            confidence = sure - 0.3 * read.doubt
            before = sitting is not None and read.day.isoformat() < sitting
            if before or read.day > source.today:
                confidence = WEAK if field == "posted_on" else confidence - 0.35
            yield Reading(field, read.day.isoformat(), round(confidence, 2), read.start, read.end)


_NOISY: Final = re.compile(
    r"[ ]{0,3}(?P<day>[\doil|]{2})[ ]?[/1l|][ ]?(?P<month>[\doil|]{2})[ ]?[/71l|][ ]?(?P<year>[2z][\doil|]{3})(?![\d])"
)


def _repaired(text: FlatText, place: int) -> DateRead | None:
    """A date in figures with letters that recognition took for them: « O6/0l/2024 », « 06/0172024 »."""
    hit = _NOISY.match(text.flat, place)
    if hit is None:
        return None
    figures = str.maketrans("oil|z", "01112")
    plain = "/".join(hit[name].translate(figures) for name in ("day", "month", "year"))
    reads = dates_in(plain)
    return replace(reads[0], start=hit.start("day"), end=hit.end("year"), doubt=True) if reads else None
