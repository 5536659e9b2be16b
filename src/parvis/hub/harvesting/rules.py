"""What a source may be, what becomes of an item, what is suspicious: pure decisions."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

from parvis.core.errors import OperationError, RequestError
from parvis.core.metadata import theme_slug
from parvis.core.sources.contract import Item, Resource
from parvis.core.sources.origins import origin_of, page_of
from parvis.core.text import fold
from parvis.core.translation import Sentence, gettext_noop

PURPOSE = "harvesting"
"""Of the keys that encrypt secrets of sources."""

RUN = "harvesting.run"
ASKED_RUN = "harvesting.asked-run"
"""The same run, which a person waits for."""
DUE = "harvesting.due"
MOVE_PLAN = "harvesting.move-plan"
"""What a move would bring, read for who is about to ask for it."""
FAILING = "harvesting-failing"
TAKEN_OVER = "harvesting-taken-over"

SLICE_SECONDS = 45.0
"""A run gives the worker back after this, and goes on behind what people wait for."""
MOST_PAGES = 50_000
MOST_ITEMS = 500_000
MOST_LEFT = 3
"""Pages of a run that are left for the next ones because they cannot be read."""
MOST_BARREN = 3
"""Pages in a row without anything new after which a source is going round in circles."""
PAGE_BYTES = 500_000_000
"""Of one answer of a catalogue."""
PAGE_SECONDS = 600.0
"""Of the reading of one in the child."""
BATCH = 50
"""Items between two looks at the clock."""
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30))
"""Before a request that failed is sent again; the run has failed after the last."""
MOST_DEFERRALS = 60
"""Times in a row that a run lets itself be put off."""
LONGEST_WISH = timedelta(days=1)
"""Of what a server may ask to wait."""
FULL_EVERY = timedelta(days=7)
"""Between two runs that read everything, of a source that can tell what changed."""
OVERLAP = timedelta(days=1)
"""Asked again by an incremental run: clocks differ, and catalogues are indexed late."""
NOTICE = timedelta(days=3)
"""The previous owner of a dataset is told this long before another source takes it over."""
LONGEST_HERE = timedelta(minutes=6)
"""Of what a command waits for a server; beyond, the run is left to the workers of the portal."""
TOLD_AFTER = 3
"""Failed runs in a row after which those who answer for the source are written to."""
RUNS_TOLD = 20
"""Runs of a source whose items stay told one by one."""
COMPARED = "compared"
"""In the counts of a run, how many datasets were compared with what is there."""
SERVICE_MARK = "(service) "
"""Before the identifier of a service, in the report of a run: it is no dataset of the source, and is not counted as one."""
DOWN_AFTER = 5
"""Requests in a row that a server leaves without answer, after which it is not asked further for a while."""


class Mode(StrEnum):
    """What is taken of an item."""

    METADATA = "metadata"
    COPY = "copy"
    FEDERATED = "federated"
    MOVE = "move"
    """All of it: exact rows, documents, files, identifiers; then compared with what is there."""


class State(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


class Trigger(StrEnum):
    """Why a run began."""

    SCHEDULE = "schedule"
    PERSON = "person"
    CALL = "call"


class Outcome(StrEnum):
    """What a run did with an item."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    TWIN = "twin"
    FAILED = "failed"
    MISSING = "missing"
    ARCHIVED = "archived"


class ComparisonState(StrEnum):
    """How a dataset that was moved in compares with what its portal has."""

    SAME = "same"
    DIFFERENT = "different"
    ABSENT = "absent"
    """It has no rows here."""
    UNKNOWN = "unknown"
    """Its portal could not be asked again."""


class Decision(StrEnum):
    """What somebody said of an item that seems to be here already, or that another source took over."""

    UNDECIDED = ""
    SAME = "same"
    SEPARATE = "separate"
    REPLACED = "replaced"


class UnknownDialect(RequestError):
    """No source is read that way."""

    code: ClassVar[str] = "source-dialect"
    sentence: ClassVar[str] = gettext_noop("« {dialect} » n’est pas un genre de source.")
    advice: ClassVar[str] = gettext_noop("Les genres : {dialects}.")


class BadMapping(RequestError):
    """A filter or a mapping that leads nowhere."""

    code: ClassVar[str] = "source-mapping"
    sentence: ClassVar[str] = gettext_noop("La correspondance « {word} » ne mène à rien : {reason}.")


