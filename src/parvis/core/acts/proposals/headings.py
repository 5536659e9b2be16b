"""The number of an act, its object, who reported on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from parvis.core.acts.flat_text import GAP, FlatText, one_line, spaced
from parvis.core.acts.proposals.people import person_at, person_before
from parvis.core.acts.proposals.rules import GUESS, LIKELY, SURE, WEAK, Reading, Source

_MANY: Final = ("minutes", "list", "agenda", "verbatim")
_SIGN: Final = r"(?<![a-z])(?:n(?:[°*]|o(?=[. :]{0,2}\d))(?:s|[ ]?:)?|numero|num\.?|ref(?:erence)?\.?[ ]{0,2}:)"
_NUMBER: Final = r"(?P<number>(?:[a-z]{2,6}[-_/]){0,2}[a-z]{0,6}[ ]?[-_.]?(?:\d{1,4}|[a-z]{1,3}\d{1,4})(?:[ ]?[-_/.][ ]?[a-z0-9]{1,6}){0,4})(?![\w/])"
_NUMBERS: Final = (
    (
        re.compile(
            rf"(?:{spaced('deliberation')}|{spaced('arrete')}|{spaced('decision')})(?:{GAP}(?:municipale?|du{GAP}(?:conseil{GAP}municipal|maire|president|bureau)|communautaire|permanent|temporaire|prefectoral))?{GAP}:?{GAP}{_SIGN}{GAP}:?{GAP}{_NUMBER}"
        ),
        SURE,
    ),
    (
        re.compile(
            rf"(?:^|\n)[ ]{{0,4}}(?:numero|{_SIGN}){GAP}(?:de{GAP}(?:la{GAP}deliberation|l'acte|l'arrete){GAP})?:?{GAP}{_NUMBER}"
        ),
        LIKELY,
    ),
    (
        re.compile(
            r"(?:^|\n)[ ]{0,4}(?P<number>(?:del(?:ib)?|d|dm|dec|dcm|cm|ar|arr)[-_ .]{0,2}\d{1,4}(?:[-_/.]\d{1,6}){1,3})(?![\w/])"
        ),
        0.88,
    ),
    (
        re.compile(
            r"(?:^|\n)[ ]{0,4}(?P<number>(?:20\d\d[-_/.]\d{1,4}|\d{1,4}[-_/]20\d\d)(?:[-_/.]\d{1,4})?)[ ]{0,4}(?=\n|:|-|objet)"
        ),
        0.8,
    ),
    (re.compile(rf"{_SIGN}{GAP}{_NUMBER}"), GUESS),
)
_OTHER_ACT: Final = re.compile(
    r"(?:vu|par|loi|decret|ordonnance|article|art\.|abroge|modifi[a-z]+|circulaire|parcelle[s]?|section|cadastre[es]*|lot|tel[.: ]|batiment|marche)[^.;:]{0,50}$"
)
_OF_A_DAY: Final = re.compile(rf"{GAP}(?:du|en{GAP}date{GAP}du){GAP}\d")
_LAW: Final = re.compile(r"^(?:19|20)\d\d[-_/.]\d{3,4}$")


def number(source: Source) -> Iterator[Reading]:
    """« Délibération n° 2024-12 », « DEL2024-048 », « 12/2024 » alone on its line; those of other acts apart."""
    if source.value("kind") in _MANY:
        return
    text = source.text
    for pattern, sure in _NUMBERS:
        for hit in text.find(pattern, 0, min(text.head, 4_000)):
            start, end = hit.span("number")
            before = text.flat[max(0, hit.start() - 50) : hit.start()]
            letters = one_line(text.raw[start:end])
            if not any(char.isdigit() for char in letters) or _OTHER_ACT.search(before):
                continue
            if re.fullmatch(r"[0-3]?\d[/.-][01]?\d[/.-](?:20)?\d\d", letters):
                continue  # a date
            confidence = sure if hit.start() < 1_500 else sure - 0.3  # the heading
            if sure < SURE and (_LAW.match(letters) or _OF_A_DAY.match(text.flat, end)):
                confidence = WEAK - 0.2
            yield Reading("number", letters, round(confidence, 2), start, end)


_NEXT_WORDS: Final = (
    "le la l' monsieur madame m. mme mr messieurs sur vu considerant par apres rapporteur presents? absents? etaient nombre date seance "
    "conformement dans suite il ce cette les depuis l'an compte afin expose rapport article secretaire votants? votes? pour acte conseillers? "
    "membres? nomenclature matiere domaine classification pieces? annexes? envoye recu affiche publie id accuse convocation page transmis "
    "deliberation republique departement commune canton arrondissement mairie exposes? decision"
)
_NEXT: Final = re.compile(
    rf"[ ]{{0,4}}(?:(?:{'|'.join(word.replace('.', '[.]') for word in _NEXT_WORDS.split())}|en{GAP}(?:l'absence|application))(?![a-z])"
    r"|[-_*=•]|\d{1,2}[/.)]|n°)"
)
"""What the line after an object begins by."""
_INSIDE: Final = re.compile(
    rf"(?<=[ .;])(?:(?:etaient{GAP})?presents?{GAP}:|rapporteur{GAP}:|absents?{GAP}:|votants?{GAP}:|membres{GAP}en{GAP}exercice|secretaire{GAP}de{GAP}seance|date{GAP}de{GAP}(?:la{GAP})?convocation|nombre{GAP}de{GAP}(?:conseillers|membres)|le{GAP}conseil{GAP}municipal,|vu{GAP}l[ea']|l'an{GAP}deux|considerant{GAP}que)"
)
"""What ends an object on its own line, as texts without ends of lines have it."""
_OBJECT: Final = re.compile(
    rf"(?<![a-z]){spaced('objet')}(?:{GAP}de{GAP}la{GAP}(?:deliberation|decision))?[ ]{{0,3}}[:;=–-]"
)
_BARE_OBJECT: Final = re.compile(
    rf"(?:^|\n)[ ]{{0,6}}{spaced('objet')}[ ]{{1,4}}(?=[a-z])|(?:^|\n)[ ]{{0,6}}{spaced('objet')}[ ]{{0,3}}(?=\n)"
)
_BEARING: Final = re.compile(
    rf"(?:(?:{spaced('arrete')}|{spaced('decision')}|{spaced('deliberation')})[^\n]{{0,80}}?\n?[ ]{{0,3}})(?P<object>(?:{spaced('portant')}|reglementant|relatif{GAP}a|relative{GAP}a|interdisant|autorisant|instituant|prescrivant|instaurant|fixant|modifiant|abrogeant|accordant|nommant|constatant|approuvant|declarant|limitant|ordonnant|prolongeant|prorogeant|levant)(?![a-z]))"
)
_CITED: Final = re.compile(
    r"(?<![a-z])(?:(?:vu|considerant|par|selon|modifi[a-z]*|abrog[a-z]*)[^.;\n]{0,25}|(?:l|d|de l)'|dudit |cet )$"
)
"""Before an act that another cites: « Vu l'arrêté du … portant … »."""
_REPORTS: Final = re.compile(rf"(?:^|\n)[ ]{{0,6}}(?=(?:monsieur|madame|mme|m[.])[ ][^\n:]{{2,60}}?[ ]rapporte{GAP}:)")
"""« Monsieur le Maire rapporte : », which the object stands above."""
_NO_OBJECT: Final = re.compile(
    r"[ ]*(?:absente?s?|presente?s?|excusee?s?|procurations?|pouvoirs?|secretaire|membres|votants|convoque|page)(?![a-z])|.*[.:;,][ ]*$"
)
"""A line that is of no object: it is of who was there, or ends a sentence."""
_ONLY_A_NAME: Final = re.compile(
    r"[ ]*[A-ZÀ-Þ][a-zà-ÿ]+(?:-[A-ZÀ-Þ][a-zà-ÿ]+)?[ ](?:(?:DE|DI|EL|LE|LA)[ ])?[A-ZÀ-Þ'’-]{2,30}[ ]*(?:,[^\n]*)?"
)
"""« Patrick VIGNAL » on its line, below « Absents : »."""
_LONGEST: Final = 400
_MOST_LINES: Final = 6


