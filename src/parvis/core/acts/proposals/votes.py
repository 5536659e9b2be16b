"""How it was voted: for, against, abstentions, unanimity, and what came of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from parvis.core.acts.flat_text import GAP, FlatText, spaced
from parvis.core.acts.numbers_in_letters import ALL_IN_LETTERS, read_number
from parvis.core.acts.proposals.people import names_in
from parvis.core.acts.proposals.rules import GUESS, LIKELY, SURE, WEAK, Reading, Source

_MOST_VOTES: Final = 400
_MOST_RESULTS: Final = 1_200
"""Results of votes that are looked at in one document, and thrice as many as its decisions."""
_NEAR: Final = 160
"""Letters between two results of a same vote, names of voters apart."""

_NUMBER: Final = rf"(?:\d{{1,3}}|{ALL_IN_LETTERS}|zero|aucune?|neant)"
_CHOICE: Final = r"(?:(?P<votes_for>pour|favorables?)|(?P<votes_against>contre|defavorables?|oppositions?)|(?P<abstentions>abs?t?s?entions?|abstenus?|s'abst(?:ient|iennent|enant)|abst\.?))(?![a-z])"
_WORDS: Final = r"(?:voix|votes?|suffrages?|bulletins?|conseillers?(?: municipaux)?|membres?|elus?|votants?)"
_NUMBER_FIRST: Final = re.compile(
    rf"(?<![\w/.,°-])(?P<number>{_NUMBER}){GAP}(?:\({GAP}{_NUMBER}{GAP}\){GAP})?(?P<words>{_WORDS}{GAP})?(?:ont{GAP}vote{GAP}|votent{GAP}|vote{GAP}|s'etant{GAP}|se{GAP}sont{GAP}|s'est{GAP})?[\"'(]?{GAP}{_CHOICE}(?P<colon>[\"')]?{GAP}[:=](?={GAP}(?:\d|/|zero|aucun|neant|-[ ]{{0,3}}\n)))?"
)
_CHOICE_FIRST: Final = re.compile(
    rf"(?<![a-z])(?:(?P<words>(?:nombre{GAP}de{GAP})?{_WORDS}(?:{GAP}exprimes)?(?:{GAP}a)?{GAP}|ont{GAP}vote{GAP}|se{GAP}sont{GAP}|votes?{GAP}:{GAP}))?[\"'(]?{_CHOICE}[\"')]?{GAP}(?P<colon>[:=]|\.{{3,20}})?(?:-(?={GAP}\d))?{GAP}(?P<number>{_NUMBER}|/|(?<=[ :])-(?=[ ]{{0,3}}(?:\n|$))|0)(?![\w/%€°]|[.,]\d|[ ](?:€|euros?|%|ans?|mois|jours|heures|h\b|m2|ha\b|000))"
)
_CHOICE_NAMES: Final = re.compile(
    rf"(?<![a-z])(?:votes?{GAP}|voix{GAP}|ont{GAP}vote{GAP}|se{GAP}sont{GAP})?{_CHOICE}(?:{GAP}\(s\))?{GAP}:{GAP}(?=(?:m\.|mme|mmes|mm|monsieur|madame|messieurs|mesdames|mr)[ .])"
)
_FOR_AGAINST: Final = re.compile(
    rf"(?<![\w/.,])(?P<for>{_NUMBER}){GAP}voix{GAP}contre{GAP}(?P<against>{_NUMBER})(?!{GAP}(?:voix|votes?|abst|pour|contre))"
)

_UNANIMOUS: Final = re.compile(
    rf"(?<![a-z])(?:(?:a|par|{spaced('vote')}{GAP}:?|pour{GAP}a)?{GAP}l?'?{GAP}?{spaced('unanimite')}|unanimement|a{GAP}l'unanime|l'ensemble{GAP}des{GAP}(?:membres|conseillers){GAP}(?:presents{GAP})?(?:vote|approuve))"
)
_ALMOST: Final = re.compile(
    rf"{GAP}(?:des{GAP}[a-z ]{{3,40}}{GAP})?(?:moins|sauf|-){GAP}(?:[a-z]{{1,6}}{GAP})?(?:\d|une|un|deux|trois|abst|m\.|mme|contre)"
)
_NOT_UNANIMOUS: Final = re.compile(
    rf"(?:a{GAP}la{GAP}|{GAP}){spaced('majorite')}(?:{GAP}(?:absolue|des{GAP}(?:votants|voix|suffrages|membres|presents)))?"
)
_OF_MINUTES: Final = re.compile(
    r"(?:proces[ -]{0,2}verba(?:l|ux)|comptes?[ -]{0,2}rendus?|(?<![a-z])p\.?v(?![a-z])|(?<![a-z])cr(?![a-z]))[^.]{0,160}$"
)
_SECRETARY: Final = re.compile(r"secretaire[^.]{0,80}$")

_OUTCOMES: Final = (
    (
        "withdrawn",
        re.compile(
            rf"(?:est{GAP}|sont{GAP}|a{GAP}ete{GAP}|,{GAP})?retiree?s?{GAP}(?:de{GAP}(?:l'ordre{GAP}du{GAP}jour|la{GAP}seance)|du{GAP}vote)|retrait{GAP}de{GAP}(?:ce{GAP}point|la{GAP}deliberation|cette{GAP}question)(?:{GAP}de{GAP}l'ordre)"
        ),
        LIKELY,
    ),
    (
        "postponed",
        re.compile(
            rf"(?<![a-z])ajournee?s?(?![a-z])|(?:reportee?s?|renvoyee?s?|remise?){GAP}a{GAP}(?:une?|la){GAP}(?:prochaine|autre|seance|date|reunion|conseil|session)|report(?:e|er|ent){GAP}(?:ce{GAP}point|la{GAP}decision)|sursis{GAP}a{GAP}(?:statuer|deliberer)|report{GAP}de{GAP}(?:ce{GAP}point|la{GAP}deliberation|cette{GAP}question)"
        ),
        LIKELY,
    ),
    (
        "rejected",
        re.compile(
            rf"(?:est|a{GAP}ete){GAP}(?:rejetee?|refusee?|repoussee?)(?![a-z])|n'est{GAP}pas{GAP}(?:adoptee?|approuvee?|acceptee?)|(?<![a-z])rejetee?s?(?![a-z])|(?<=[\n,: -]){spaced('rejette')}(?![a-z])|refuse{GAP}(?:la|cette|de{GAP}donner)"
        ),
        0.8,
    ),
    (
        "noted",
        re.compile(rf"(?:{spaced('prend')}|prennent|{spaced('donne')}|a{GAP}pris|pris){GAP}{spaced('acte')}(?![a-z])"),
        LIKELY,
    ),
    (
        "adopted",
        re.compile(
            rf"(?:est|sont|a{GAP}ete){GAP}(?:adoptee?s?|approuvee?s?|acceptee?s?|votee?s?)(?![a-z])|(?<![a-z])adoptee?s?(?:{GAP}(?:a|par))(?![a-z])|adoption{GAP}a"
        ),
        LIKELY,
    ),
    (
        "adopted",
        re.compile(
            rf"(?<![a-z])(?:{spaced('approuve')}|{spaced('decide')}|{spaced('autorise')}|{spaced('adopte')}|{spaced('accepte')}|{spaced('valide')}|{spaced('fixe')}|{spaced('designe')}|{spaced('vote')}|{spaced('emet')})(?:nt)?(?![a-z])"
        ),
        0.72,
    ),
)


@dataclass(frozen=True, slots=True)
class Result:
    """How many voted so, and where it is printed."""

    choice: str
    number: int
    start: int
    end: int
    colon: bool = False
    words: bool = False
    figures: bool = True


@dataclass(frozen=True, slots=True)
class Voting:
    """All that one vote says; ``sure`` is how surely it was read."""

    results: tuple[Result, ...]
    sure: float

    @property
    def start(self) -> int:
        """Where it begins."""
        return min(result.start for result in self.results)

    @property
    def end(self) -> int:
        """Where it ends."""
        return max(result.end for result in self.results)

    def number(self, choice: str) -> int | None:
        """How many voted so; None when it is not said."""
        return next((result.number for result in self.results if result.choice == choice), None)


def _value(letters: str) -> int | None:
    if letters.isdigit():
        return int(letters)
    if letters in ("/", "-", "zero", "aucun", "aucune", "neant"):
        return 0
    number = read_number(letters)
    return number[0] if number and number[1] == len(letters) else None


def _results(text: FlatText, pattern: re.Pattern[str], start: int, end: int) -> list[Result]:
    results: list[Result] = []
    for hit in text.find(pattern, start, end):
        if len(results) == _MOST_RESULTS:
            break
        value = _value(hit["number"])
        choice = next(name for name in ("votes_for", "votes_against", "abstentions") if hit[name])
        if value is not None and value <= _MOST_VOTES:
            words = bool(hit["words"]) or choice == "abstentions"
            figures = hit["number"].isdigit()
            results.append(Result(choice, value, hit.start(), hit.end(), bool(hit["colon"]), words, figures))
    return results


_NEXT_ITEM: Final = re.compile(r"\n[ ]{0,6}(?:\d{1,2}[ ]?[/.)][ ]?(?=[a-z])|objet|del)")
_AFTER_FIGURES: Final = re.compile(rf"{GAP}(?:[.,;:()|\"'-]|$|voix|votes?|contre|pour|abs)|[ ]*\n")


def _clusters(text: FlatText, results: list[Result]) -> list[list[Result]]:
    """Results of a same vote: near each other, each choice once, no heading between."""
    clusters: list[list[Result]] = []
    for result in sorted(results, key=lambda item: item.start):
        end = clusters[-1][-1].end if clusters else 0
        near = (
            clusters and result.start - end <= _NEAR and not _NEXT_ITEM.search(text.flat, end, max(end, result.start))
        )
        if near and result.choice not in {item.choice for item in clusters[-1]}:
            clusters[-1].append(result)
        elif not near or result.start >= clusters[-1][-1].end:
            clusters.append([result])
    return clusters


def votings(text: FlatText, start: int, end: int) -> list[Voting]:
    """All votes counted between two places, in their order.

    « 12 voix pour, 3 contre » and « Pour : 12 Contre : 3 » hold the same words in two orders: that of the first of them is that
    of the vote.
    """
    explicit = []
    for hit in islice(text.find(_FOR_AGAINST, start, end), _MOST_RESULTS):
        in_favour, against = _value(hit["for"]), _value(hit["against"])
        if in_favour is not None and against is not None:
            explicit.append(Result("votes_for", in_favour, hit.start(), hit.end("for"), words=True))
            explicit.append(Result("votes_against", against, hit.start("against"), hit.end(), words=True))
    number_first = [item for item in _results(text, _NUMBER_FIRST, start, end) if not item.colon]
    number_first += _bare_votes(text, number_first)
    choice_first = _results(text, _CHOICE_FIRST, start, end)
    choice_first = [
        item
        for item in choice_first
        if item.colon or (item.figures and _AFTER_FIGURES.match(text.flat, item.end))  # « pour 2 parcelles »
    ]
    colons = [item for item in choice_first if item.colon]
    number_first = [item for item in number_first if not any(_overlap(item, other) for other in (*colons, *explicit))]
    bare = [
        item
        for item in choice_first
        if not item.colon and not any(_overlap(item, other) for other in (*number_first, *explicit))
    ]
    # « Pour 12 Contre 3 »: what begins by a choice is in that order.
    rows = [
        cluster for cluster in _clusters(text, [item for item in choice_first if not item.colon]) if len(cluster) > 1
    ]
    for row in rows:
        inside = [item for item in number_first if any(_overlap(item, other) for other in row)]
        if (
            inside
            and row[0].start < inside[0].start
            and not any(item.words and item.choice != "abstentions" for item in inside)
        ):
            number_first = [item for item in number_first if item not in inside]
            bare += [item for item in row if item not in bare]
    votes = []
    for cluster in _clusters(text, [*explicit, *colons, *number_first, *bare]):
        several = len({item.choice for item in cluster}) > 1
        plain = several or any(item.words or (item.colon and item.choice != "votes_for") for item in cluster)
        if plain or (cluster[0].colon and cluster[0].number > 0 and _alone(text, cluster[0])):
            if not several and not any(item in explicit or item in number_first or item.colon for item in cluster):
                continue
            votes.append(Voting(tuple(cluster), SURE if several else LIKELY))
    return votes


_AND_VOTES: Final = re.compile(
    rf"{GAP}[\"']?(?:{GAP}\([^()]{{0,120}}\))?{GAP},?{GAP}et{GAP}(?P<number>{_NUMBER}){GAP}voix(?!{GAP}[\"']?(?:pour|contre|abst))"
)


def _bare_votes(text: FlatText, results: list[Result]) -> list[Result]:
    """« par 1 abstention et 11 voix »: those of the end are for."""
    votes = []
    for item in results:
        hit = _AND_VOTES.match(text.flat, item.end) if item.choice != "votes_for" else None
        value = _value(hit["number"]) if hit else None
        if hit and value is not None:
            votes.append(Result("votes_for", value, item.start, hit.end(), words=True))
    return votes


def _alone(text: FlatText, result: Result) -> bool:
    """« Pour : 11 » on its own line."""
    start, end = text.line_of(result.start)
    return end - start < result.end - result.start + 20


def _overlap(item: Result, other: Result) -> bool:
    return item.start < other.end and other.start < item.end


def _named_abstentions(text: FlatText, start: int, end: int) -> Iterator[Reading]:
    """« Abstentions : M. X, Mme Y »: they are counted."""
    for hit in islice(text.find(_CHOICE_NAMES, start, end), _MOST_RESULTS):
        choice = next(name for name in ("votes_for", "votes_against", "abstentions") if hit[name])
        stop = re.compile(r"\n[ ]*\n|[.;](?:[ \n]|$)|(?<![a-z])(?:contre|pour|abstention)").search(
            text.flat, hit.end(), min(end, hit.end() + 400)
        )
        until = stop.start() if stop else min(end, text.line_of(hit.end())[1])
        persons = names_in(text.raw[hit.end() : until])
        if persons:
            yield Reading(choice, len(persons), GUESS, hit.start(), until)


def unanimities(text: FlatText, start: int, end: int) -> list[tuple[int, int, bool]]:
    """Where unanimity is said, and whether it is whole; that of minutes approved or of a secretary apart."""
    places = []
    for hit in text.find(_UNANIMOUS, start, end):
        before = text.flat[max(start, hit.start() - 200) : hit.start()]
        if _OF_MINUTES.search(before) or _SECRETARY.search(before):
            continue
        places.append((hit.start(), hit.end(), _ALMOST.match(text.flat, hit.end()) is None))
    return places


def vote_readings(text: FlatText, start: int, end: int, voters: int | None, sure_voters: float) -> Iterator[Reading]:
    """All that is read of the vote between two places; ``voters`` are those present and represented, for unanimity."""
    votes = votings(text, start, end)
    whole = unanimities(text, start, end)
    last = votes[-1] if votes else None
    alone = 1.0 if len(votes) <= 1 else 0.8
    if last and voters is not None and sum(result.number for result in last.results) > voters:
        alone = 0.6  # more than there were: a poll, or another sitting
    if last:
        for result in last.results:
            yield Reading(result.choice, result.number, round(last.sure * alone, 2), last.start, last.end)
        in_favour, against, abstained = (last.number(name) for name in ("votes_for", "votes_against", "abstentions"))
        if against and in_favour is not None:
            yield Reading("unanimous", False, LIKELY, last.start, last.end)
            yield Reading(
                "outcome", "adopted" if in_favour > against else "rejected", LIKELY * alone, last.start, last.end
            )
        if in_favour and against == 0 and abstained == 0 and not whole:
            yield Reading("unanimous", True, LIKELY, last.start, last.end)
        if in_favour and not against:
            yield Reading("outcome", "adopted", LIKELY * alone, last.start, last.end)
    yield from _named_abstentions(text, start, end)
    if whole:
        yield from _unanimous(text, whole[-1], last, voters, sure_voters)
    elif not (last and last.number("votes_against")):
        majority = next(text.find(_NOT_UNANIMOUS, start, end), None)
        if majority and majority[0].startswith("a"):
            yield Reading("unanimous", False, GUESS, majority.start(), majority.end())
    yield from outcome_readings(text, start, end)


def _unanimous(
    text: FlatText, place: tuple[int, int, bool], last: Voting | None, voters: int | None, sure_voters: float
) -> Iterator[Reading]:
    start, end, whole = place
    if whole and last and (last.number("votes_against") or last.number("abstentions")):
        # Of those who took sides, or of another question.
        yield Reading("unanimous", True, WEAK if last.number("votes_against") else GUESS, start, end)
        return
    yield Reading("unanimous", whole, SURE if whole else LIKELY, start, end)
    if whole:
        noted = _NOTED.match(text.flat, end)
        yield Reading("outcome", "noted" if noted else "adopted", 0.92, start, noted.end() if noted else end)
    if not whole or last or voters is None:
        return
    # « des membres présents et représentés »: all of them voted for.
    yield Reading("votes_for", voters, min(LIKELY, sure_voters), start, end)
    yield Reading("votes_against", 0, min(0.9, max(sure_voters, GUESS)), start, end)
    yield Reading("abstentions", 0, min(LIKELY, max(sure_voters, GUESS)), start, end)


def outcome_readings(text: FlatText, start: int, end: int) -> Iterator[Reading]:
    """What came of it, by its verb; the last said wins."""
    for outcome, pattern, sure in _OUTCOMES:
        last = None
        for hit in text.find(pattern, start, end):
            before = text.flat[max(start, hit.start() - 160) : hit.start()]
            if not _OF_MINUTES.search(before):
                last = hit
        if last:
            yield Reading("outcome", outcome, sure, last.start(), last.end())


_DECIDES: Final = re.compile(
    rf"(?:conseil{GAP}(?:municipal|communautaire|d'administration|syndical|departemental|regional)|comite|bureau|assemblee)[^.;]{{0,200}}?(?<![a-z])(?:decide|approuve|accepte|autorise|adopte|emet|designe|fixe|valide|vote|donne{GAP}(?:son{GAP})?(?:accord|avis|pouvoir))(?![a-z])"
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place where something is decided; ``vote`` when it tells how it was voted."""

    start: int
    end: int
    vote: bool


