"""One value at a time: is it a telephone, an address of e-mail, a NIR, an IBAN, a plate, an IP address; whose, and how to mask it."""

from __future__ import annotations

import ipaddress
import re
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from stdnum import iban

from parvis.core.official_codes import is_nir
from parvis.core.privacy.names import family_names, first_names, words_of
from parvis.core.text import fold


class Whose(StrEnum):
    """Whose a value seems to be."""

    PERSON = "person"
    UNSURE = "unsure"
    BODY = "body"


_FREE_MAIL = words_of("mail_providers")
"""Domains whose boxes are opened by anybody."""
_GENERIC = re.compile(
    r"^(?:contact|info|infos|accueil|mairie|mairies|secretariat|secretaire|administration|admin|direction|service|services|bureau"
    r"|commune|ville|communication|comm|presse|rh|recrutement|compta|comptabilite|facturation|support|aide|help|hello|bonjour"
    r"|webmaster|web|dpo|rgpd|cnil|opendata|data|donnees|sig|geomatique|urbanisme|technique|ecole|college|lycee|creche|ccas|cias"
    r"|mediatheque|bibliotheque|musee|tourisme|office|ot|club|asso|association|comite|amicale|union|foot|tennis|judo|rugby|basket"
    r"|billetterie|reservation|reservations|resa|noreply|no-reply|nepasrepondre|postmaster|abuse|sav|commercial|ventes|agence"
    r"|etatcivil|etat-civil|elections|scolaire|periscolaire|jeunesse|sports?|culture|social|dechets|eau|voirie|police|marches"
    r"|marchespublics|gestion|planning|maison|mjc|cabinet|pharmacie|restaurant|hotel|boulangerie|garage|collectif|federation"
    r"|festival|theatre|cinema|conservatoire|orchestre|chorale|syndicat|ecoute|signalement|standard|conseil|communaute|agglo"
    r"|prefecture|departement|region|irve|energie|operations?|equipe|team|projets?|coordination|centre|point|relais|gite|camping)(?:$|[._\-\d]|(?=[a-z]))"
)
_HAS_GENERIC = re.compile(
    r"(?:^|[._\-])(?:mairie|ville|commune|asso|association|club|contact|info|ecole|comite|accueil|secretariat|mediatheque|tourisme|amicale|foot|fc|us|as)(?:$|[._\-\d])"
)
_AT = r"(?:@| ?[\[(] ?(?:at|arobase|arobas|a|chez) ?[\])] ?)"
"""The sign of an address, also as people write it to escape robots."""
_SIGN = re.compile(_AT)
# An address begins where a word does: of a run of letters without any sign, only the first is tried.
_EMAIL = re.compile(
    rf"(?<![A-Za-z0-9])[A-Za-z0-9][A-Za-z0-9._%+'\-]{{0,63}}{_AT}(?:[A-Za-z0-9\-]{{1,63}}\.){{1,5}}[A-Za-z]{{2,24}}"
)
GAP = r"(?:[\s\u00a0\u202f]|&nbsp;)"
"""A blank, also as pages of the web write it."""
PHONE = re.compile(
    rf"(?<![\w/.,+\-])(?:(?:\+|00)\s?33[\s.\-]?(?:\(0\)[\s.\-]?)?|\(0[1-9]\)|0)(?:(?<=\))|[1-9])"
    rf"(?:(?:{GAP}|[.\-/_])?\d{{2}}){{4}}(?![\w/]|[.,\-]\d)"
)
_NIR_SHAPE = re.compile(
    r"(?<![\w.,\-])[12][ .\-\u00a0]?\d{2}[ .\-\u00a0]?(?:0[1-9]|1[0-2]|[2-9]\d)[ .\-\u00a0]?(?:\d{2}|2[ABab])"
    r"[ .\-\u00a0]?\d{3}[ .\-\u00a0]?\d{3}[ .\-\u00a0/]{0,3}\d{2}(?![\w]|[.,\-]\d)"
)
IBAN = re.compile(
    r"(?<![\w])[A-Za-z]{2}\d{2}(?:[ \u00a0\-]?[A-Za-z0-9]{4}){2,7}(?:[ \u00a0\-]?[A-Za-z0-9]{1,4})?(?![\w])"
)
PLATE = re.compile(r"(?<![\w\-])[A-HJ-NP-TV-Z]{2}[- ]\d{3}[- ](?!SS)[A-HJ-NP-TV-Z]{2}(?![\w\-])")
LOOSE_PLATE = re.compile(
    r"(?<![\w\-])(?:[A-HJ-NP-TV-Z]{2}\d{3}[A-HJ-NP-TV-Z]{2}|\d{2,4}[- ]?[A-HJ-NP-TV-Z]{2,3}[- ]?(?:\d{2}|2[AB]|97\d))(?![\w\-])"
)
"""Plates without signs between, and those before 2009: only words beside them tell them from references."""
_PLATE_TIGHT = re.compile(r"[A-HJ-NP-TV-Z]{2}[- .]?(?!000)\d{3}[- .]?[A-HJ-NP-TV-Z]{2}", re.IGNORECASE)
_PLATE_OLD = re.compile(r"\d{1,4}[- .]?[A-HJ-NP-TV-Z]{2,3}[- .]?(?:\d{2}|2[AB]|97\d)", re.IGNORECASE)
IPV4 = re.compile(r"(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w]|\.\d)")
_STREET = re.compile(
    r"(?:^|[\s,;])(?:rue|r\.|avenue|av\.?|ave|boulevard|bd|bld|bvd|place|pl\.?|chemin|che?m?\.?|allees?|all\.?|impasse|imp\.?|route|rte|quai|cours|square"
    r"|sentier|ruelle|passage|villa|lotissement|lot\.?|residence|res\.?|hameau|faubourg|fg|clos|mail|esplanade|venelle|traverse|montee|voie|sente|cite|promenade|lieu[- ]dit)\s"
)
_TREASURY = ("30001", "10071")
"""Bank codes of the Banque de France and of the Trésor: accounts of public bodies."""


