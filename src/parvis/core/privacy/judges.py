"""From what was counted to findings: one judge a kind, in a table; officials, works, companies and places told apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from parvis.core.privacy.column_samples import ColumnSample
from parvis.core.privacy.model import Confidence, Finding
from parvis.core.privacy.names import CIVILITY, is_eponym, names_a_person
from parvis.core.privacy.tables import EPONYMS, LONG_AGO, Table, share_of, years_of
from parvis.core.privacy.texts import masked
from parvis.core.privacy.values import (
    PHONE,
    Whose,
    box_name,
    emails_in,
    has_a_name,
    is_bare_nir,
    is_free_mail,
    is_iban,
    is_ip,
    is_person_nir,
    is_phone,
    is_plate,
    is_postal_address,
    is_rib,
    phones_in,
    whose_email,
    whose_iban,
    whose_phone,
)
from parvis.core.translation import Sentence, gettext_noop

ENOUGH = 3
"""Values fewer than these prove nothing by their shape alone."""
FEW = 0.02
"""Under this share of its cells, names in a column of things (« nom du point d’intérêt ») are signs and houses, and named boxes and
mobile numbers those of bodies in a directory of theirs."""
REGISTERED = 0.1
"""Under this share, what looks like names in a table of bodies of the register are their signs (« Yves Rocher France »)."""
DIRECTORY = 500
"""Boxes or numbers from which on a table of bodies is a directory."""


def _finding(
    kind: str, mass: ColumnSample, confidence: Confidence, count: int, samples: Iterable[str], *why: Sentence
) -> Finding:
    shown = tuple(dict.fromkeys(masked(kind, value) for value in list(samples)[:3]))
    share = min(1.0, count / mass.filled) if mass.filled else 0.0
    return Finding(kind, mass.name, mass.label, confidence, max(1, count), share, shown, tuple(why))


def _hits(mass: ColumnSample, test: Callable[[str], bool]) -> tuple[int, list[str]]:
    """How many cells of the whole column are values that pass the test, and such values."""
    taken = {**mass.values, **mass.suspects} if not mass.suspects else mass.suspects
    passing = [value for value in taken if test(value.strip())]
    count = sum(taken[value] for value in passing)
    looked = sum(taken.values())
    whole = mass.suspected if mass.suspects else mass.filled
    return (round(count * whole / looked) if looked else 0), passing


WHY = {
    "header": Sentence(gettext_noop("L’intitulé de la colonne le dit.")),
    "shape": Sentence(gettext_noop("La forme des valeurs le montre.")),
    "key": Sentence(gettext_noop("La clé de contrôle est juste.")),
    "names": Sentence(gettext_noop("Des prénoms et des noms de famille connus.")),
    "pair": Sentence(gettext_noop("Une colonne de prénoms est à côté d’une colonne de noms.")),
    "persons": Sentence(gettext_noop("Le tableau nomme des personnes.")),
    "official": Sentence(gettext_noop("Le tableau semble parler d’élus ou de candidats, nommés dans l’exercice de leur fonction.")),
    "figure": Sentence(gettext_noop("Le tableau semble parler d’œuvres, d’auteurs ou de personnages.")),
    "place": Sentence(gettext_noop("Ces noms sont portés par des rues, des écoles ou des lieux.")),
    "body": Sentence(gettext_noop("Le tableau semble parler d’organismes ou d’entreprises.")),
    "mobile": Sentence(gettext_noop("Des numéros mobiles, le plus souvent ceux de personnes.")),
    "code": Sentence(gettext_noop("L’intitulé dit un numéro d’autre chose qu’un téléphone.")),
    "registered": Sentence(gettext_noop("Chaque ligne porte le SIREN ou le SIRET de qui elle parle.")),
    "buyer": Sentence(gettext_noop("Un acheteur public ou un organisme qui attribue.")),
    "line": Sentence(gettext_noop("Des numéros fixes, peut-être d’organismes.")),
    "box": Sentence(gettext_noop("Des adresses portent un prénom ou un nom de famille.")),
    "free": Sentence(gettext_noop("Des boîtes ouvertes chez des fournisseurs grand public.")),
    "unsure": Sentence(gettext_noop("Rien ne dit si c’est une personne.")),
    "treasury": Sentence(gettext_noop("Des comptes d’organismes publics.")),
    "counted": Sentence(gettext_noop("Des prénoms comptés, sans nom de famille : une statistique.")),
    "alone": Sentence(gettext_noop("Des prénoms seuls, sans nom de famille.")),
    "some": Sentence(gettext_noop("Quelques valeurs parmi d’autres nomment une personne.")),
    "past": Sentence(gettext_noop("Des personnes nées, pour la plupart, il y a plus de 110 ans.")),
    "spread": Sentence(gettext_noop("Des dates étalées sur des dizaines d’années, dans un tableau qui nomme des personnes.")),
    "tracked": Sentence(gettext_noop("Une colonne suit chaque personne ou son appareil, avec des positions.")),
    "home": Sentence(gettext_noop("L’intitulé dit que c’est un domicile.")),
}  # fmt: skip


def judge_nir(mass: ColumnSample, table: Table) -> Finding | None:
    """A NIR with a right key, or thirteen characters under a header that says so."""
    if "measure" in mass.roles and "nir" not in mass.roles:
        return None
    count, hits = _hits(mass, is_person_nir)
    shaped, _values = _hits(mass, lambda v: bool(re.fullmatch(r"[\d\s.\u00a0\-ABab]{15,22}", v)))
    if count and ("nir" in mass.roles or count >= max(1, shaped * 0.3)):
        return _finding("nir", mass, Confidence.CERTAIN, count, hits, WHY["key"])
    bare, values = _hits_in_sample(mass, is_bare_nir)
    if "nir" in mass.roles and bare:
        return _finding("nir", mass, Confidence.CERTAIN, bare, values, WHY["header"], WHY["shape"])
    if len(values) >= 5 and bare >= 0.95 * mass.filled and table.of_persons:
        return _finding("nir", mass, Confidence.LIKELY, bare, values, WHY["shape"], WHY["persons"])
    if "nir" in mass.roles and share_of(mass, lambda v: bool(re.match(r"^[12][\d\s]{9,}", v))) > 0.5:
        return _finding("nir", mass, Confidence.LIKELY, mass.filled, list(mass.values), WHY["header"])
    return None


def _hits_in_sample(mass: ColumnSample, test: Callable[[str], bool]) -> tuple[int, list[str]]:
    passing = [value for value in mass.values if test(value)]
    count = sum(mass.values[value] for value in passing)
    return (round(count * mass.filled / mass.sampled) if mass.sampled else 0), passing


def judge_iban(mass: ColumnSample, table: Table) -> Finding | None:
    """An IBAN, or what came before it, with a right key; those of public bodies are mild."""
    count, hits = _hits(mass, lambda v: is_iban(v) or is_rib(v))
    if not count:
        return None
    private = [value for value in hits if whose_iban(value) is not Whose.BODY]
    if not private:
        return _finding("iban", mass, Confidence.POSSIBLE, count, hits, WHY["key"], WHY["treasury"])
    return _finding("iban", mass, Confidence.CERTAIN, count, private, WHY["key"])


def _box(value: str) -> Whose | None:
    addresses = emails_in(value)
    if not addresses or len(value) > 60 * len(addresses) + 20:
        return None
    owners = {whose_email(address[0]) for address in addresses}
    return Whose.PERSON if Whose.PERSON in owners else Whose.UNSURE if Whose.UNSURE in owners else Whose.BODY


def _is_loose(value: str, private: bool) -> bool:
    """Boxes at public providers: all of them where persons are told of, else those whose name may be a person's."""
    return any(is_free_mail(one[0]) and (private or has_a_name(one[0])) for one in emails_in(value))


