"""The INSPIRE block of a card: a flat mapping of few names, judged here wherever it comes from (a form, a program, a file, a catalogue)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final

from parvis.core.errors import DataError
from parvis.core.inspire.vocabulary import (
    DEGREE_BY_SLUG,
    LIMIT_BY_SLUG,
    NO_LIMIT,
    ROLE_BY_SLUG,
    THEME_BY_SLUG,
    TOPIC_BY_SLUG,
    TYPE_BY_SLUG,
)
from parvis.core.metadata import Term
from parvis.core.text import seen_text
from parvis.core.translation import Sentence, gettext_noop

LONGEST_TEXT: Final = 5_000
LONGEST_LINE: Final = 300
LARGEST_SCALE: Final = 1_000_000_000
LARGEST_DISTANCE: Final = 10_000_000.0

_EMAIL = re.compile(r"[^@\s<>]{1,64}@[^@\s<>]{1,189}")
_EPSG = re.compile(
    r"(?:EPSG|URN:OGC:DEF:CRS:EPSG|HTTPS?://WWW\.OPENGIS\.NET/DEF/CRS/EPSG)[:/](?:[0-9.]*[:/])?([0-9]{4,6})"
)


class BadInspire(DataError):
    """Something of the block is not what INSPIRE has there."""

    code: ClassVar[str] = "inspire-value"
    sentence: ClassVar[str] = gettext_noop("« {name} » de la description INSPIRE ne convient pas : {reason}.")


@dataclass(frozen=True, slots=True)
class Field:
    """One name of the block, what it is called on screens, and how a value is judged: ``ValueError`` holds why it is refused."""

    name: str
    label: str
    read: Callable[[Any], Any]


def _text(longest: int) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise ValueError(Sentence("un texte est attendu"))
        # Halves of letters, which JSON may spell, no database keeps.
        whole = value.encode("utf-8", "replace").decode().replace("\0", "")
        text = seen_text(whole) if longest == LONGEST_LINE else whole.strip()
        if len(text) > longest:
            raise ValueError(Sentence("{count} caractères au plus", {"count": longest}))
        return text

    return read


def _slug(terms: Mapping[str, Term]) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or (value and value not in terms):
            raise ValueError(Sentence("« {word} » n’est pas de la liste", {"word": str(value)[:60]}))
        return value

    return read


def _slugs(terms: Mapping[str, Term]) -> Callable[[Any], list[str]]:
    read_one = _slug(terms)

    def read(value: Any) -> list[str]:
        if not isinstance(value, list | tuple):
            raise ValueError(Sentence("une liste est attendue"))
        return list(dict.fromkeys(word for word in map(read_one, value[:100]) if word))

    return read


def _limits(value: Any) -> list[str]:
    limits = _slugs(LIMIT_BY_SLUG)(value)
    if NO_LIMIT in limits and len(limits) > 1:
        raise ValueError(Sentence("« aucune restriction » ne va avec aucune autre"))
    return limits


def _scale(value: Any) -> int | None:
    if value in (None, ""):
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= LARGEST_SCALE:
        raise ValueError(Sentence("le dénominateur est un nombre entier, 25000 pour une échelle de 1:25 000"))
    return value


def _distance(value: Any) -> float | None:
    if value in (None, ""):
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(Sentence("un nombre de mètres est attendu"))
    if not (math.isfinite(value) and 0 < value <= LARGEST_DISTANCE):
        raise ValueError(Sentence("un nombre de mètres est attendu"))
    return float(value)


def _day(value: Any) -> str:
    try:
        return date.fromisoformat(str(value)[:10]).isoformat() if value else ""
    except ValueError:
        raise ValueError(Sentence("« {word} » n’est pas une date", {"word": str(value)[:60]})) from None


def _email(value: Any) -> str:
    address = _text(LONGEST_LINE)(value)
    if address and not _EMAIL.fullmatch(address):
        raise ValueError(Sentence("une adresse telle que donnees@ville.fr est attendue"))
    return address


def _system(value: Any) -> str:
    """A reference system, by its code of EPSG whatever its spelling; in its own words otherwise."""
    text: str = _text(LONGEST_LINE)(value)
    code = f"EPSG:{text}" if re.fullmatch(r"[0-9]{4,6}", text) else text
    match = _EPSG.fullmatch(code.upper())
    return f"EPSG:{match[1]}" if match else text


def _switch(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(Sentence("oui ou non est attendu"))
    return value


FIELDS: Final = (
    Field("scope", gettext_noop("Dans le champ d’INSPIRE"), _switch),
    Field("themes", gettext_noop("Thèmes INSPIRE"), _slugs(THEME_BY_SLUG)),
    Field("type", gettext_noop("Type de ressource"), _slug(TYPE_BY_SLUG)),
    Field("topics", gettext_noop("Catégories thématiques ISO"), _slugs(TOPIC_BY_SLUG)),
    Field("code", gettext_noop("Identifiant de la ressource"), _text(LONGEST_LINE)),
    Field("namespace", gettext_noop("Espace de noms de l’identifiant"), _text(LONGEST_LINE)),
    Field("lineage", gettext_noop("Généalogie"), _text(LONGEST_TEXT)),
    Field("scale", gettext_noop("Échelle équivalente"), _scale),
    Field("distance", gettext_noop("Résolution en mètres"), _distance),
    Field("crs", gettext_noop("Système de référence"), _system),
    Field("encoding", gettext_noop("Encodage"), _text(LONGEST_LINE)),
    Field("conformity", gettext_noop("Conformité au règlement 1089/2010"), _slug(DEGREE_BY_SLUG)),
    Field("conformity_date", gettext_noop("Date de l’évaluation"), _day),
    Field("limits", gettext_noop("Restrictions d’accès public"), _limits),
    Field("conditions", gettext_noop("Conditions d’accès et d’utilisation"), _text(LONGEST_TEXT)),
    Field("maintenance", gettext_noop("Note de mise à jour"), _text(LONGEST_TEXT)),
    Field("party", gettext_noop("Organisme responsable"), _text(LONGEST_LINE)),
    Field("party_role", gettext_noop("Rôle de l’organisme"), _slug(ROLE_BY_SLUG)),
    Field("party_email", gettext_noop("Adresse de l’organisme"), _email),
    Field("metadata_contact", gettext_noop("Contact des métadonnées"), _text(LONGEST_LINE)),
    Field("metadata_email", gettext_noop("Adresse du contact des métadonnées"), _email),
    Field("metadata_date", gettext_noop("Date des métadonnées"), _day),
)
"""What the block may hold, in the order of screens."""

FIELD_BY_NAME: Final = {field.name: field for field in FIELDS}

_ABSENT: Final[tuple[Any, ...]] = ("", None, [])


def judged(block: Any) -> dict[str, Any]:
    """The block as it is kept, what is empty left out; BadInspire for a name that there is not or a value that will not do."""
    if not isinstance(block, Mapping):
        raise BadInspire(name="inspire", reason=Sentence("un objet est attendu"))
    if foreign := sorted(str(name) for name in block if name not in FIELD_BY_NAME):
        raise BadInspire(name=foreign[0][:60], reason=Sentence("ce nom n’est pas de la description INSPIRE"))
    values: dict[str, Any] = {}
    for field in FIELDS:
        if block.get(field.name) is None:
            continue
        try:
            value = field.read(block[field.name])
        except ValueError as error:
            raise BadInspire(name=field.name, reason=error.args[0]) from error
        if value not in _ABSENT:
            values[field.name] = value
    return values


def readable(block: Any) -> dict[str, Any]:
    """The same of a stranger's block: what will not do is left out, name by name."""
    values: dict[str, Any] = {}
    for field in FIELDS if isinstance(block, Mapping) else ():
        try:
            values |= judged({field.name: block.get(field.name)})
        except BadInspire:
            continue
    return values


