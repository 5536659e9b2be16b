"""Events as rows: tables that people and OpenAgenda write, and the rows that the dataset of an agenda publishes."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any, Final

from parvis.core.calendars.errors import BadEvent, UnreadableAgenda
from parvis.core.calendars.events import Event, Mode, Picture, Place, Schedule, Source, State
from parvis.core.calendars.formats.fields import (
    MOST_EVENTS,
    Collector,
    Reading,
    contact,
    is_free,
    made_up_uid,
    moment,
    number,
    one_line,
    plain_text,
    text_of,
    timing_of,
    web_address,
    whole_number,
    words,
)
from parvis.core.calendars.formats.openagenda import add_record
from parvis.core.calendars.zones import DEFAULT, zone_of
from parvis.core.errors import ParvisError
from parvis.core.text import slugify
from parvis.core.translation import Sentence

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "uid": ("uid", "identifiant", "id"),
    "title": ("titre", "title", "nom", "intitule", "titre_fr"),
    "summary": ("resume", "description_courte", "chapeau", "description_fr"),
    "description": ("description", "description_longue", "texte", "descriptif"),
    "start": ("debut", "date_debut", "date_de_debut", "start", "dtstart", "date"),
    "start_time": ("heure_debut", "heure_de_debut", "heure"),
    "end": ("fin", "date_fin", "date_de_fin", "end", "dtend"),
    "end_time": ("heure_fin", "heure_de_fin"),
    "rule": ("regle", "rrule", "recurrence"),
    "zone": ("fuseau", "timezone"),
    "place": ("lieu", "nom_lieu", "nom_du_lieu", "location_name", "location", "salle"),
    "address": ("adresse", "address", "location_address"),
    "postcode": ("code_postal", "postcode", "location_postalcode"),
    "city": ("commune", "ville", "city", "location_city"),
    "commune": ("code_insee", "code_commune", "insee", "location_insee"),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lon", "lng"),
    "accessibility": ("accessibilite",),
    "conditions": ("conditions", "tarif", "tarifs", "prix"),
    "free": ("gratuit", "gratuite"),
    "audience": ("public", "publics"),
    "age_min": ("age_min", "age_minimum"),
    "age_max": ("age_max", "age_maximum"),
    "languages": ("langues", "langue"),
    "registration": ("inscription", "reservation", "lien_d_inscription", "billetterie"),
    "organiser": ("organisateur", "organizer"),
    "mode": ("mode",),
    "online_address": ("acces_en_ligne", "lien_visio"),
    "state": ("etat", "statut"),
    "series": ("serie", "festival", "programme"),
    "keywords": ("mots_cles", "themes", "theme", "categorie", "type"),
    "link": ("lien", "url", "site", "site_web"),
    "picture": ("image", "photo", "affiche"),
    "picture_alternative": ("image_alternative", "texte_alternatif"),
    "picture_credit": ("image_credit", "credits_image"),
    "picture_licence": ("image_licence",),
    "updated": ("mise_a_jour", "updated"),
}
"""The columns that fill each field, the best first: ours, then what people write. Compared without accents or case."""

OPENAGENDA: Final[Mapping[str, str]] = {
    "identifiant": "uid",
    "titre_fr": "title_fr",
    "description_fr": "description_fr",
    "description_longue_fr": "longdescription_fr",
    "detail_des_conditions_fr": "conditions_fr",
    "mots_cles_fr": "keywords_fr",
    "image": "image",
    "credits_image": "imagecredits",
    "derniere_mise_a_jour": "updatedat",
    "lien": "canonicalurl",
    "nom_du_lieu": "location_name",
    "adresse": "location_address",
    "code_postal": "location_postalcode",
    "ville": "location_city",
    "age_minimum": "age_min",
    "age_maximum": "age_max",
    "agenda_d_origine_titre": "originagenda_title",
    "contributeur_organisation": "organiser",
}
"""Columns of OpenAgenda's own CSV export, as the flat records of Opendatasoft call them."""
_HOUR: Final = re.compile(r"([01]?\d|2[0-3])\s*(?:[hH:.]\s*([0-5]\d)?(?::\d\d)?)?")
"""``20h30``, ``20:30:00``, ``20h``, ``8``."""
_HANDICAPS: Final = {"auditif": "hi", "intellectuel": "ii", "moteur": "mi", "psychique": "pi", "visuel": "vi"}
_MODES: Final = {"sur place": Mode.ON_SITE, "en ligne": Mode.ONLINE, "mixte": Mode.MIXED} | {m.value: m for m in Mode}
_FREE: Final = dict.fromkeys(("oui", "true", "vrai", "1", "gratuit", "o"), True) | dict.fromkeys(
    ("non", "false", "faux", "0", "payant", "n"), False
)


def read(content: bytes, name: str, source: str = "") -> Reading:
    """The events of a CSV table, one a row; UnreadableAgenda when no column says what an event is."""
    rows = _rows(text_of(content))
    header = next(rows, [])
    keys = [slugify(cell[:200], "_") for cell in header[:500]]
    reader = _reader(keys)
    if reader is None:
        raise UnreadableAgenda(file=name, reason=", ".join(header)[:200])
    collector = Collector()
    try:
        for rank, cells in enumerate(rows, start=2):
            if any(cells) and not collector.is_full:
                reader(dict(zip(keys, cells, strict=False)), rank, source, collector)
    except csv.Error as error:
        raise UnreadableAgenda(file=name, reason="CSV") from error
    return collector.reading()


def _rows(text: str) -> Iterator[list[str]]:
    first = text[:20_000].partition("\n")[0]
    delimiter = max(";,\t|", key=first.count)
    try:
        for rank, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)):
            if rank > MOST_EVENTS * 2:
                return
            yield row
    except csv.Error as error:
        raise UnreadableAgenda(file="CSV", reason="CSV") from error