def judge_email(mass: ColumnSample, table: Table) -> Finding | None:
    """Boxes of persons; those of services (contact@, mairie@) are left."""
    if not any(map(emails_in, mass.suspects or mass.values)):
        return None

    def box(value: str) -> Whose | None:
        whose = _box(value)
        return Whose.BODY if whose and box_name(value) in table.bodies_names else whose

    persons, hits = _hits(mass, lambda v: box(v) is Whose.PERSON)
    private = table.of_persons or bool(mass.roles & {"person", "private_text"})
    official = "body" in mass.roles and not private
    free, loose = _hits(mass, lambda v: not official and box(v) is Whose.UNSURE and _is_loose(v, private))
    unsure, others = _hits(mass, lambda v: box(v) is Whose.UNSURE)
    if (
        persons
        and table.of_officials
        and not private
        and not any(is_free_mail(one[0]) for v in hits for one in emails_in(v))
    ):
        return _finding("email", mass, Confidence.POSSIBLE, persons, hits, WHY["box"], WHY["official"])
    if "email" in mass.roles and persons + free and _is_of_a_directory(mass, table, persons + free):
        return _finding("email", mass, Confidence.POSSIBLE, persons + free, [*hits, *loose], WHY["box"], WHY["body"])
    if persons:
        return _finding("email", mass, Confidence.CERTAIN, persons + free, [*hits, *loose], WHY["box"])
    if free:
        sure = Confidence.CERTAIN if table.of_persons else Confidence.LIKELY
        return _finding("email", mass, sure, free, loose, WHY["free"], *_if(table.of_persons, "persons"))
    if unsure:
        sure = Confidence.LIKELY if table.of_persons and not table.of_bodies else Confidence.POSSIBLE
        return _finding("email", mass, sure, unsure, others, WHY["unsure"], *_if(table.of_persons, "persons"))
    return None


