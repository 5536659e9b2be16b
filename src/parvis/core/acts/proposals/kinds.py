"""What a document is (deliberation, order, minutes…), of whom, and what follows of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from parvis.core.acts.flat_text import GAP, FlatText, flatten, one_line, spaced
from parvis.core.acts.proposals.rules import GUESS, LIKELY, SURE, WEAK, Reading, Source

_BEGINNING: Final = 1_500
_TITLE: Final = 400

_KINDS: Final = (
    ("list", rf"liste{GAP}des{GAP}deliberations|repertoire{GAP}(?:chronologique{GAP})?des{GAP}deliberations", SURE),
    ("verbatim", rf"compte[ -]rendu{GAP}(?:integral|analytique)|debats{GAP}integraux|verbatim", SURE),
    (
        "minutes",
        rf"{spaced('proces')}[ -]{{0,2}}{spaced('verbal')}|p\.?v\.?{GAP}(?:de la|du|de){GAP}(?:reunion|seance|conseil)",
        SURE,
    ),
    (
        "minutes",
        rf"(?:{spaced('compte')}[ -]{{0,2}}{spaced('rendu')}|(?<![a-z])c[-.]?r(?![a-z])|procte[s ]){GAP}(?:sommaire{GAP})?(?:de{GAP}(?:la{GAP})?|du{GAP}|des{GAP})?(?:{spaced('reunion')}|{spaced('seance')}|{spaced('conseil')}|bureau|deliberations)",
        SURE,
    ),
    ("minutes", rf"{spaced('compte')}[ -]{{0,2}}{spaced('rendu')}(?![a-z])", LIKELY),
    ("deliberation", rf"{spaced('extrait')}{GAP}{spaced('du')}{GAP}(?:{spaced('registre')}|{spaced('proces')})", SURE),
    ("deliberation", rf"{spaced('deliberation')}{GAP}(?:du{GAP}conseil|du{GAP}comite|du{GAP}bureau|n[°o.]|num)", SURE),
    ("deliberation", rf"{spaced('deliberation')}s?(?![a-z])", LIKELY),
    (
        "order",
        rf"(?<![a-z]){spaced('arrete')}{GAP}(?:municipal|du{GAP}maire|permanent|temporaire|prefectoral|communautaire|interprefectoral|n[°o.]|portant|de{GAP}(?:circulation|voirie|police)|reglementant|individuel|relatif)",
        SURE,
    ),
    ("order", r"(?:portant|prescrivant)(?=[^\n]{0,80}\n)", WEAK),
    (
        "decision",
        rf"(?<![a-z]){spaced('decision')}{GAP}(?:du{GAP}(?:maire|president)|municipale|n[°o.]|budgetaire)",
        LIKELY,
    ),
    (
        "agreement",
        rf"(?<![a-z])(?:{spaced('convention')}|{spaced('avenant')}|{spaced('contrat')}|protocole)(?![a-z])",
        LIKELY,
    ),
    (
        "agenda",
        rf"(?:{spaced('convocation')}(?![a-z])|{spaced('ordre')}{GAP}{spaced('du')}{GAP}{spaced('jour')})",
        LIKELY,
    ),
    (
        "budget",
        rf"{spaced('budget')}{GAP}(?:primitif|supplementaire|principal)|compte{GAP}(?:administratif|financier|de{GAP}gestion)|maquette{GAP}budgetaire",
        GUESS,
    ),
)
_PATTERNS: Final = tuple((kind, re.compile(pattern), sure) for kind, pattern, sure in _KINDS)

_DECIDES: Final = re.compile(
    rf"(?<![a-z])(?:apres{GAP}(?:en{GAP})?avoir{GAP}delibere|{spaced('decide')}(?![a-z])|delibere{GAP}(?:et|:|,))"
)
_MANY_DECISIONS: Final = 3
_DECIDED: Final = re.compile(
    rf"apres{GAP}(?:en{GAP})?avoir{GAP}(?:[a-z]{{1,10}}{GAP}){{0,2}}delibere|(?:a{GAP}l'|vote{GAP}:{GAP}(?:pour{GAP}a{GAP}l')?)unanimite|(?:\d|[a-z]{{3,8}}){GAP}(?:voix|votes?){GAP}(?:pour|contre)"
)
_ATTENDED: Final = re.compile(r"(?:etaient|sont) presents?|(?<![a-z])presents? ?:")
_STAMP: Final = re.compile(r"\d{3}-\d{9}-\d{8}-[a-z0-9_./-]{1,40}?-(?:de|ar|ai|cc|bf|au)(?![a-z])")
_AGENDA: Final = re.compile(rf"{spaced('ordre')}{GAP}{spaced('du')}{GAP}{spaced('jour')}")
_EXTRACT: Final = re.compile(rf"{spaced('extrait')}{GAP}du{GAP}(?:registre|proces)")
_ORDERS: Final = re.compile(
    rf"(?:^|\n)[ ]*{spaced('arrete')}[ntsz]{{0,2}}[ ]*:?[ ]*(?=\n)|(?<![a-z])(?:article|art\.?){GAP}(?:1er|premier|1)(?![\d])"
)
_SIGNS_ALONE: Final = re.compile(
    rf"(?<![a-z])(?:nous,?{GAP}[^\n]{{0,60}}maire|le{GAP}(?:maire|president|prefet)[^\n]{{0,60}}\n)"
)
_AGENDA_ONLY: Final = re.compile(
    rf"(?:vous{GAP}(?:prie|invite|convoque)|(?:j'ai|nous{GAP}avons){GAP}l'honneur{GAP}de{GAP}vous)"
)
_VOTED: Final = re.compile(r"unanimit|voix pour|votes? pour|(?<![a-z])adopte")

_QUOTED: Final = re.compile(
    r"(?:approbation|lecture|adoption|extrait|arret|signature|observation)[a-z]* (?:du |des |d'|de la |sur le |(?:du |de )?(?:dernier |precedent )?)$"
    r"|(?<![a-z])(?:vu|par|abroge|suivant|modifie|modifiant|en date de|suite a|conformement a|executoire) (?:la |les |le |l'|sa |un |une |cette )?$"
)
"""What comes before the name of another act than this one."""

_FILE_KINDS: Final = (
    ("list", r"liste.{0,5}delib|repertoire"),
    ("minutes", r"(?<![a-z])(?:pv|cr|proces.?verbal|compte.?rendu)(?![a-z])"),
    ("deliberation", r"(?<![a-z])(?:delib|deliberation|del)"),
    ("order", r"(?<![a-z])(?:arrete|arr)(?![a-z])"),
    ("decision", r"(?<![a-z])(?:decision|dm)(?![a-z])"),
    ("agenda", r"(?<![a-z])(?:odj|ordre.?du.?jour|convocation)"),
    ("agreement", r"(?<![a-z])(?:convention|avenant|contrat)"),
)


def kind(source: Source) -> Iterator[Reading]:
    """By the words of the beginning; the earlier and the more exact, the surer."""
    text = source.text
    read: list[Reading] = []
    for name, pattern, sure in _PATTERNS:
        hit = pattern.search(text.flat, 0, min(_BEGINNING, len(text.flat)))
        if hit:
            confidence = sure if hit.start() < _TITLE else sure - 0.2
            read.append(Reading("kind", name, _weighed(text, name, hit, confidence), hit.start(), hit.end()))
    headed = min((item.start for item in read if item.confidence >= LIKELY), default=0)
    for item in read:
        later = item.start > headed + 150 and item.confidence >= GUESS
        yield replace(item, confidence=item.confidence - 0.25) if later else item
    seen = {item.value for item in read}
    decided = list(text.find(_DECIDED))
    stamps = {hit[0] for hit in text.find(_STAMP)}
    if len(decided) >= _MANY_DECISIONS and len(stamps) < 2:
        yield Reading("kind", "minutes", _minutes_sure(text, len(decided), seen), decided[0].start(), decided[0].end())
    elif decided and "deliberation" not in seen:
        yield Reading("kind", "deliberation", GUESS, decided[0].start(), decided[0].end())


def _minutes_sure(text: FlatText, decisions: int, seen: set[str]) -> float:
    """How surely many decisions are minutes: an agenda, those present, and no heading of an act say so."""
    agenda = "agenda" in seen or _AGENDA.search(text.flat, 0, text.head) is not None
    sure = 0.8 + 0.07 * agenda + 0.07 * (decisions >= 2 * _MANY_DECISIONS)
    return sure - 0.3 * bool(_EXTRACT.search(text.flat, 0, min(_BEGINNING, len(text.flat))))


def _weighed(text: FlatText, name: str, hit: re.Match[str], confidence: float) -> float:
    """``confidence`` once the body says the same, or another thing."""
    start, end = text.line_of(hit.start())
    alone = hit.start() - start < 40 and end - start < 140  # a heading rather than a sentence
    if not alone and not _EXTRACT.match(hit[0]):
        confidence -= 0.25
    before = text.flat[max(0, hit.start() - 40) : hit.start()]
    if _QUOTED.search(before):
        return 0.2
    if name == "agenda":
        if _ATTENDED.search(text.flat):
            return WEAK - 0.1
        return confidence if _AGENDA_ONLY.search(text.flat) or not _VOTED.search(text.flat) else WEAK - 0.1
    if name == "order":
        return confidence if _ORDERS.search(text.flat) else confidence - 0.2
    if name == "deliberation":
        if re.search(r"(?:liste|repertoire) des ?$|compte.rendu des ?$|proces.verbal des ?$", before):
            return WEAK - 0.2
        return confidence if _DECIDES.search(text.flat) or _VOTED.search(text.flat) else confidence - 0.15
    return confidence


def kind_of_name(source: Source) -> Iterator[Reading]:
    """By the name of the file, which is often wrong."""
    name = flatten(source.file_name)
    for kind_, pattern in _FILE_KINDS:
        if re.search(pattern, name):
            yield Reading("kind", kind_, WEAK + 0.1)
            return


_BODIES: Final = (
    (
        "commission",
        re.compile(
            rf"(?:reunion|seance|proces[ -]verbal|compte[ -]rendu){GAP}de{GAP}la{GAP}commission(?!{GAP}permanente)"
        ),
    ),
    (
        "bureau",
        re.compile(
            rf"(?:bureau{GAP}(?:communautaire|metropolitain|syndical|municipal)|deliberations?{GAP}du{GAP}bureau|commission{GAP}permanente)"
        ),
    ),
    (
        "council",
        re.compile(
            rf"(?:{spaced('conseil')}{GAP}(?:{spaced('municipal')}|communautaire|departemental|regional|metropolitain|d'administration|syndical|de{GAP}(?:communaute|territoire|paris|la{GAP}metropole))|comite{GAP}syndical|conseil{GAP}d'arrondissement)"
        ),
    ),
)


def body(source: Source) -> Iterator[Reading]:
    """Which assembly, by its name; who signs alone, by the kind."""
    if source.value("kind") in ("order", "decision"):
        yield Reading("body", "executive", SURE if source.confidence("kind") >= LIKELY else GUESS)
        return
    for name, pattern in _BODIES:
        hit = pattern.search(source.text.flat, 0, source.text.head)
        if hit:
            sure = SURE if hit.start() < _BEGINNING and name == "council" else LIKELY
            yield Reading("body", name, sure, hit.start(), hit.end())


_CODES: Final = {
    "deliberation": ("DE", SURE),
    "order": ("AR", GUESS),
    "agreement": ("CC", GUESS),
    "budget": ("BF", GUESS),
    "decision": ("AU", WEAK),
}
_INDIVIDUAL: Final = re.compile(
    r"portant (?:nomination|avancement|titularisation|recrutement|mise en|radiation|delegation|attribution)|delivran|permis de construire"
)


def nature(source: Source) -> Iterator[Reading]:
    """The nature of @ctes that the kind of document has."""
    kind_ = source.value("kind")
    if kind_ not in _CODES:
        return
    code, sure = _CODES[kind_]
    if kind_ == "order":
        hit = _INDIVIDUAL.search(source.text.flat, 0, source.text.head)
        if hit:
            yield Reading("nature", "AI", GUESS, hit.start(), hit.end())
            sure = WEAK
    yield Reading("nature", code, min(sure, source.confidence("kind")))


_PLACE = r"[A-ZÀ-ÖØ-Þ][\w’'-]{0,40}(?:[ -](?:(?:de|du|des|la|le|les|l[’']|d[’']|en|sur|sous|sur|et|à|aux|lès|les)[ -]?){0,3}[A-ZÀ-ÖØ-Þ][\w’'-]{1,40}){0,5}"
_ORGANISATIONS: Final = (
    re.compile(
        rf"(?P<what>(?:[Cc]ommune|COMMUNE|[Vv]ille|VILLE|[Mm]airie|MAIRIE)[ \n]{{1,2}}(?:de|DE|d[’']|D[’']|du|DU|des|DES)[ ]{{0,2}})(?P<name>(?:(?:la|le|les|LA|LE|LES|l[’']|L[’'])[ ]?)?{_PLACE})"
    ),
    re.compile(
        rf"(?P<what>(?:[Cc]ommunauté|COMMUNAUT[EÉ])[ \n]{{1,2}}(?:(?:de|DE)[ \n](?:[Cc]ommunes|COMMUNES)|(?:d[’']|D[’'])(?:[Aa]gglomération|AGGLOM[EÉ]RATION))[ \n]{{1,2}}(?:(?:de|du|des|DE|DU|DES)[ \n])?(?:(?:la|le|les|LA|LE|LES|l[’']|L[’'])[ ]?)?)(?P<name>{_PLACE})"
    ),
    re.compile(rf"(?P<what>(?:[Ss]yndicat|SYNDICAT)[ \n](?:[\w’'À-ÿ]{{1,20}}[ \n]){{0,5}})(?P<name>{_PLACE})"),
    re.compile(rf"(?P<what>(?:[Mm]étropole|M[EÉ]TROPOLE)[ \n])(?P<name>(?:de[ ])?{_PLACE})"),
)
_COUNCIL_OF: Final = re.compile(
    rf"[Cc]onseil[ \n]{{1,2}}[Mm]unicipal[ \n]{{1,2}}(?:de[ ]la[ ][Cc]ommune[ ])?(?:de[ ]|d[’']|du[ ])(?P<name>(?:(?:la|le|les|La|Le|Les)[ ])?{_PLACE})"
)


_AFTER_PLACE: Final = re.compile(
    r"[ -](?:seance|extrait|republique|departement|arrondissement|canton|conseil|deliberations?|proces|compte|arrete|objet|nombre|date|presents?|sous|registre|mairie|le|reunion|convocation|liberte|tel|l'an)(?![a-z])"
)


def _place(raw: str) -> str:
    """The name of a place, cut where another mention begins."""
    cut = _AFTER_PLACE.search(flatten(raw))
    return raw[: cut.start()] if cut else raw


def organisation(source: Source) -> Iterator[Reading]:
    """« COMMUNE DE … », « Communauté de communes … », and « le Conseil Municipal de … » without it."""
    raw = source.text.raw
    for rank, pattern in enumerate((*_ORGANISATIONS, _COUNCIL_OF)):
        hits = list(pattern.finditer(raw, 0, source.text.head))
        for hit in hits[:2]:
            place = _place(hit["name"])
            name = one_line(hit["what"] + place if rank < len(_ORGANISATIONS) else f"Commune de {place}")
            if not place:
                continue
            early = hit.start() < _TITLE
            again = sum(flatten(other["name"]) == flatten(hit["name"]) for other in hits) > 1
            sure = LIKELY + 0.05 * again if early else GUESS + 0.1 * again
            if hit[0][:1].islower() and rank < len(_ORGANISATIONS):
                sure -= 0.25  # « la commune de … » of a sentence may be another
            yield Reading("organisation", name, sure, hit.start(), hit.start("name") + len(place))
