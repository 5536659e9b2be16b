"""What a column of codes identifies: SIRET, INSEE commune, postcode, telephone… recognised by header and by values."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from parvis.core.official_codes import is_commune, is_nir, is_siren, is_siret, is_uai
from parvis.core.translation import gettext_noop

_SEPARATORS = re.compile(r"[\s.\-/()\u00a0\u202f]")
_PHONE = re.compile(
    r"(?:\+?33|0033)0?[1-9]\d{8}|\+?(?:262|508|590|594|596|681|687|689)\d{6,9}|0?[1-9]\d{8}|0800\d{6}|3\d{3}|1\d{1,2}"
)


def _bare(text: str) -> str:
    return _SEPARATORS.sub("", text)


def _siren(text: str) -> bool:
    return is_siren(_bare(text))


def _siret(text: str) -> bool:
    return is_siret(_bare(text))


def _nir(text: str) -> bool:
    return is_nir(_bare(text).upper())


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


def _digits(count: int) -> Callable[[str], bool]:
    return lambda text: len(bare := _bare(text)) == count and bare.isascii() and bare.isdecimal()


def _phone(text: str) -> bool:
    return _PHONE.fullmatch(_bare(text)) is not None


def _dialled(text: str) -> bool:
    bare = _bare(text)
    return (len(bare) == 10 and bare[:1] == "0" and bare[1:2] in "1234567899" and bare.isdecimal()) or (
        bare.startswith("+33") and _phone(text)
    )


def _commune(text: str) -> bool:
    return is_commune(text.upper()) or re.fullmatch(r"[1-9]\d{3}", text) is not None  # 1001: the zero is lost


def _never(text: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Kind:
    """A meaning: what its header looks like (a slug), what values may look like, and what values alone prove it.

    ``exact`` is the strict rule (check digit), used without a header and to notice wrong values.
    """

    name: str
    label: str
    headers: str
    shape: Callable[[str], bool]
    exact: Callable[[str], bool] = _never
    good: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()
    text: bool = True
    """True when the column must stay text."""
    proof: int = 5
    """How many distinct values must pass the strict rule before they are believed without a header."""


_B, _E = r"(?:^|_)", r"(?:_|$)"

KINDS: tuple[Kind, ...] = (
    Kind(
        "nir", gettext_noop("numéro de sécurité sociale"),
        rf"{_B}(?:nir|num(?:ero)?_secu|securite_sociale|nss){_E}", _matches(r"[12][\d\s]{12,20}"), _nir,
        good=("1 84 12 76 451 089 46", "255081416802538"), bad=("184127645108947", "12345678901234", "abc"),
    ),
    Kind(
        "siret", gettext_noop("SIRET"),
        rf"siret|{_B}(?:id_?)?(?:attribuant|beneficiaire|acheteur|titulaire)(?:_id)?{_E}", _digits(14), _siret,
        good=("21560046100010", "35600000000048", "356 000 000 49837"), bad=("2156004610008", "21560046100011", "x"), proof=2,
    ),
    Kind(
        "epci", gettext_noop("code EPCI (SIREN)"),
        rf"{_B}(?:epci|ept){_E}", _digits(9),
        good=("200059228",), bad=("91228", "Grand Paris Sud"),
    ),
    Kind(
        "siren", gettext_noop("SIREN"),
        rf"siren{_E}", _digits(9), _siren,
        good=("200059228", "356000000"), bad=("200059229", "12345", ""),
    ),
    Kind(
        "rna", gettext_noop("numéro RNA"),
        rf"{_B}(?:rna|num_?rna){_E}", _matches(r"[Ww]\d[0-9A-Za-z]\d{7}"), _matches(r"W\d[0-9A-Z]\d{7}"),
        good=("W911001234", "W9R1002345"), bad=("911001234", "W12"),
    ),
    Kind(
        "iris", gettext_noop("code IRIS"),
        r"iris", _matches(r"(?:\d{8,9}|2[AB]\d{7})"),
        good=("912280101", "2A0040101"), bad=("Centre", "91228"),
    ),
    Kind(
        "insee_commune", gettext_noop("code INSEE de commune"),
        rf"insee|{_B}(?:codgeo|depcom|code?_?(?:geo_)?com(?:mune)?|com_code|citycode|code_geo){_E}|commune_ins?$|^(?:com|communes?|depco)$", _commune,
        good=("91228", "01001", "2A004", "97411", "1001"), bad=("Évry", "00123", "123456"),
    ),
    Kind(
        "postcode", gettext_noop("code postal"),
        rf"postal(?:es?|aux)?(?:_?codes?)?{_E}|{_B}(?:cp|postcode|zip(?:_?code)?|code_?post){_E}|codepostal|code_postal", _matches(r"\d{4,5}"),
        good=("91000", "01000", "1000"), bad=("91000 Évry", "A1"),
    ),
    Kind(
        "department", gettext_noop("code de département"),
        rf"{_B}(?:dep|dept|dpt|departement|departements|code?_?dep(?:artement)?|codedep){_E}",
        _matches(r"\d{1,2}|2[ABab]|9[78]\d|Z[A-Z]|20"),
        good=("1", "01", "2A", "974", "ZA"), bad=("Essonne", "1234"),
    ),
    Kind(
        "region", gettext_noop("code de région"),
        rf"{_B}(?:reg|region|code?_?reg(?:ion)?|codereg){_E}", _matches(r"\d{1,3}"),
        good=("11", "01", "101"), bad=("Île-de-France",),
    ),
    Kind(
        "rome", gettext_noop("code ROME"),
        r"rome", _matches(r"[A-N]\d{4}"), _matches(r"[A-N]\d{4}"),
        good=("A1101", "N4301"), bad=("Z1101", "A11"),
    ),
    Kind(
        "uai", gettext_noop("code UAI"),
        rf"{_B}(?:uai|rne|code_etablissement|numero_uai){_E}", _matches(r"\d{7}[A-Za-z]"), is_uai,
        good=("0911577V", "0750655E"), bad=("0911577A", "911577"),
    ),
    Kind(
        "finess", gettext_noop("numéro FINESS"),
        r"finess", _matches(r"\d{8,9}|2[AB]\d{7}"),
        good=("910002773", "2A0000014"), bad=("91000", "x"),
    ),
    Kind(
        "nic", gettext_noop("NIC"),
        rf"{_B}nic{_E}", _matches(r"\d{1,5}"),
        good=("00010", "10"), bad=("123456", "a"),
    ),
    Kind(
        "naf", gettext_noop("code NAF"),
        rf"{_B}(?:naf|ape){_E}", _matches(r"\d{2}\.?\d{1,2}[A-Z]?"), _matches(r"\d{2}\.\d{2}[A-Z]"),
        good=("84.11Z", "8411Z"), bad=("Z", "administration"),
    ),
    Kind(
        "polling_station", gettext_noop("bureau de vote"),
        rf"bureaux?_(?:de_)?vote|{_B}(?:code_?b_?vote|bvote|num_?bv|code_?bv|bv|code_du_b_vote|b_vote){_E}",
        _matches(r"[0-9A-Za-z]{1,6}(?:[_-][0-9A-Za-z]{1,6})?"),
        good=("0001", "1", "29019_0001"), bad=("École Jules Ferry",),
    ),
    Kind(
        "phone", gettext_noop("numéro de téléphone"),
        rf"{_B}(?:tel|tels?|telephone|telephones|phone|fax|telecopie|portable|gsm|mobile|telephone_.*|tel_.*|.*_tel){_E}|telephone|contact_phone",
        _phone, _dialled,
        good=("01 60 91 00 00", "+33 1 60 91 00 00", "0160910000"), bad=("mairie", "12 rue", "01 60 91"),
    ),
    Kind(
        "email", gettext_noop("adresse électronique"),
        rf"{_B}(?:e_?mail|mail|courriel|mel){_E}|email",
        _matches(r"[^@\s,;]+@[^@\s,;]+\.[A-Za-z]{2,}"), _matches(r"[^@\s,;]+@[^@\s,;]+\.[A-Za-z]{2,}"),
        good=("mairie@evry.fr",), bad=("mairie", "a@b", "a b@c.fr"),
    ),
    Kind(
        "url", gettext_noop("adresse web"),
        rf"{_B}(?:url|site_?web|site_internet|lien|web|website|www){_E}",
        _matches(r"(?i)(?:https?://|www\.)\S+"), _matches(r"(?i)https?://\S+"),
        good=("https://exemple.fr/a?b=c", "www.exemple.fr"), bad=("exemple", "ftp"),
    ),
    Kind(
        "year", gettext_noop("année"),
        rf"{_B}(?:annee|an|year|millesime|exercice|annees?_.*|.*_annee){_E}", _matches(r"(?:1[6-9]|20|21)\d{2}"),
        good=("2024", "1789"), bad=("24", "3021", "an 2000"), text=False,
    ),
)  # fmt: skip

KIND_BY_NAME = {kind.name: kind for kind in KINDS}

_CODE_HEADER = re.compile(
    r"(?:^|_)(?:codes?|cod|cp|insee|siret|siren|nic|tel|telephone|fax|iris|uai|rna|finess|rome[0-9]?|ogr|naf|ape|bureau|"
    r"matricule|immatriculation|isbn|issn|ean|gtin|uic|rpps|adeli|cpv|siret_.*|nomenclature|cdc|cog)(?:_|$)|^code(?!s?_?(?:nb|nombre))|codgeo|insee(?:_|$)"
)
_COUNTS = re.compile(
    r"(?:^|_)(?:pop|population|nb|nbre|nombre|montant|taux|total|surface|superficie|effectif|part|score|valeur)(?:_|$)"
)
"""Words of quantities: « pop-insee » is a population, not a code."""

_QUANTITY = re.compile(
    r"^(?:nb|nbre|nombres?|montants?|totaux|total|effectifs?|pop|population|surface|superficie)(?:_|$)"
)
_YEARS = re.compile(r"(?:^|_)(?:annees?|millesimes?|years?)(?:_|$)")
_MOST = 0.8
"""From this share of values of the right shape on, a header is believed."""
_ROUNDED = re.compile(r"\d{9,14}\.0+|\d(?:[.,]\d+)?[eE]\+1[0-4]")


def names_a_code(slug: str) -> bool:
    """True when the header says that the column holds codes, which are never numbers."""
    return _CODE_HEADER.search(slug) is not None and _COUNTS.search(slug) is None


def names_a_quantity(slug: str) -> bool:
    """True when the header says first that the column counts or measures, or that it tells years: its digits are numbers however they
    are kept."""
    return (_QUANTITY.search(slug) is not None and _CODE_HEADER.search(slug) is None) or _YEARS.search(slug) is not None


def recognise(slug: str, values: Sequence[str], times: Sequence[int] = ()) -> Kind | None:
    """The kind that the header (a slug) and the distinct ``values``, each seen so many ``times``, point to; else None."""
    if not values:
        return None
    bare = [value.strip() for value in values]
    for kind in KINDS if _COUNTS.search(slug) is None else ():
        if re.search(kind.headers, slug) and max(_share(kind.shape, bare), _weight(kind.shape, bare, times)) >= _MOST:
            return kind
    return next(
        (k for k in KINDS if k.exact is not _never and len(bare) >= k.proof and _share(k.exact, bare) >= 0.95), None
    )


def wrong_values(kind: Kind, values: Sequence[str]) -> list[str]:
    """Values that break the strict rule of the kind (check digit); none for a kind without one."""
    if kind.exact is _never or kind.name in ("phone", "url", "naf", "rna"):
        return []
    return [value for value in values if not kind.exact(value.strip())]


def names_a_company(slug: str) -> bool:
    """True when the header promises SIREN or SIRET numbers."""
    return "siret" in slug or "siren" in slug


def rounded_share(values: Sequence[str]) -> float:
    """The share of values that a spreadsheet turned into rounded numbers (« 21860194600000.0 », « 2,18E+13 »)."""
    return _share(lambda text: _ROUNDED.fullmatch(text.strip()) is not None, values)


def _weight(rule: Callable[[str], bool], values: Sequence[str], times: Sequence[int]) -> float:
    """The share of cells, not of distinct values: one SIRET on every row and a few errors is a column of SIRET."""
    right = sum(count for value, count in zip(values, times, strict=False) if rule(value))
    return right / sum(times) if times else 0.0


def _share(rule: Callable[[str], bool], values: Sequence[str]) -> float:
    return sum(map(rule, values)) / len(values) if values else 0.0