def object_at(text: FlatText, start: int) -> tuple[str, int, int] | None:
    """The object that begins at ``start``: the rest of its paragraph, until what a next one begins by."""
    place = start
    while place < len(text.flat) and text.flat[place] in ' \n"':
        place += 1
    end, lines = place, 0
    while end < len(text.flat) and lines < _MOST_LINES and end - place < _LONGEST:
        line_end = text.line_of(end)[1]
        line = text.flat[end:line_end]
        if lines and (not line.strip() or _NEXT.match(line) or _turns(text, place, end, line_end)):
            break
        lines += 1
        stop = re.search(r"\.[ ]{0,3}$|[.] (?=[a-z]{3,} )", line)
        end = line_end + 1
        if stop:
            break
    end = min(end, place + _LONGEST)
    inside = _INSIDE.search(text.flat, place + 8, end)
    end = inside.start() if inside else end
    letters = one_line(text.raw[place:end])
    letters = re.sub(r"[ .]+$", "", letters)
    return (letters, place, min(end, len(text.raw))) if sum(map(str.isalpha, letters)) > 4 else None


def _object_above(text: FlatText, end: int) -> tuple[str, int, int] | None:
    """The lines that end at ``end``, back to what is of no object."""
    start = place = end = len(text.flat[:end].rstrip())
    for _line in range(_MOST_LINES):
        line_start, line_end = text.line_of(place)
        line = text.flat[line_start:line_end]
        if end - line_start > _LONGEST or not line.strip() or _NO_OBJECT.match(line):
            break
        if start < end and _ONLY_A_NAME.fullmatch(text.raw, line_start, line_end):
            break
        start = line_start
        if start == 0:
            break
        place = start - 1
    letters = one_line(text.raw[start:end])
    return (letters, start, end) if sum(map(str.isalpha, letters)) > 4 else None