def in_scope(block: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is told of a dataset: its block when it is of INSPIRE's scope, nothing otherwise."""
    return block if block.get("scope") is True else {}


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that the regulation wants: its name, what it is called, what to do, how to tell that it is there."""

    name: str
    label: str
    advice: str
    met: Callable[[Mapping[str, Any]], bool]


def _says(*names: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda block: any(block.get(name) for name in names)


WANTED: Final = (
    Gap("theme", gettext_noop("Thème INSPIRE"), gettext_noop("Choisissez au moins un des 34 thèmes."), _says("themes")),
    Gap("topic", gettext_noop("Catégorie ISO"), gettext_noop("Choisissez au moins une catégorie."), _says("topics")),
    Gap(
        "identifier",
        gettext_noop("Identifiant de ressource INSPIRE"),
        gettext_noop("Un code qui ne changera plus, unique dans son espace de noms."),
        _says("code"),
    ),
    Gap(
        "lineage",
        gettext_noop("Généalogie INSPIRE"),
        gettext_noop("Comment la donnée a été produite : sources, dates, méthode."),
        _says("lineage"),
    ),
    Gap(
        "resolution",
        gettext_noop("Résolution spatiale"),
        gettext_noop("Une échelle équivalente, ou une distance en mètres."),
        _says("scale", "distance"),
    ),
    Gap(
        "conformity",
        gettext_noop("Conformité INSPIRE"),
        gettext_noop("Conforme au règlement 1089/2010, non conforme, ou non évaluée."),
        _says("conformity"),
    ),
    Gap(
        "party",
        gettext_noop("Organisme responsable INSPIRE"),
        gettext_noop("Son nom, son rôle et une adresse."),
        lambda block: all(block.get(name) for name in ("party", "party_role", "party_email")),
    ),
)
"""What must be said besides the card of a dataset that is of INSPIRE's scope; the card and its data say the rest."""


def gaps(block: Mapping[str, Any]) -> list[Gap]:
    """What its block leaves unsaid; nothing of a dataset that is out of scope."""
    return [gap for gap in WANTED if not gap.met(block)] if in_scope(block) else []