class AlreadyRunning(RequestError):
    """The source is being read."""

    code: ClassVar[str] = "source-running"
    status: ClassVar[int] = 409
    sentence: ClassVar[str] = gettext_noop("« {title} » est déjà en cours de lecture.")
    advice: ClassVar[str] = gettext_noop("Attendez la fin de cette lecture, ou arrêtez-la.")


class SourceIsClosed(RequestError):
    """The source is out of service."""

    code: ClassVar[str] = "source-closed"
    sentence: ClassVar[str] = gettext_noop("« {title} » n’est pas en service.")


class NotResumable(RequestError):
    """The run cannot go on."""

    code: ClassVar[str] = "run-over"
    sentence: ClassVar[str] = gettext_noop("Cette lecture ne peut pas reprendre : elle est terminée ou remplacée.")
    advice: ClassVar[str] = gettext_noop("Lancez-en une autre.")


class TooLate(RequestError):
    """A passage to another source that is over, or given up."""

    code: ClassVar[str] = "takeover-over"
    status: ClassVar[int] = 409
    sentence: ClassVar[str] = gettext_noop("Ce jeu a déjà changé de source, ou son passage est déjà annulé.")


class SourceRefused(OperationError):
    """The server wants no reading."""

    code: ClassVar[str] = "source-refused"
    sentence: ClassVar[str] = gettext_noop("Le serveur « {host} » refuse l’accès (réponse {status}).")
    advice: ClassVar[str] = gettext_noop("Vérifiez l’adresse et, s’il en faut une, la clé d’accès de la source.")


class RobotsRefuse(OperationError):
    """robots.txt forbids it."""

    code: ClassVar[str] = "source-robots"
    sentence: ClassVar[str] = gettext_noop("Le fichier robots.txt de « {host} » demande de ne pas lire cette adresse.")
    advice: ClassVar[str] = gettext_noop("Si le producteur vous y autorise, cochez « passer outre robots.txt ».")


class MoveNotTried(OperationError):
    """A move of a portal whose kind nobody knows yet."""

    code: ClassVar[str] = "move-not-tried"
    sentence: ClassVar[str] = gettext_noop("Le genre du portail « {title} » n’est pas encore reconnu.")
    advice: ClassVar[str] = gettext_noop("Essayez-le d’abord : l’essai le reconnaît et n’écrit rien.")


class SourceBusy(OperationError):
    """The server is being asked by another run, or wishes to be left alone."""

    code: ClassVar[str] = "source-busy"
    sentence: ClassVar[str] = gettext_noop("Le serveur de la source est occupé ou demande d’attendre.")
    advice: ClassVar[str] = gettext_noop("Essayez de nouveau dans quelques minutes.")


class FilesHostDown(OperationError):
    """The server where the file is, not that of the catalogue, gives no answer any more."""

    code: ClassVar[str] = "source-files-host"
    sentence: ClassVar[str] = gettext_noop("Le serveur « {host} », où est le fichier, ne répond plus.")
    advice: ClassVar[str] = gettext_noop("Il sera essayé de nouveau à la prochaine lecture.")


class SourceDown(OperationError):
    """The server of the source itself gives no answer any more."""

    code: ClassVar[str] = "source-down"
    sentence: ClassVar[str] = gettext_noop("Le serveur de la source, « {host} », ne répond plus.")
    advice: ClassVar[str] = gettext_noop("Vérifiez l’adresse, ou essayez de nouveau plus tard.")


class NothingRead(OperationError):
    """The only dataset of a source failed, for a reason that its report tells."""

    code: ClassVar[str] = "source-nothing-read"
    sentence: ClassVar[str] = gettext_noop("Le seul jeu de cette source n’a pas pu être lu.")
    advice: ClassVar[str] = gettext_noop("La raison est écrite à côté du jeu, dans la lecture.")


class ElsewhereRefused(OperationError):
    """A catalogue names something that is not for it to name."""

    code: ClassVar[str] = "source-elsewhere"
    sentence: ClassVar[str] = gettext_noop(
        "La source renvoie vers « {place} », qui n’est ni chez elle ni sur le web public : rien n’y est lu."
    )