def reported_object(text: FlatText, end: int) -> tuple[str, int, int] | None:
    """The object that stands above the first « Madame … rapporte : »; None when nobody reports so before ``end``, or below nothing."""
    hit = next(iter(text.find(_REPORTS, 0, end)), None)
    return _object_above(text, hit.start()) if hit else None


def _turns(text: FlatText, start: int, line: int, line_end: int) -> bool:
    """An object in capitals ends where small letters begin, a short line ends it too."""
    before, after = text.raw[start:line], text.raw[line:line_end]
    if before.isupper() and not after.isupper():
        return True
    previous = text.line_of(max(start, line - 1))
    return previous[1] - previous[0] < 45 and after[:1].isupper() and not before.isupper()  # it did not fill its line


def title(source: Source) -> Iterator[Reading]:
    """« Objet : … », the heading above « Madame … rapporte : », « ARRÊTÉ portant … »."""
    text = source.text
    if source.value("kind") in _MANY:
        yield from _title_of_many(source)
        return
    for pattern, sure in ((_OBJECT, SURE), (_BARE_OBJECT, LIKELY)):
        for rank, hit in enumerate(list(text.find(pattern, 0, text.head))[:3]):
            read = object_at(text, hit.end())
            if read:
                yield Reading("title", read[0], sure - 0.15 * rank, read[1], read[2])
    read = reported_object(text, text.head)
    if read:
        yield Reading("title", read[0], 0.88, read[1], read[2])
    own = [
        hit
        for hit in text.find(_BEARING, 0, text.head)
        if not _CITED.search(text.flat, max(0, hit.start() - 40), hit.start())
    ]
    for hit in own[:2]:
        read = object_at(text, hit.start("object"))
        if read:
            yield Reading("title", read[0][0].upper() + read[0][1:], LIKELY, read[1], read[2])