def _is_of_a_directory(mass: ColumnSample, table: Table, count: int) -> bool:
    """Whether so few of the many boxes or numbers of bodies are in the name of someone that it is by exception."""
    private = table.of_persons or mass.roles & {"person", "private_person", "private_text", "own_phone"}
    return table.of_bodies and not private and mass.filled >= DIRECTORY and count < FEW * mass.filled


def _if(condition: bool, *names: str) -> tuple[Sentence, ...]:
    return tuple(WHY[name] for name in names) if condition else ()


def judge_phone(mass: ColumnSample, table: Table) -> Finding | None:
    """Mobile numbers, and any number beside the name of a private person."""
    by_header = bool(mass.roles & {"phone", "own_phone"})
    schedule = "schedule" in mass.roles

    def whose(value: str) -> Whose | None:
        matches = PHONE.finditer(value) if by_header else phones_in(value, schedule=schedule)
        numbers = [one[0] for one in matches]
        if not numbers and by_header and is_phone(value):
            numbers = [value]
        if not numbers or len(value) > 40 * len(numbers):
            return None
        owners = {whose_phone(one) for one in numbers}
        return next((owner for owner in (Whose.PERSON, Whose.UNSURE) if owner in owners), Whose.BODY)

    mobiles, hits = _hits(mass, lambda v: whose(v) is Whose.PERSON)
    lines, others = _hits(mass, lambda v: whose(v) is Whose.UNSURE)
    if not mobiles + lines:
        return None
    if not by_header and mobiles + lines < 0.3 * mass.filled and not _spelt([*hits, *others]):
        return None  # « 0612345678 » inside a column of identifiers
    code = not by_header and (
        "vehicle_run" in mass.roles
        or (bool(mass.roles & {"identifier", "code", "measure"}) and not _spelt([*hits, *others]))
    )
    personal = table.of_persons or "own_phone" in mass.roles
    if code:
        return _finding("phone", mass, Confidence.POSSIBLE, mobiles + lines, [*hits, *others], WHY["code"])
    if personal:
        sure = Confidence.LIKELY if table.of_bodies and not mobiles else Confidence.CERTAIN
        return _finding(
            "phone", mass, sure, mobiles + lines, [*hits, *others], WHY["persons" if table.of_persons else "header"]
        )
    if mobiles and ("place_phone" in mass.roles or (by_header and _is_of_a_directory(mass, table, mobiles))):
        return _finding("phone", mass, Confidence.POSSIBLE, mobiles, hits, WHY["mobile"], WHY["body"])
    if mobiles:
        return _finding("phone", mass, Confidence.LIKELY, mobiles, hits, WHY["mobile"])
    return _finding("phone", mass, Confidence.POSSIBLE, lines, others, WHY["line"])