_RUN_OF_PAIRS = re.compile(r"\d{2}(?:[\s\u00a0\u202f.\-/_:h]{0,3}\d{2})*")


def phones_in(text: str, *, schedule: bool = False) -> list[re.Match[str]]:
    """The telephones in a text, in its order, but for clock times one after the other (« 07 30 12 00 13 30 »).

    ``schedule`` says that the column is one of times, in which any minute is one (« 06 43 12 51 18 »).
    """
    return [match for match in PHONE.finditer(text) if not is_times(_whole_run(text, match), schedule=schedule)]


def _whole_run(text: str, match: re.Match[str]) -> str:
    """The digits by pairs around a match, however far they go (a hundred characters at most on each side)."""
    start, end = max(0, match.start() - 100), min(len(text), match.end() + 100)
    runs = _RUN_OF_PAIRS.finditer(text[start:end])
    return next((run[0] for run in runs if run.start() <= match.start() - start < run.end()), match[0])


def is_times(text: str, *, schedule: bool = False) -> bool:
    """True for clock times by pairs of digits, hour then minute, each later than the one before; the last may lack its minute.

    Minutes are multiples of five unless ``schedule``, so that hardly any telephone passes.
    """
    digits = re.sub(r"\D", "", text)
    if len(digits) < 6 or len(digits) % 2:
        return False
    pairs = [int(digits[rank : rank + 2]) for rank in range(0, len(digits), 2)]
    hours, minutes = pairs[0::2], pairs[1::2]
    if any(hour > 24 for hour in hours) or any(minute > 59 or (minute % 5 and not schedule) for minute in minutes):
        return False
    times = [60 * hour + minute for hour, minute in zip(hours, [*minutes, 0], strict=False)]
    times[-1] = times[-1] or 24 * 60  # midnight ends a day
    return all(former < latter for former, latter in pairwise(times))


def emails_in(text: str) -> list[re.Match[str]]:
    """The addresses of e-mail in a text, in its order; a text without their sign is not read further."""
    return list(_EMAIL.finditer(text)) if _SIGN.search(text) else []


_NIR_BLANK = r"[\s\-\u00a0\u202f]*"
_NIR_PARTS = re.compile(
    rf"\(?[12]{_NIR_BLANK}\d\d{_NIR_BLANK}\d\d{_NIR_BLANK}(?:\d\d|2[ABab]){_NIR_BLANK}\d{{3}}{_NIR_BLANK}\d{{3}}\)?[\s\-\u00a0\u202f/.(]*\d\d\)?"
    r"|[12]\.\d\d\.\d\d\.(?:\d\d|2[ABab])\.\d{3}\.\d{3}\.\d\d"
)
"""Signs stand between the parts of a NIR alone: neither « 1.84127645108946 » nor thousands by groups of three are one."""