_HEADLINE: Final = re.compile(
    r"(?<!de )(?<!de la )(?:proces|compte[ -]rendu|liste des|repertoire|(?<![a-z])c[-.]?r(?![a-z]))"
)
_AGENDA_HEADLINE: Final = re.compile(r"ordre du jour|convocation")
_OF_A_SITTING: Final = re.compile(r"conseil|seance|reunion|bureau|commission|comite|deliberations|decisions|arretes|\d")
_FIRST_HEADLINES: Final = 20
"""Lines of a beginning in which what it is stands, those of a margin among them."""
_BEFORE_HEADLINE: Final = 12
_SHORT: Final = 40
"""Letters of a line that did not fill a column: the title goes on below."""


def _title_of_many(source: Source) -> Iterator[Reading]:
    """The line that says what it is: the first that also says of which sitting, else the first."""
    text = source.text
    whole = False
    lines, is_agenda = text.lines[:_FIRST_HEADLINES], source.value("kind") == "agenda"
    for rank, (start, first_end) in enumerate(lines):
        hit = (_AGENDA_HEADLINE if is_agenda else _HEADLINE).search(text.flat, start, first_end)
        if hit is None or hit.start() - start > _BEFORE_HEADLINE:  # a sentence
            continue
        end = first_end
        for next_start, next_end in lines[rank + 1 : rank + 4]:
            if (
                end - start >= _SHORT
                or next_start - end > 1
                or not re.match(r"[ ]*(?:du|de|des|d'|conseil|\d)", text.flat[next_start:next_end])
            ):
                break
            end = next_end
        letters = one_line(text.raw[start:end])
        if len(letters) >= 160:  # no heading
            continue
        is_whole = _OF_A_SITTING.search(text.flat, start, end) is not None
        if is_whole and not whole:
            yield Reading("title", letters, GUESS, start, end)
            whole = True
        elif not whole:
            yield Reading("title", letters, WEAK, start, end)


_RAPPORTEUR: Final = re.compile(
    rf"(?<![a-z]){spaced('rapporteur')}e?s?(?:{GAP}de{GAP}la{GAP}deliberation)?{GAP}[:;-]{{1,2}}"
)
_REPORT_OF: Final = re.compile(
    rf"sur{GAP}(?:le{GAP})?(?:rapport|proposition|l'expose|expose|presentation){GAP}(?:de|du|d'){GAP}"
)
_IS_RAPPORTEUR: Final = re.compile(rf",{GAP}(?:[a-z' -]{{3,60}},{GAP})?rapporteure?(?![a-z])")
_PRESENTS: Final = re.compile(rf"(?:\({GAP}presente{GAP}par|presentee?{GAP}par|rapporte{GAP}par){GAP}:?{GAP}")


def rapporteur(source: Source) -> Iterator[Reading]:
    """« Rapporteur : … », « Madame … rapporte : », « sur le rapport de … »."""
    text = source.text
    if source.value("kind") in _MANY:
        return
    for pattern, sure in ((_RAPPORTEUR, SURE), (_REPORTS, LIKELY), (_REPORT_OF, 0.8), (_PRESENTS, GUESS)):
        for hit in list(text.find(pattern, 0, text.head * 2))[:3]:
            person = person_at(text.raw, hit.end())
            if person:
                yield Reading("rapporteur", person[0], sure, person[1], person[2])
    for hit in list(text.find(_IS_RAPPORTEUR, 0, text.head * 2))[:2]:
        person = person_before(text.raw, hit.start())
        if person:
            yield Reading("rapporteur", person[0], GUESS, person[1], person[2])