def _spelt(values: list[str]) -> bool:
    """True when some are spelt as people write telephones, with spaces, dots or a country."""
    return any(re.search(r"\d[ .\-]\d\d[ .\-]|^\+", value.strip()) for value in values)


def judge_plate(mass: ColumnSample, table: Table) -> Finding | None:
    """Plates under a header that says so, or a column of them."""
    by_header = "plate" in mass.roles
    count, hits = _hits_in_sample(mass, lambda v: is_plate(v, old=by_header))
    if by_header and count and count >= 0.3 * mass.filled:
        return _finding("plate", mass, Confidence.CERTAIN, count, hits, WHY["header"], WHY["shape"])
    lettered = {re.sub(r"[^A-Z]", "", value.upper()) for value in hits}
    drawn = len(lettered) > len(hits) / 2  # references go by series, plates hardly ever share their letters
    spelt = any(not v.isalnum() for v in hits)
    if len(hits) >= ENOUGH and count >= 0.6 * mass.filled and spelt and drawn and "identifier" not in mass.roles:
        return _finding("plate", mass, Confidence.LIKELY, count, hits, WHY["shape"])
    return None


def judge_ip(mass: ColumnSample, table: Table) -> Finding | None:
    """Addresses of machines, told from numbers of versions by their header or their size."""
    count, hits = _hits_in_sample(mass, is_ip)
    if not hits:
        return None
    if "ip" in mass.roles:
        return _finding("ip", mass, Confidence.CERTAIN, count, hits, WHY["header"], WHY["shape"])
    large = sum(":" in v or max(map(int, v.split("."))) > 50 for v in hits)
    if len(hits) >= ENOUGH and count >= 0.6 * mass.filled and large >= 0.6 * len(hits):
        return _finding("ip", mass, Confidence.LIKELY, count, hits, WHY["shape"])
    return None