def _reader(keys: list[str]) -> Any:
    if "horaires_iso" in keys and "identifiant" in keys:
        return _read_openagenda
    if "title_fr" in keys and "timings" in keys:
        return _read_flat
    return _read_own if _has(keys, "title") and _has(keys, "start") else None


def _has(keys: list[str], field: str) -> bool:
    return any(name in keys for name in NAMES[field])


def _read_flat(cells: dict[str, str], rank: int, source: str, collector: Collector) -> None:
    add_record(cells, rank, source, collector)


def _read_openagenda(cells: dict[str, str], rank: int, source: str, collector: Collector) -> None:
    flat: dict[str, Any] = {theirs: cells.get(ours, "") for ours, theirs in OPENAGENDA.items()}
    flat["keywords_fr"] = list(words(flat["keywords_fr"], ","))
    timings = (_iso_pair(line) for line in cells.get("horaires_iso", "").splitlines())
    flat["timings"] = [{"begin": begin, "end": end} for begin, end in timings]
    flat["location_coordinates"] = [cells.get("latitude"), cells.get("longitude")]
    labels = cells.get("accessibilite_fr", "").casefold()
    flat["accessibility"] = [code for word, code in _HANDICAPS.items() if word in labels]
    flat["free"] = _FREE.get(cells.get("gratuit_payant", "").strip().casefold())
    flat["registration"] = list(words(cells.get("lien_d_inscription", ""), ","))
    add_record(flat, rank, source, collector)


def _iso_pair(line: str) -> tuple[str, str]:
    """``2019-09-21T09:00:00+02:00-2019-09-21T12:00:00+02:00`` cut in its middle, where no other sign is."""
    middle = len(line.strip()) // 2
    return line.strip()[:middle], line.strip()[middle + 1 :]


def _read_own(cells: dict[str, str], rank: int, source: str, collector: Collector) -> None:
    facts = {field: next((cells[n] for n in names if cells.get(n)), "") for field, names in NAMES.items()}
    try:
        collector.add(_event(facts, source))
    except ParvisError as error:
        collector.refuse(f"ligne {rank}", error)


def _event(facts: Mapping[str, str], source: str) -> Event:
    title = one_line(facts["title"])
    last_day = facts["end"] or (facts["start"] if facts["end_time"] else "")  # an hour alone is of the day it starts
    timing = timing_of(_when(facts["start"], facts["start_time"]), _when(last_day, facts["end_time"]))
    if not title or timing is None:
        raise BadEvent(reason=Sentence("sans titre ou sans date"))
    uid = one_line(facts["uid"], 250) or made_up_uid(title, facts["start"], facts["place"])
    conditions = plain_text(facts["conditions"], 2_000)
    free = _FREE.get(facts["free"].strip().casefold())
    link = web_address(facts["link"])
    return Event(
        uid=uid,
        title=title,
        schedule=Schedule((timing,), zone_of(facts["zone"]) or DEFAULT, rule=facts["rule"].strip()),
        summary=plain_text(facts["summary"], 2_000),
        description=plain_text(facts["description"]),
        picture=_picture(facts),
        place=_place(facts),
        mode=_MODES.get(facts["mode"].strip().casefold(), Mode.ON_SITE),
        online_address=web_address(facts["online_address"]),
        state=next((state for state in State if state.value == facts["state"].strip()), State.SCHEDULED),
        free=is_free(conditions) if free is None else free,
        conditions=conditions,
        audience=one_line(facts["audience"]),
        age_min=whole_number(facts["age_min"], 120),
        age_max=whole_number(facts["age_max"], 120),
        languages=words(facts["languages"]),
        registration=tuple(filter(None, map(contact, words(facts["registration"], ";|")))),
        organiser=one_line(facts["organiser"]),
        series=one_line(facts["series"]),
        keywords=words(facts["keywords"]),
        address=link,
        updated=_aware(moment(facts["updated"])),
        sources=(Source(source, uid, link),) if source else (),
    )


def _aware(value: date | datetime | None) -> datetime | None:
    return value if isinstance(value, datetime) and value.tzinfo else None


def _when(day: str, hour: str) -> date | datetime | None:
    """A day and an hour in two cells, or both in the first; days may be as French people write them."""
    text = day.strip()
    for pattern in ("%d/%m/%Y %H:%M", "%d/%m/%Y", "%d/%m/%y"):
        try:
            read = datetime.strptime(text, pattern)  # noqa: DTZ007 - the local time of the place
        except ValueError:
            continue
        value: date | datetime | None = read if "%H" in pattern else read.date()
        break
    else:
        value = moment(text)
    written = _HOUR.fullmatch(hour.strip())
    if written is None:
        return value
    clock = time(int(written[1]), int(written[2] or 0))
    return datetime.combine(value, clock) if value is not None and not isinstance(value, datetime) else value


def _place(facts: Mapping[str, str]) -> Place | None:
    place = Place(
        name=one_line(facts["place"]),
        address=one_line(facts["address"]),
        postcode=one_line(facts["postcode"], 20),
        city=one_line(facts["city"], 200),
        commune=one_line(facts["commune"], 5),
        latitude=number(facts["latitude"], -90, 90),
        longitude=number(facts["longitude"], -180, 180),
        accessibility=tuple(code for code in words(facts["accessibility"]) if len(code) == 2),
    )
    return None if place == Place() else place


def _picture(facts: Mapping[str, str]) -> Picture | None:
    address = web_address(facts["picture"])
    texts = (one_line(facts[f"picture_{part}"]) for part in ("alternative", "credit", "licence"))
    return Picture(address, *texts) if address else None