def anchors(text: FlatText) -> list[Anchor]:
    """Votes counted, unanimity, what is rejected, postponed, withdrawn, noted; « le conseil décide »."""
    end = len(text.flat)
    places = [Anchor(vote.start, vote.end, True) for vote in votings(text, 0, end)]
    places += [Anchor(start, stop, True) for start, stop, _whole in unanimities(text, 0, end)]
    for outcome, pattern, _sure in _OUTCOMES:
        if outcome != "adopted":
            places += [Anchor(*hit.span(), False) for hit in text.find(pattern)]
    for hit in text.find(_DECIDES):
        if not _OF_MINUTES.search(text.flat[max(0, hit.start() - 160) : hit.end()]):
            places.append(Anchor(*hit.span(), False))
    apart: list[Anchor] = []
    for place in sorted(places, key=lambda anchor: (anchor.start, not anchor.vote)):
        if not apart or place.start >= apart[-1].end:
            apart.append(place)
        elif place.vote and not apart[-1].vote:
            apart[-1] = Anchor(apart[-1].start, max(place.end, apart[-1].end), True)
    return apart


_NOTED: Final = re.compile(rf"[^.;]{{0,80}}?(?:{spaced('prend')}|prennent){GAP}{spaced('acte')}(?![a-z])")
_BODY: Final = re.compile(
    rf"apres{GAP}(?:en{GAP})?avoir{GAP}(?:[a-z]{{1,10}}{GAP}){{0,3}}delibere|(?<![a-z])(?:decide|delibere){GAP}[:,]|mis(?:e)?{GAP}aux{GAP}voix|passe{GAP}au{GAP}vote|(?<![a-z])votes?{GAP}:"
)


def votes(source: Source) -> Iterator[Reading]:
    """The vote of an act that decides of one thing; minutes are read item by item."""
    if source.value("kind") in ("minutes", "list", "agenda", "verbatim", "order", "agreement"):
        return
    text = source.text
    body = next(text.find(_BODY), None)
    start = max(0, body.start() - 400) if body else 0
    voters = source.value("voters", GUESS)
    sure = source.confidence("voters")
    yield from vote_readings(text, start, len(text.flat), voters, sure)