def judge_birth(mass: ColumnSample, table: Table) -> Finding | None:
    """Dates (day, month, year) of birth."""
    years = years_of(mass)
    if len(years) < max(1, 0.5 * min(len(mass.values), 1000)):
        return None
    by_header = "birth" in mass.roles
    if by_header and sum(year < LONG_AGO for year in years) >= 0.5 * len(years):
        return _finding("birth", mass, Confidence.POSSIBLE, mass.filled, list(mass.values), WHY["header"], WHY["past"])
    if by_header and table.of_officials:
        return _finding(
            "birth", mass, Confidence.POSSIBLE, mass.filled, list(mass.values), WHY["header"], WHY["official"]
        )
    if by_header and table.of_figures and not table.names_persons:
        return _finding(
            "birth", mass, Confidence.POSSIBLE, mass.filled, list(mass.values), WHY["header"], WHY["figure"]
        )
    if by_header:
        return _finding(
            "birth",
            mass,
            Confidence.CERTAIN,
            mass.filled,
            list(mass.values),
            WHY["header"],
            *_if(table.names_persons, "persons"),
        )
    spread = max(years) - min(years) >= 25 and min(years) < 2000 and len(set(years)) >= min(8, len(years) // 2 + 1)
    named = table.names_persons and not (table.of_bodies or table.of_figures or table.of_officials)
    if named and spread and len(years) >= 5:
        return _finding("birth", mass, Confidence.LIKELY, mass.filled, list(mass.values), WHY["spread"])
    return None


def judge_name(mass: ColumnSample, table: Table) -> Finding | None:
    """Names of persons, in columns of their own or here and there in a column of other things."""
    values = list(mass.values)
    if mass.staged in table.first_names:
        return _judge_first_name(mass, table)
    if mass.staged in table.last_names | table.full_names:
        why = WHY["pair"] if mass.staged in table.last_names and table.first_names else WHY["names"]
        sure, more = _softened(mass, table, Confidence.CERTAIN)
        if mass.staged in table.last_names and not table.first_names and not table.of_persons:
            sure = min(sure, Confidence.LIKELY, key=lambda c: c.rank)
        return _finding("name", mass, sure, mass.filled, values, why, *more)
    return _judge_some_names(mass, table)


def _judge_first_name(mass: ColumnSample, table: Table) -> Finding | None:
    values = list(mass.values)
    if table.last_names:
        sure, more = _softened(mass, table, Confidence.CERTAIN)
        return _finding("name", mass, sure, mass.filled, values, WHY["pair"], *more)
    counted = "counts" in table.about and not table.of_persons
    why = WHY["counted"] if counted else WHY["alone"]
    others = any(m.roles & {"birth", "age", "address", "phone", "email", "sensitive"} for m in table.masses)
    sure = Confidence.LIKELY if others and not counted else Confidence.POSSIBLE
    return _finding("name", mass, sure, mass.filled, values, why)


def _softened(mass: ColumnSample, table: Table, sure: Confidence) -> tuple[Confidence, tuple[Sentence, ...]]:
    """Persons in office, authors, traders of the register are named by profession: told, but nothing waits for them."""
    if "private_person" in mass.roles:
        return sure, ()
    if table.all_registered and mass.roles & {"mixed", "body"}:
        return Confidence.POSSIBLE, (WHY["registered"],)
    if "buyer" in mass.roles:
        return Confidence.POSSIBLE, (WHY["buyer"],)
    if table.of_officials and "staff" not in mass.roles:
        return Confidence.POSSIBLE, (WHY["official"],)
    if table.of_figures or mass.roles & {"figure", "maker"}:
        return Confidence.POSSIBLE, (WHY["figure"],)
    return sure, ()


def _judge_some_names(mass: ColumnSample, table: Table) -> Finding | None:
    names = [value for value in mass.named if names_a_person(value) and not is_eponym(value)]
    if not names:
        return None
    count = sum(mass.named[value] for value in names)
    spoken = [value for value in names if CIVILITY.match(value)]
    share = count / mass.filled if mass.filled else 0.0
    if "named_place" in mass.roles or share_of(mass, is_eponym) >= EPONYMS:
        if not spoken or share < 0.02:
            return None
        return _finding("name", mass, Confidence.POSSIBLE, count, spoken, WHY["some"], WHY["place"])
    if mass.roles & {"person", "mixed"} or spoken:
        sure, more = _softened(mass, table, Confidence.LIKELY)
        thing = "named_thing" in mass.roles or (table.of_bodies and "last_name" in mass.roles)
        if table.all_registered and not mass.roles & {"person", "private_person"} and share < REGISTERED:
            sure, more = Confidence.POSSIBLE, (WHY["registered"],)
        if (not spoken and not ("person" in mass.roles or len(names) >= ENOUGH)) or (thing and share < FEW):
            sure = Confidence.POSSIBLE
        return _finding("name", mass, sure, count, spoken or names, WHY["some"], *more)
    return _finding("name", mass, Confidence.POSSIBLE, count, names, WHY["some"])


def judge_address(mass: ColumnSample, table: Table) -> Finding | None:
    """Postal addresses, when the header or the table says that they are those of persons."""
    if "home" not in mass.roles and not table.of_persons:
        return None
    count, hits = _hits_in_sample(mass, is_postal_address)
    header = bool(mass.roles & {"address", "home"})
    if not hits or count < (0.2 if header else 0.5) * mass.filled:
        return None
    if "home" in mass.roles:
        return _finding("address", mass, Confidence.CERTAIN, count, hits, WHY["home"])
    if table.of_bodies and not table.names_persons:
        return _finding("address", mass, Confidence.POSSIBLE, count, hits, WHY["persons"], WHY["body"])
    return _finding("address", mass, Confidence.CERTAIN, count, hits, WHY["persons"])


JUDGES: tuple[Callable[[ColumnSample, Table], Finding | None], ...] = (
    judge_nir,
    judge_iban,
    judge_email,
    judge_phone,
    judge_plate,
    judge_ip,
    judge_birth,
    judge_name,
    judge_address,
)
"""One a kind, for each column."""