def is_person_nir(text: str) -> bool:
    """True for a NIR with its right key (15 characters, separators allowed between its parts)."""
    if not _NIR_PARTS.fullmatch(text.strip()):
        return False
    return is_nir(re.sub(r"[\s.\-/()\u00a0\u202f]", "", text).upper())


def is_bare_nir(text: str) -> bool:
    """True for the thirteen characters of a NIR without its key: sex, year, month, department, commune, order."""
    if len(text) < 13:
        return False
    bare = re.sub(r"[\s.\-\u00a0]", "", text).upper()
    match = re.fullmatch(r"[12]\d{2}(0[1-9]|1[0-2])(\d{2}|2[AB])(\d{3})(\d{3})", bare)
    if not match:
        return False
    department = match[2]
    return (
        department in ("2A", "2B") or 1 <= int(department) <= 95 or department in ("97", "98", "99")
    ) and "000" not in (match[3], match[4])


_TOLD_NIR = re.compile(
    r"(?i:\bnir\b|s[ée]cu(?:rit[ée] sociale)?\b|\bassur[ée]e?\b)[^\d\n]{0,30}(?P<nir>[12](?:[ .\-\u00a0]?[\dABab]){12})(?![ ]?\w)"
)


def bare_nirs_in(text: str) -> list[str]:
    """The NIR without their key inside a text, told by the words before them."""
    return [found["nir"] for found in _TOLD_NIR.finditer(text) if is_bare_nir(found["nir"])]


def nirs_in(text: str) -> list[str]:
    """The NIR with a right key inside a text."""
    return [found[0] for found in _NIR_SHAPE.finditer(text) if is_person_nir(re.sub(r"[/]", " ", found[0]))]


def ibans_in(text: str) -> list[str]:
    """The IBAN with a right key inside a text."""
    return [found[0] for found in IBAN.finditer(text) if is_iban(found[0])]


def is_iban(text: str) -> bool:
    """True for an IBAN of its country's length and with a right key."""
    if len(text) < 15:
        return False
    bare = re.sub(r"[\s\u00a0\-]", "", text)
    return 15 <= len(bare) <= 34 and iban.is_valid(bare)


_RIB = re.compile(r"(\d{5})(\d{5})([0-9A-Z]{11})(\d{2})")
_RIB_DIGITS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")


def is_rib(text: str) -> bool:
    """True for a French account number as it was before the IBAN: bank, branch, account, and a right key."""
    if len(text) < 23:
        return False
    match = _RIB.fullmatch(re.sub(r"[\s\u00a0\-]", "", text).upper())
    if match is None:
        return False
    bank, branch, account, key = (int(part.translate(_RIB_DIGITS)) for part in match.groups())
    return (89 * bank + 15 * branch + 3 * account + key) % 97 == 0


def whose_iban(text: str) -> Whose:
    """BODY for the accounts of public bodies at the Banque de France."""
    bare = re.sub(r"[\s\u00a0\-]", "", text).upper()
    return Whose.BODY if bare.startswith("FR") and bare[4:9] in _TREASURY else Whose.PERSON


def is_phone(text: str) -> bool:
    """True for a French telephone number of ten digits, in any usual spelling, also without its zero (« 612345678 »)."""
    bare = re.sub(r"[\s.\-/_()\u00a0\u202f]", "", text.removesuffix(".0"))
    if re.fullmatch(r"\+(?!33)[1-9]\d{7,14}", bare):
        return True  # abroad
    bare = re.sub(r"^(?:\+33|0033)0?", "0", bare)
    return bool(re.fullmatch(r"0[1-9]\d{8}|33[1-9]\d{8}|[1-79]\d{8}", bare))


def whose_phone(text: str) -> Whose:
    """PERSON for a mobile number (06, 07), BODY for numbers of services (08), UNSURE for the others."""
    bare = re.sub(r"[^\d+]", "", text.removesuffix(".0"))
    bare = re.sub(r"^(?:\+33|0033|33(?=\d{9}$))0?", "0", bare)
    bare = bare if bare.startswith("0") else "0" + bare
    if bare.startswith(("06", "07")) and len(bare) == 10:
        return Whose.PERSON
    return Whose.BODY if bare.startswith("08") else Whose.UNSURE


