"""Persons mentioned in a text: who is addressed, telephones, boxes, numbers, plates; officials in office told apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parvis.core.privacy.model import Confidence, Finding, PrivacyReport, ordered
from parvis.core.privacy.names import (
    fold,
    is_eponym,
    is_first_name,
    is_known_family_name,
    names_a_person,
    names_an_office,
)
from parvis.core.privacy.values import (
    GAP,
    IPV4,
    LOOSE_PLATE,
    PLATE,
    Whose,
    bare_nirs_in,
    emails_in,
    has_a_name,
    ibans_in,
    is_free_mail,
    is_ip,
    mask,
    mask_email,
    nirs_in,
    phones_in,
    whose_email,
    whose_iban,
    whose_phone,
)
from parvis.core.translation import Sentence, gettext_noop

PIECE = 10_000
SPAN = 90
"""Characters around a mention that tell what it is about."""
NEAR = 30
"""Characters around what only its neighbours tell."""

_CIVIL = re.compile(
    r"(?<![-’'])\b(?:M\.|MM\.|Mr\.?|M(?=[ \u00a0][A-Z])|Mmes?\.?|Mlle|Monsieur|Madame|Mademoiselle|MONSIEUR|MADAME|MME|MLLE)"
    rf"{GAP}+(?P<who>[A-ZÀ-ÖØ-Þ][\w'’.-]*(?:{GAP}(?:[A-ZÀ-ÖØ-Þ][\w'’.-]+|de|du|des|d['’]\w+|le|la|el|ben)){{0,4}})"
)
_NAMED = re.compile(
    r"(?<![\w'’-])(?P<first>[A-ZÀ-ÖØ-Þ][a-zà-ÿ]+(?:-[A-ZÀ-ÖØ-Þ][a-zà-ÿ]+)?)"
    rf"{GAP}(?P<last>(?:(?:de|du|des|le|la|d['’])[ ]?)?[A-ZÀ-ÖØ-Þ][\w'’-]{{2,}})"
)
_LISTED = re.compile(
    rf"(?<![\w'’-])(?P<last>[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ'’-]+){GAP}(?P<first>[A-ZÀ-ÖØ-Þ][a-zà-ÿ]+(?:-[A-ZÀ-ÖØ-Þ][a-zà-ÿ]+)?)(?![\w'’-])"
)
"""A family name in capitals before a first name, as registers write them."""
_PRIVATE = re.compile(
    r"\b(?:nee? le|naissance|domicilie\w*|demeurant|habitant|logee?s?|epou(?:x|se)|divorc\w+|veu(?:f|ve)|son fils|sa fille|son enfant|ses enfants"
    r"|malad\w+|hospitalis\w+|handicap\w*|allerg\w+|diagnostique\w*|traitement medical|se plaint|plainte|plaint|dossier|impaye\w*|dette|rsa|loyer"
    r"|agress\w+|victime|tutelle|curatelle|appel(?:er?|ez)|appel(?!s? (?:a |d.offre)|$)|rappel\w*|joindre|portable|voisin\w*|demande de|absent\w*|arret maladie"
    r"|radi\w+|expuls\w+|secours|aide sociale|famille(?! des [a-z]+(?:acees|idees|inees)\b)|mere|(?<!par le )pere|deces|decede\w*|locataire|proprietaire|usager|patient\w*|eleve|\d{1,3} ans)\b"
)
_OFFICE = re.compile(
    r"\b(?:maire|adjointe?s?|conseil(?:ler|lere|lers|leres)?|municipa\w+|presidente?|vice[- ]president\w*|deliber\w+|deputee?|senat\w+|prefete?|ministre|seance|elue?s?"
    r"|quorum|vot\w+|rapporteure?|delegu\w+|commission|secretaire de seance|mandat|directeur|directrice|chef|cheffe|notaire|architecte|commissaire"
    r"|(?:liste|tete de liste)\b.{0,60}\b(?:conduite|menee)|conduite par|cabinets? (?:d.)?(?:infirmi|dentaire|veterinaire|kine)\w*)\b"
)
_PUBLIC = re.compile(
    r"\b(?:auteure?s?|autrice|compositeur|musicien\w*|chant\w+|conference|concert|spectacle|exposition|artiste|peintre|sculpt\w+|realis\w+|comedien\w*"
    r"|mise en scene|film|livre|roman|ecrivain\w*|poete|histor\w+|animee? par|guide|visite|texte|interpret\w+|piano|guitare|orgue|organiste|photograph\w+|siecle|hommage|inaugur\w+|bicentenaire|centenaire"
    r"|botanist\w*|naturalist\w*|missionnaire|explorat(?:eur|rice)|savante?)\b"
)
_CALLED = re.compile(r"\b(?:rue|ecole|place|avenue|college|lycee|stade|salle|square)s?\b")
_BEARS = re.compile(
    r"\b(?:hopital|hopitaux|(?:poly)?clinique|centre|chu|usine|institut|laboratoire|cabinet|societe|entreprise|groupe scolaire|ecole|college|lycee|residence|site)"
    r"(?: (?:prive|hospitalier|medical|regional|universitaire|anticancereux|pluridisciplinaire))* [«\"“]? ?$"
)
"""What is right before the name of someone after whom a place or a body is called, even where patients are told of."""
_STREET = re.compile(r"\b(?:r|av|bd|bld|pl|sq|imp|all|che?m?|rte)\.? +$")
"""What streets are shortened to, right before the name of someone."""
_NOT_NAMED = re.compile(r"\b(?:sainte?|my|institute?|universit[ey]|fondation|foundation|france)\b")
"""Places and bodies that are written as a first name and a family name are: « Sainte Marie », « Robert Koch-Institut »."""
_AT_HOME = re.compile(
    r"[\s,;:(–-]{1,4}(?:au |du )?\d{1,4}(?: ?(?:bis|ter))?,? (?:rue|avenue|av|boulevard|bd|place|chemin|allee|impasse|route|quai|cours|square)\b"
)
"""Words of places around a name say that one is called after it, but for the address of somebody right after his name."""
_PLATED = re.compile(r"\b(?:immatricul\w*|vehicule|voiture|plaque|stationn\w*|fourriere|camion\w*|moto|scooter)\b")
_NETWORK = re.compile(r"\b(?:ip|adresse ip|connexion|serveur|connecte\w*)\b|\b(?:get|post|head) /")
_HOME = re.compile(
    r"\b(?:domicili\w+|demeurant|habitant|reside|residant)\b(?: a| au)?[^.;\n]{0,30}?\d{1,4}(?: ?(?:bis|ter))?,? (?:rue|avenue|av|boulevard|bd|place|chemin|allee|impasse|route|quai|cours|square|residence|lotissement|hameau|cite|villa|passage)\b[^.;\n]{2,60}"
)
_BORN = re.compile(r"\bnee? le (\d{1,2}(?:er)?[ /.-](?:\d{1,2}|[a-z]+)[ /.-]\d{2,4})")

_BODY_BEFORE = re.compile(
    r"\b(?:associations?|metropole|entreprises?|societes?|agence|fondation|collectif|communaute|agglomeration|reseau|institution|commune"
    r"|groupement|syndicat|mouvement|structure|cooperative|start-?up|federation|intercommunalite|etablissement|compagnie|revue|marque"
    r"|festival|initiative|projet|plateforme|region|collectivite|par exemple)\b"
)
"""A body is « née le » too, and whoever is made up to explain something."""
_SOMEBODY = re.compile(
    r"\b(?:mr?|mme|mmes|mlle|monsieur|madame|personne|enfants?|garcon|fille|fils|mere|pere|famille|usagere?|patiente?|eleve|agente?"
    r"|beneficiaire|locataire|conjointe?|nommee?|jeune|homme|femme|epou\w+)\b"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """One mention: its kind, the words, where they start and end, how sure it is."""

    kind: str
    words: str
    start: int
    end: int
    confidence: Confidence
    reason: Sentence


_WHY = {
    "civil": Sentence(gettext_noop("Une personne est nommée après une civilité.")),
    "private": Sentence(gettext_noop("Une personne est nommée à propos de sa vie privée ou d’un dossier.")),
    "office": Sentence(gettext_noop("La personne semble nommée dans l’exercice de sa fonction.")),
    "public": Sentence(gettext_noop("Un nom d’auteur, d’artiste ou de lieu semble-t-il.")),
    "named": Sentence(gettext_noop("Un prénom connu suivi d’un nom de famille.")),
    "nir": Sentence(gettext_noop("Un numéro de sécurité sociale dont la clé est juste.")),
    "iban": Sentence(gettext_noop("Un IBAN dont la clé est juste.")),
    "mobile": Sentence(gettext_noop("Un numéro de téléphone mobile.")),
    "line": Sentence(gettext_noop("Un numéro de téléphone fixe, peut-être d’un organisme.")),
    "box": Sentence(gettext_noop("L’adresse porte un prénom ou un nom de famille.")),
    "free": Sentence(gettext_noop("Une boîte ouverte chez un fournisseur grand public.")),
    "unsure": Sentence(gettext_noop("Une adresse dont rien ne dit à qui elle est.")),
    "plate": Sentence(gettext_noop("Une plaque d’immatriculation de véhicule.")),
    "ip": Sentence(gettext_noop("Une adresse IP.")),
    "born": Sentence(gettext_noop("Une date de naissance est écrite.")),
    "founded": Sentence(gettext_noop("Une date de naissance est écrite, peut-être celle d’un organisme.")),
    "home": Sentence(gettext_noop("Une adresse de domicile est écrite.")),
}  # fmt: skip


def mentions(text: str, *, schedule: bool = False) -> list[Mention]:
    """Every mention of a person, or of what leads to one, in the order of the text; a place of the text has one mention.

    ``schedule``: the text is one of clock times (``values.phones_in``).
    """
    collected: list[Mention] = []
    folded = _folded_alike(text)

    def add(kind: str, start: int, end: int, confidence: Confidence, why: str) -> None:
        if not any(mention.start < end and start < mention.end for mention in collected):
            collected.append(Mention(kind, text[start:end], start, end, confidence, _WHY[why]))

    _numbers(text, folded, add, schedule=schedule)
    for match in _CIVIL.finditer(text):
        words = [fold(word).strip(".") for word in match["who"].split()]
        if names_an_office(words) or is_eponym(match["who"]):
            continue
        is_known_name = any(is_known_family_name(word) for word in match["who"].split()) or is_first_name(
            match["who"].split()[0]
        )
        if not is_known_name and text[match.start() : match.end()].startswith(("M ", "M\u00a0")):
            continue
        around = folded[max(0, match.start() - SPAN) : match.end() + SPAN]
        near = folded[max(0, match.start() - NEAR) : match.start()] if _AT_HOME.match(folded, match.end()) else around
        confidence, why = _judged(around, near, civil=True)
        if _STREET.search(folded, max(0, match.start() - NEAR), match.start()):
            confidence, why = Confidence.POSSIBLE, "public"
        if (
            not is_known_name
            and confidence is Confidence.LIKELY
            and why == "civil"
            and len(words) == 1
            and len(words[0]) < 3
        ):
            confidence = Confidence.POSSIBLE
        add("text", match.start(), match.end(), confidence, why)
    for match in (*_NAMED.finditer(text), *_LISTED.finditer(text)):
        if not is_first_name(match["first"]) or is_eponym(match[0]) or is_eponym(f"{match['first']} {match['last']}"):
            continue
        if not (match["last"].isupper() and match.re is _NAMED) and not is_known_family_name(match["last"]):
            continue
        if _NOT_NAMED.search(fold(match[0])):
            continue
        around = folded[max(0, match.start() - SPAN) : match.end() + SPAN]
        confidence, why = _judged(around, around, civil=False)
        if _BEARS.search(folded, max(0, match.start() - NEAR), match.start()):
            confidence, why = Confidence.POSSIBLE, "public"
        add("text", match.start(), match.end(), confidence, why)
    return sorted(collected, key=lambda mention: mention.start)


def _judged(around: str, near: str, *, civil: bool) -> tuple[Confidence, str]:
    if _OFFICE.search(around):
        return Confidence.POSSIBLE, "office"
    if _PRIVATE.search(around):
        return Confidence.LIKELY, "private"
    if _PUBLIC.search(around) or _CALLED.search(near):
        return Confidence.POSSIBLE, "public"
    return (Confidence.LIKELY, "civil") if civil else (Confidence.POSSIBLE, "named")


def _numbers(text: str, folded: str, add: object, *, schedule: bool) -> None:
    put = add if callable(add) else None
    assert put is not None
    for number in (*nirs_in(text), *bare_nirs_in(text)):
        start = text.find(number)
        put("nir", start, start + len(number), Confidence.CERTAIN, "nir")
    for number in ibans_in(text):
        start = text.find(number)
        sure = Confidence.POSSIBLE if whose_iban(number) is Whose.BODY else Confidence.CERTAIN
        put("iban", start, start + len(number), sure, "iban")
    for match in emails_in(text):
        whose = whose_email(match[0])
        if whose is Whose.PERSON:
            put("email", match.start(), match.end(), Confidence.CERTAIN, "box")
        elif whose is Whose.UNSURE:
            free = is_free_mail(match[0])
            sure = Confidence.LIKELY if free and has_a_name(match[0]) else Confidence.POSSIBLE
            why = "free" if free else "unsure"
            put("email", match.start(), match.end(), sure, why)
    for match in phones_in(text, schedule=schedule):
        whose = whose_phone(match[0])
        if whose is Whose.PERSON:
            put("phone", match.start(), match.end(), Confidence.LIKELY, "mobile")
        elif whose is Whose.UNSURE:
            put("phone", match.start(), match.end(), Confidence.POSSIBLE, "line")
    for match in PLATE.finditer(text):
        near = _PLATED.search(folded[max(0, match.start() - SPAN) : match.end() + SPAN])
        put("plate", match.start(), match.end(), Confidence.LIKELY if near else Confidence.POSSIBLE, "plate")
    for match in LOOSE_PLATE.finditer(text):
        if _PLATED.search(folded[max(0, match.start() - NEAR) : match.end() + NEAR]):
            put("plate", match.start(), match.end(), Confidence.LIKELY, "plate")
    for match in IPV4.finditer(text):
        near = _NETWORK.search(folded[max(0, match.start() - SPAN) : match.end() + SPAN])
        if near and is_ip(match[0]):
            put("ip", match.start(), match.end(), Confidence.LIKELY, "ip")
    for match in _BORN.finditer(folded):
        before = re.split(r"[.;!?\n]", folded[max(0, match.start() - SPAN) : match.start()])[-1]
        of_a_body = _BODY_BEFORE.search(before) and not _SOMEBODY.search(before)
        sure, why = (Confidence.POSSIBLE, "founded") if of_a_body else (Confidence.LIKELY, "born")
        put("birth", match.start(), match.end(), sure, why)
    for match in _HOME.finditer(folded):
        put("address", match.start(), match.end(), Confidence.LIKELY, "home")


def _folded_alike(text: str) -> str:
    """The text folded, of the same length: places found in one hold in the other."""
    if text.isascii():
        return text.lower()
    return "".join(folded if len(folded := fold(c)) == 1 else c.lower()[:1] or c for c in text)


def search_text(text: str, *, where: str = "text", label: str = "") -> PrivacyReport:
    """Persons mentioned in one text (a description, a page of a document); findings have ``where`` as their column."""
    rows: dict[str, list[Mention]] = {}
    for piece in pieces(text):
        for mention in mentions(piece):
            rows.setdefault(mention.kind, []).append(mention)
    return PrivacyReport(1, ordered([_finding(kind, found, where, label) for kind, found in rows.items()]))


def search_name(*names: str, where: str = "name", label: str = "") -> PrivacyReport:
    """The same in what a thing is called (a title, the name of a file): a name of a person alone is enough there."""
    spaced_names = [" ".join(re.split(r"[\s_]+", name)).strip() for name in names if name]
    report = search_text("\n".join(spaced_names), where=where, label=label)
    spelt = dict.fromkeys(form for name in spaced_names for form in (name, name.replace("-", " ").title()))
    called = [form for form in spelt if _calls_a_person(form)]
    if not called or any(finding.kind == "text" and finding.blocks for finding in report.findings):
        return report
    name_finding = Finding(
        "name", where, label or where, Confidence.LIKELY, 1, 1.0, (mask(called[0]),), (_WHY["named"],)
    )
    return PrivacyReport(1, ordered([*report.findings, name_finding]))


def _calls_a_person(name: str) -> bool:
    """True when two words side by side in ``name`` are a person's (« cv nathalie rousseau »), but for what streets have."""
    words = name.split()
    pairs = [" ".join(words[start : start + 2]) for start in range(len(words) - 1)]
    borne = {rank for start, pair in enumerate(pairs) if is_eponym(pair) for rank in (start - 1, start, start + 1)}
    return any(names_a_person(pair) for rank, pair in enumerate(pairs) if rank not in borne)


def pieces(text: str) -> Iterator[str]:
    """The text in pieces of some pages, cut at ends of lines where there are some."""
    start = 0
    while start < len(text):
        end = start + PIECE
        if end < len(text):
            end = max(text.rfind("\n", start + PIECE // 2, end), text.rfind(" ", end - 200, end), start) + 1
            end = end if end > start + 1 else start + PIECE
        yield text[start:end]
        start = end


def _finding(kind: str, all_mentions: Sequence[Mention], where: str, label: str) -> Finding:
    surest = max(all_mentions, key=lambda mention: mention.confidence.rank)
    surest_mentions = [mention for mention in all_mentions if mention.confidence is surest.confidence]
    reasons = tuple({mention.reason.message: mention.reason for mention in surest_mentions}.values())[:3]
    samples = tuple(dict.fromkeys(masked(mention.kind, mention.words) for mention in surest_mentions))[:3]
    return Finding(kind, where, label or where, surest.confidence, len(surest_mentions), 1.0, samples, reasons)


def masked(kind: str, words: str) -> str:
    """A sample that tells nobody."""
    return mask_email(words) if kind == "email" else mask(words)
