"""Files as OParl tells them: those of acts as they are published, and those that go with sittings. Originals are never among them."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import PurePath
from typing import Any

from parvis.core.acts.model import Page
from parvis.core.text import fold
from parvis.domains.deliberations.models import Act, ActFile, FileText, Session
from parvis.domains.deliberations.oparl.words import Thing, address, own, present

LONGEST_RESOLUTION = 5_000
"""Characters of the text of a decision; the whole of it is that of the file."""
_DECIDED = re.compile(r"apr[eè]s en avoir (?:d[ée]lib[ée]r[ée]|discut[ée])", re.IGNORECASE)


def texts_of(files: Iterable[ActFile]) -> dict[int, str]:
    """The text of each file as it is published, words hidden, by file: one question."""
    rows = FileText.objects.filter(pk__in=[file.pk for file in files]).values_list("pk", "published_pages")
    return {key: "\n\n".join(Page.from_json(row).text for row in pages or ()).strip() for key, pages in rows}


def resolution_of(text: str) -> str:
    """What was decided, as the act says it after the deliberation; empty when it does not use the usual words."""
    *_before, last = [None, *_DECIDED.finditer(text)]
    return text[last.start() : last.start() + LONGEST_RESOLUTION].strip() if last else ""


def act_file(act: Act, file: ActFile, text: str = "", **links: list[str]) -> Thing:
    """A file of an act. Its name is made of the address of the act: the one that it was dropped under may name somebody."""
    rank = f"-annexe-{file.position + 1}" if file.role == ActFile.Role.ANNEX else ""
    kind = file.published_type or "application/octet-stream"
    title = file.title if file.role == ActFile.Role.ANNEX and file.title else act.title
    facts = present(
        name=title,
        fileName=f"{act.slug}{rank}{mimetypes.guess_extension(kind) or ''}",
        mimeType=kind,
        date=act.date and act.date.isoformat(),
        size=file.published_bytes,
        **_addresses(str(file.pk)),
        **own(sha256=file.published_digest, pages=file.page_count, confianceDeLecture=file.confidence),
    )
    alone = present(text=text, paper=[address("Paper", act.pk)], **links)
    return Thing("File", str(file.pk), facts, alone, body=act.organisation_id, since=act.first_published_at)


def session_file(session: Session, file: Any) -> Thing:
    """A document that goes with a sitting (``records.RecordFile``)."""
    key = f"seance-{file.pk}"
    facts = present(
        name=file.title,
        fileName=f"{session.slug}-{file.slug}{PurePath(file.file.name).suffix}",
        mimeType=file.media_type,
        size=file.bytes,
        **_addresses(key),
    )
    alone = {"meeting": [address("Meeting", session.pk)]}
    return Thing("File", key, facts, alone, body=session.organisation_id, since=session.first_published_at)


def location(key: str, owner: tuple[str, str], body: int, since: datetime | None = None, **facts: Any) -> Thing | None:
    """A place, with the property and the address of what it is the place of; None when nothing is written of it."""
    latitude, longitude = facts.pop("latitude", None), facts.pop("longitude", None)
    if latitude is not None and longitude is not None:
        point = {"type": "Point", "coordinates": [longitude, latitude]}
        facts["geojson"] = {"type": "Feature", "properties": {}, "geometry": point}
    there = present(**facts)
    name, back = owner
    return Thing("Location", key, there, {name: [back]}, body, since=since) if there else None


def place_of(act: Act, files: Iterable[ActFile], texts: Mapping[int, str]) -> Thing | None:
    """Where what an act decides is. Of an act in which something is hidden, only places that its published text names are told."""
    places = [place for place in act.places if isinstance(place, str) and place.strip()]
    latitude, longitude = act.latitude, act.longitude
    if any(hides(file) for file in files):
        text = fold(" ".join(" ".join(texts.get(file.pk, "") for file in files).split()))
        places = [place for place in places if fold(" ".join(place.split())) in text]
        latitude, longitude = (latitude, longitude) if places else (None, None)
    description = ", ".join(places)
    where = {"description": description, "latitude": latitude, "longitude": longitude}
    owner = ("papers", address("Paper", act.pk))
    return location(f"acte-{act.pk}", owner, act.organisation_id, act.first_published_at, **where)


def hides(file: ActFile) -> bool:
    """Whether words of a file are hidden."""
    spans = file.spans
    return any(spans.get(name) for name in ("passages", "boxes")) if isinstance(spans, dict) else bool(spans)


def _addresses(key: str) -> dict[str, str]:
    return {
        "accessUrl": address("File", key, "lire"),
        "downloadUrl": address("File", key, "telecharger"),
    }