class NotFederable(RequestError):
    """The source answers no questions."""

    code: ClassVar[str] = "source-not-federable"
    sentence: ClassVar[str] = gettext_noop("Seul un portail Opendatasoft ou Parvis (API Explore) peut être fédéré.")
    advice: ClassVar[str] = gettext_noop("Choisissez la fiche et les données, ou la fiche seule.")


class NotMovable(RequestError):
    """The source does not give all that a move needs."""

    code: ClassVar[str] = "source-not-movable"
    sentence: ClassVar[str] = gettext_noop(
        "On n’emménage que d’un portail Opendatasoft ou Parvis (API Explore), CKAN, udata ou Data Fair."
    )
    advice: ClassVar[str] = gettext_noop("Choisissez la fiche et les données.")


class CircularSource(OperationError):
    """Pages follow each other without end."""

    code: ClassVar[str] = "source-circles"
    sentence: ClassVar[str] = gettext_noop("La source renvoie sans fin les mêmes jeux de données ou n’en finit pas.")


class LostSecret(OperationError):
    """The secret of the source is lost."""

    code: ClassVar[str] = "source-secret"
    sentence: ClassVar[str] = gettext_noop(
        "Le secret de cette source ne peut plus être lu : la clé de l’instance a changé."
    )
    advice: ClassVar[str] = gettext_noop("Donnez-le de nouveau.")


@dataclass(frozen=True, slots=True)
class Filters:
    """What is taken of a source: an item must fit each kind that has values; one value of a kind is enough."""

    territory: tuple[str, ...] = ()
    organisation: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    schema: tuple[str, ...] = ()
    bbox: tuple[str, ...] = ()
    """West, south, east and north in degrees: an item must say where it lies, and touch that rectangle."""
    only: tuple[str, ...] = ()
    """Identifiers, ``*`` for any letters."""
    without: tuple[str, ...] = ()

    @classmethod
    def of(cls, row: Mapping[str, Sequence[str]]) -> Filters:
        """From what a source holds."""
        return cls(**{name: tuple(row.get(name) or ()) for name in cls.__slots__})

    def refused_by(self, item: Item) -> str:
        """The kind that the item does not fit; empty when it fits all."""
        values = {
            "territory": item.spatial,
            "organisation": (item.publisher, item.publisher_id),
            "theme": (*item.themes, *map(theme_slug, item.themes)),  # by its word there, or by ours
            "tag": item.keywords,
        }
        for name, parts in values.items():
            wish = {fold(word) for word in getattr(self, name)}
            if wish and not wish & {fold(part) for part in parts if part}:
                return name
        if self.schema and not any(word in part for word in self.schema for part in item.conforms_to):
            return "schema"
        if self.bbox and (item.bbox is None or not _touch(item.bbox, box_of(self.bbox))):
            return "bbox"
        if self.only and not _is_named(item, self.only):
            return "only"
        return "without" if _is_named(item, self.without) else ""


def name_of_page(landing_page: str) -> str:
    """What a dataset of a portal is called in its addresses; empty when it has no such page."""
    match = _PAGE_OF_DATASET.search(urlsplit(landing_page).path)
    return unquote(match[1]) if match else ""


_PAGE_OF_DATASET = re.compile(r"/(?:explore/dataset|datasets?)/([^/]+)")
"""Of Explore portals, then of CKAN, udata and Data Fair."""


def name_in(item: Item) -> str:
    """The same of an item, as its source says it where it does."""
    return item.extras.get("name") or name_of_page(item.landing_page)


def _is_named(item: Item, patterns: Sequence[str]) -> bool:
    names = {name.casefold() for name in (item.identifier, name_in(item)) if name}
    return any(fnmatchcase(name, pattern.casefold()) for pattern in patterns for name in names)


type Box = tuple[float, float, float, float]


def box_of(words: Sequence[str]) -> Box:
    """West, south, east and north, as people write them, one by one or parted by commas or spaces; BadMapping."""
    text = " ".join(words).replace(",", " ").split()
    try:
        west, south, east, north = (float(word) for word in text)
    except ValueError as error:
        raise BadMapping(word=" ".join(text)[:100], reason=Sentence(_FOUR_NUMBERS)) from error
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise BadMapping(word=" ".join(text)[:100], reason=Sentence(_FOUR_NUMBERS))
    return (west, south, east, north)