def _with_sign(address: str) -> str:
    """The address with its sign, however that was written."""
    return address if "@" in address else re.sub(_AT, "@", address, count=1)


def box_name(address: str) -> str:
    """The letters of what comes before the sign of an address: « saint-maurice@… » → « saintmaurice »."""
    return re.sub(r"[^a-z]", "", fold(_with_sign(address)).partition("@")[0])


@lru_cache(maxsize=8192)
def whose_email(address: str) -> Whose:
    """Whose a box seems to be: a person's when its name holds a first or family name, a body's when it names a service.

    A box opened at a public provider (gmail.com…) is UNSURE when its name says nothing.
    """
    local, _at, domain = fold(_with_sign(address.strip().strip("<>.,;"))).rpartition("@")
    pieces = [piece for piece in re.split(r"[._\-+\d']+", local) if piece]
    if _GENERIC.match(local) and not (len(pieces) > 1 and _two_names(pieces)):
        return Whose.BODY
    if _HAS_GENERIC.search(local):
        return Whose.BODY
    if pieces and pieces[0] in _PLACES:
        return Whose.BODY
    if _two_names(pieces):
        return Whose.PERSON
    site = domain.rpartition(".")[0].replace("-", "")
    if "".join(pieces) and (site.startswith("".join(pieces)) or "".join(pieces).startswith(site)):
        return Whose.BODY
    if len(pieces) == 1 and _initial_and_name(pieces[0]):
        return Whose.PERSON
    return Whose.UNSURE


def has_a_name(address: str) -> bool:
    """True when some word of the box is a first or family name."""
    local = fold(_with_sign(address)).rpartition("@")[0]
    words = [word for word in re.split(r"[^a-z]+", local) if len(word) >= 4]
    given_names, families = first_names(), family_names()
    return any(word in given_names or word in families or word[1:] in families for word in words)


def is_free_mail(address: str) -> bool:
    """True for a box at a provider open to anybody."""
    return fold(_with_sign(address)).rpartition("@")[2].strip(" .>;,") in _FREE_MAIL


def _two_names(pieces: list[str]) -> bool:
    if len(pieces) < 2:
        return False
    given_names, families = first_names(), family_names()
    first, last = pieces[0], pieces[-1]
    if len(first) == 1:
        return last in families
    if len(last) == 1:
        return first in families
    return (first in given_names and (len(last) > 2)) or (last in given_names and first in families)


def _initial_and_name(word: str) -> bool:
    return len(word) > 5 and word[1:] in family_names() and word not in _DICTIONARY


_PLACES = words_of("mail_places")
"""First words of boxes that have the name of a commune or a group."""
_DICTIONARY = words_of("mail_words")


def is_plate(text: str, *, old: bool = False) -> bool:
    """True for a plate of 2009 on (« AB-123-CD », in any spelling), with ``old`` also for the older ones (« 123 ABC 91 »)."""
    bare = text.strip()
    return bool(_PLATE_TIGHT.fullmatch(bare) or (old and _PLATE_OLD.fullmatch(bare)))


def is_ip(text: str) -> bool:
    """True for an IPv4 or IPv6 address that may be a person's: neither a network's own, nor unspecified."""
    # So are nearly all values, for which an exception costs ten times as much.
    if text.count(".") != 3 and text.count(":") < 2:
        return False
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return False
    return not (address.is_unspecified or address.is_loopback or address.is_multicast)


def is_postal_address(text: str) -> bool:
    """True for a number and a street (« 12 bis rue des Lilas »), with or without the commune."""
    folded = fold(text[:300])
    return bool(_STREET.search(f" {folded} ")) and any(c.isdigit() for c in folded)


def mask(text: str) -> str:
    """``text`` with nothing left that tells who: the first letter of each word, no digit; lengths do not show.

    >>> mask("Jean DUPONT, 06 12 34 56 78")
    'J••• D•••, •• •• •• •• ••'
    """
    return _RUN.sub(lambda run: f"{run[0][0]}•••" if run[0][0].isalpha() else "••", text[:80])


_RUN = re.compile(r"[^\W\d_](?:[\w'’])*|\d[\w'’]*")


def mask_email(address: str) -> str:
    """The address with its box masked and its domain's last part alone shown."""
    local, _at, domain = _with_sign(address).partition("@")
    return f"{local[:1]}•••@•••.{domain.rpartition('.')[2]}"