_FOUR_NUMBERS = gettext_noop("donnez quatre nombres en degrés : ouest, sud, est, nord (1.9, 48.3, 2.7, 48.8)")


def _touch(one_box: Box, other: Box) -> bool:
    return one_box[0] <= other[2] and other[0] <= one_box[2] and one_box[1] <= other[3] and other[1] <= one_box[3]


FILTERS = Filters.__slots__


@dataclass(frozen=True, slots=True)
class Correspondence:
    """Words of a source and ours: organisations, licences and themes by slug."""

    organisations: Mapping[str, str] = field(default_factory=dict)
    licences: Mapping[str, str] = field(default_factory=dict)
    themes: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, row: Mapping[str, Mapping[str, str]]) -> Correspondence:
        """From what a source holds; words are compared without accents nor case."""
        return cls(**{name: {fold(k): v for k, v in (row.get(name) or {}).items()} for name in cls.__slots__})


MAPPINGS = Correspondence.__slots__


LARGEST_LOSS = 0.3
"""Share of its datasets that a source may lose from one reading to the next and be believed."""


def is_suspicious(before: int, present: int) -> bool:
    """Whether a run that read everything saw too little of what was there to be believed: nothing at all, or a third less.

    Small sources lose one dataset of two without anybody being alarmed.
    """
    lost = before - present
    return before > 0 and (present == 0 or (lost >= 2 and lost > before * LARGEST_LOSS))


LARGEST_SHORTAGE = 0.05
"""Share of the datasets that a source announces that it may not give and be believed: some count what they do not show."""


def lacks_too_many(seen: int, announced: int) -> bool:
    """Whether a source gave so much less than it announces that it must have been cut."""
    return announced - seen > announced * LARGEST_SHORTAGE


def digest_of(item: Item, *settings: object) -> str:
    """The same for the same item read the same way."""
    document = json.dumps([_plain(item), settings], ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(document.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(item: Item) -> dict[str, Any]:
    """The same whatever the order of lists: some sources tell them in another one each night."""
    row = {name: getattr(item, name) for name in Item.__slots__}
    listed = {name: sorted(getattr(item, name)) for name in ("keywords", "themes", "spatial", "conforms_to")}
    resources = sorted((_resource(part) for part in item.resources), key=repr)
    return {**row, **listed, "extras": dict(item.extras), "resources": resources}


def _resource(resource: Resource) -> list[Any]:
    return [getattr(resource, name) for name in Resource.__slots__]


def keys_of(item: Item) -> dict[str, str]:
    """What the item can be recognised by elsewhere, digested, and what each is: ``page``, ``origin`` (the first page of
    all), ``file``, ``identifier``, ``title``."""
    keys: dict[str, str] = {}
    if item.landing_page:
        keys[_key("page", _address(item.landing_page))] = "page"
    if origin := origin_of(item):
        keys[_key("page", _address(page_of(origin)))] = "origin"
    for resource in item.resources[:20]:
        keys[_key("file", _address(resource.url))] = "file"
    # A short name or number is many sources' own.
    if "/" in item.identifier or len(item.identifier) >= 20:
        keys[_key("identifier", _address(item.identifier))] = "identifier"
    if item.title and item.publisher:
        keys[_key("title", f"{fold(item.title)}|{fold(item.publisher)}")] = "title"
    return keys


def _key(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}:{value}".encode("utf-8", "surrogatepass")).hexdigest()[:40]


def _address(url: str) -> str:
    """An address as people mean it: with or without s, www, slash at the end."""
    parts = urlsplit(url.strip()) if "://" in url else None
    if parts is None:
        return url.strip().lower()
    return f"{parts.netloc.lower().removeprefix('www.')}{parts.path.rstrip('/')}?{parts.query}"


def parsed_pairs(lines: Iterable[str]) -> dict[str, str]:
    """« mot = le nôtre » by line, as people write a mapping; BadMapping."""
    pairs = {}
    for line in filter(None, (line.strip() for line in lines)):
        word, sign, target = line.rpartition("=")
        if not sign or not word.strip() or not target.strip():
            raise BadMapping(word=line[:100], reason=Sentence("écrivez « mot de la source = le nôtre »"))
        pairs[word.strip()] = target.strip()
    return pairs
