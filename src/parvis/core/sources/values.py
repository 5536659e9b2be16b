"""Values of strangers as the card takes them: plain texts, dates that exist, addresses that lead somewhere, rectangles on the globe.

Every function takes any value at all and gives an empty one for what it cannot be.
"""

from __future__ import annotations

import hashlib
import html
import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import quote, unquote, urljoin, urlsplit

import nh3

from parvis.core.sources.contract import Resource
from parvis.core.sources.vocabulary import format_of
from parvis.core.text import fold, seen_text
from parvis.core.translation import SOURCE

LONGEST_TITLE: Final = 500
LONGEST_TEXT: Final = 20_000
LONGEST_URL: Final = 2_000
MOST_KEYWORDS: Final = 200
LONGEST_KEYWORD: Final = 200
MOST_RESOURCES: Final = 500
MOST_POSITIONS: Final = 100_000

_TAGS = re.compile(
    r"<!--|</?(p|br|div|span|a|ul|ol|li|b|i|u|em|strong|h[1-6]|table|tr|td|th|tbody|img|pre|code|section|script|style|font|center|sup|sub|hr)\b",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});", re.IGNORECASE)
_BREAK = re.compile(r"<(br|/p|/div|/li|/h[1-6]|/tr|/table|/section|/pre)\b[^>]{0,200}>", re.IGNORECASE)
_HEADING = re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+|^[ \t]{0,3}(?:[-*_][ \t]?){3,}$", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\[\]]{0,300})\]\(<?([^()\s<>]{1,1000})>?(?:[ \t]+\"[^\"\n]{0,300}\")?\)")
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]{1,1000}?)(?<=\S)\*(?![\w*])")
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^*_\n]{1,1000}?)(?<=\S)\1")
_LAYER = re.compile(r"[?&]typenames?=[^&]", re.IGNORECASE)
_ARCGIS_LAYER = re.compile(r"/(FeatureServer|MapServer)/\d+/?$")
_EMAIL = re.compile(r"[^\s@<>,;:\"]{1,64}@[\w-]{1,63}(\.[\w-]{1,63})+")
_WKT = re.compile(r"(?:SRID=\d+;)?\s*(?:MULTI)?(?:POINT|LINESTRING|POLYGON)|ENVELOPE|BOX", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?\d{1,9}(?:\.\d{1,20})?(?:[eE][-+]?\d{1,3})?")


def short(value: object, longest: int = LONGEST_TITLE) -> str:
    """One line of plain text; numbers are written, lists and objects give their French or first text."""
    text = _raw(value)[: 4 * longest]
    return seen_text(_without_tags(text))[:longest].strip()


def plain(value: object, longest: int = LONGEST_TEXT) -> str:
    """Plain text with its lines; HTML loses its tags and keeps its paragraphs."""
    text = _without_tags(_raw(value)[: 10 * longest])
    lines = [seen_text(line) for line in text.splitlines()]
    written = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return written if len(written) <= longest else written[: longest - 1].rstrip() + "…"


def markdown(value: object, longest: int = LONGEST_TEXT) -> str:
    """The same of a text that may be Markdown: its marks go, the addresses of its links stay beside their words.

    >>> markdown("## Contenu\\n\\nVoir **le** [guide](https://exemple.fr/g)")
    'Contenu\\n\\nVoir le guide (https://exemple.fr/g)'
    """
    text = _HEADING.sub("", _raw(value)[: 10 * longest].replace("\r\n", "\n"))
    return plain(_EMPHASIS.sub(r"\1", _STRONG.sub(r"\2", _LINK.sub(_beside_words, text))), longest)


def _beside_words(link: re.Match[str]) -> str:
    words, target = link[1].strip(), link[2]
    if link[0].startswith("!"):
        return words  # a picture
    return target if words in ("", target) else f"{words} ({target})"


def _raw(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int | float):
        return str(value) if abs(value) < 1e15 else ""
    if isinstance(value, Mapping):
        return _raw_of_languages(value)
    if isinstance(value, list | tuple):
        parts = [part for part in value[:20] if isinstance(part, str | Mapping) and part]
        parts.sort(
            key=lambda part: isinstance(part, Mapping) and not str(part.get("language", SOURCE)).startswith(SOURCE)
        )
        texts_of = (part if isinstance(part, str) else _raw_of_languages(part) for part in parts)
        return next((text for text in texts_of if text.strip()), "")
    return ""


def _raw_of_languages(value: Mapping[Any, Any]) -> str:
    """``{"fr": …, "en": …}``, or ``{"text": …, "language": …}`` of GBFS 3."""
    for key in ("fr", "fr-FR", "fr_FR", "text", "name", "label", "title", "en"):
        if isinstance(value.get(key), str) and value[key].strip():
            return str(value[key])
    return next((part for part in value.values() if isinstance(part, str)), "")


def _without_tags(text: str) -> str:
    if _TAGS.search(text):
        flat = text if "<pre" in text.lower() else re.sub(r"\s+", " ", text)
        text = nh3.clean(_BREAK.sub("\n", flat), tags=set())
        return html.unescape(text).replace("\xa0", " ")
    return html.unescape(text) if _ENTITY.search(text) else text


def texts(value: object) -> list[str]:
    """The texts of a list, of one text, or of a list of objects that have a name."""
    if isinstance(value, Mapping):  # {"fr": [...]}
        value = next((value[key] for key in ("fr", "en", *value) if isinstance(value.get(key), list)), value)
    if isinstance(value, list | tuple):
        return [text for part in value[: 50 * MOST_KEYWORDS] if (text := short(part))]
    return [text] if (text := short(value)) else []


def rows(value: object) -> list[dict[str, Any]]:
    """The objects of a list."""
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def mapping(value: object) -> dict[str, Any]:
    """An object, or an empty one."""
    return value if isinstance(value, dict) else {}


def keywords(words: Iterable[str]) -> tuple[str, ...]:
    """Words each once, accents and case aside, ``MOST_KEYWORDS`` at most."""
    taken: dict[str, str] = {}
    for word in words:
        text = short(word, LONGEST_KEYWORD).strip(" ,;#")
        if text and len(taken) < MOST_KEYWORDS:
            taken.setdefault(fold(text), text)
    return tuple(taken.values())


def moment(value: object, first: int = 1900, last: int = 2200) -> str:
    """A date or instant in ISO 8601, empty when it does not exist or its year is not between ``first`` and ``last``."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _instant(value, first, last)
    text = short(value, 40)
    if re.fullmatch(r"\d{4}", text) or re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
        return text if first <= int(text[:4]) <= last else ""
    for read in (_iso, _french, _mail):
        if (day := read(text)) is not None:
            return text_of(day) if first <= day.year <= last else ""
    return ""


def text_of(day: date) -> str:
    """A date or instant as ISO 8601 writes it, seconds whole."""
    return day.isoformat(timespec="seconds") if isinstance(day, datetime) else day.isoformat()


def _iso(text: str) -> date | None:
    plain_text = re.sub(r"(\.\d{1,6})\d*", r"\1", text.strip().replace("/", "-"))
    plain_text = re.sub(r"^(\d{4}-\d\d-\d\d)(Z|[+-]\d\d:\d\d)$", r"\1", plain_text)  # a day of XML Schema
    plain_text = re.sub(r"^((?:19|20)\d\d)(\d\d)(\d\d)$", r"\1-\2-\3", plain_text)
    plain_text = re.sub(r"^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?UTC$", r"\1Z", plain_text)
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", plain_text):
            return date.fromisoformat(plain_text)
        if re.match(r"\d{4}-\d\d-\d\d[T ]\d\d", plain_text):
            return datetime.fromisoformat(plain_text)
    except (ValueError, OverflowError):
        pass
    return None


def _french(text: str) -> date | None:
    match = re.fullmatch(r"(\d\d)[/.-](\d\d)[/.-](\d{4})", text)
    try:
        return date(int(match[3]), int(match[2]), int(match[1])) if match else None
    except ValueError:
        return None


def _mail(text: str) -> date | None:
    if not re.match(r"[A-Za-z]{3}, \d", text):
        return None
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _instant(seconds: float, first: int, last: int) -> str:
    """Seconds or milliseconds since 1970."""
    if not math.isfinite(seconds):
        return ""
    seconds = seconds / 1000 if abs(seconds) > 1e11 else seconds
    try:
        instant = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return ""
    return text_of(instant) if first <= instant.year <= last else ""


def period(value: object) -> tuple[str, str]:
    """Start and end of a text such as ``2019-01-01/2020-12-31``, of an object or of a list of two."""
    if isinstance(value, Mapping):
        pair = [value.get("start") or value.get("startDate"), value.get("end") or value.get("endDate")]
    elif isinstance(value, list | tuple):
        pair = [*value[:2], None, None][:2]
    else:
        text = short(value, 100)
        pair = [*re.split(r"\s*/\s*(?=\d{4}|P|$|\.\.)", text, maxsplit=1), ""][:2]
    start, end = (moment(part, 1000, 2500) for part in pair)
    return start, end


def email(value: object) -> str:
    """The first address of a text, ``mailto:`` aside."""
    match = _EMAIL.search(unquote(_raw(value)[:500]).removeprefix("mailto:"))
    return match[0].strip(".") if match else ""


def address(value: object, base: str = "") -> str:
    """An absolute address of the web or FTP, its spaces written as such; empty for anything else."""
    text = _raw(value).strip()[: LONGEST_URL + 1]
    if not text or len(text) > LONGEST_URL or any(ord(sign) < 32 for sign in text):
        return ""
    try:
        full = urljoin(base, text) if base else text
        parts = urlsplit(full)
        if parts.scheme.lower() not in ("http", "https", "ftp") or not parts.hostname:
            return ""
        parts.port  # noqa: B018 - a ValueError when it is none
    except ValueError:
        return ""
    return quote(parts.geturl(), safe=":/?#[]@!$&'()*+,;=%~-._", errors="replace")


def size(value: object) -> int | None:
    """A number of bytes."""
    text = short(value, 40).removesuffix(".0")
    return int(text) if re.fullmatch(r"\d{1,15}", text) else None


def digest(algorithm: object, value: object) -> str:
    """``sha256:…`` for a checksum and the name, code or address of its algorithm; empty when there is none."""
    text = short(value, 200)
    declared = fold(short(algorithm, 200)).split("checksumalgorithm_")[-1]
    if "://" in declared:  # …/hashAlgorithms/sha/256
        declared = "".join(re.findall(r"[^/#]+", declared)[-2 if re.search(r"[/#]\d+$", declared) else -1 :])
    algorithm_name = re.sub(r"[^a-z0-9]", "", declared)
    if ":" in text:
        algorithm_name, _, text = text.partition(":")
    elif not algorithm_name:
        algorithm_name = {32: "md5", 40: "sha1", 64: "sha256"}.get(len(text), "")
    if not algorithm_name or not re.fullmatch(r"[0-9a-fA-F]{16,128}", text):
        return ""
    return f"{algorithm_name.lower()}:{text.lower()}"


type Box = tuple[float, float, float, float]


def box(values: Iterable[object]) -> Box | None:
    """West, south, east and north in degrees; None when they are none."""
    numbers = [box_number(value) for value in values]
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4 or any(number is None for number in numbers):
        return None
    west, south, east, north = (float(number) for number in numbers if number is not None)
    if 0 < west - east < 180:  # the wrong way round, but for what crosses the antimeridian
        west, east = east, west
    if south - north > 0:
        south, north = north, south
    fits = -180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90
    return (west, south, east, north) if fits else None


def box_number(value: object) -> float | None:
    """A finite number, a decimal comma aside; None when it is none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = float(value.replace(",", ".")) if isinstance(value, str) else float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def box_of_geometry(value: object) -> Box | None:
    """The rectangle around a GeoJSON geometry."""
    geometry = mapping(value)
    if "geometry" in geometry:
        geometry = mapping(geometry["geometry"])
    if (written := geometry.get("bbox")) and isinstance(written, list):
        return box(written[:6])
    pending: list[object] = [geometry.get("coordinates")]
    longitudes: list[float] = []
    latitudes: list[float] = []
    while pending and len(longitudes) < MOST_POSITIONS:
        part = pending.pop()
        if not isinstance(part, list):
            continue
        if len(part) in (2, 3) and not any(isinstance(number, list) for number in part):
            pair = [box_number(number) for number in part[:2]]
            if pair[0] is not None and pair[1] is not None:
                longitudes.append(pair[0])
                latitudes.append(pair[1])
        else:
            pending += part[:MOST_POSITIONS]
    return box((min(longitudes), min(latitudes), max(longitudes), max(latitudes))) if longitudes else None


def box_of_wkt(text: str) -> Box | None:
    """The rectangle around a WKT of longitudes and latitudes."""
    body = text[: 20 * MOST_POSITIONS].partition("(")[2]
    longitudes, latitudes = [], []
    for position in body.split(","):
        numbers = _NUMBER.findall(position)
        if len(numbers) >= 2:
            longitudes.append(float(numbers[0]))
            latitudes.append(float(numbers[1]))
    return box((min(longitudes), min(latitudes), max(longitudes), max(latitudes))) if longitudes else None


def box_of_text(text: str) -> Box | None:
    """The rectangle that a text holds: GeoJSON, WKT, four numbers, or two corners in brackets of which the order is sure."""
    text = text.strip()
    if text.startswith(("{", "[")):
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return None
        return _box_of_corners(value) if isinstance(value, list) else box_of_geometry(value)
    if _WKT.match(text):
        return box_of_wkt(text)
    return box(text.split(",")) if text.count(",") == 3 else None


def _box_of_corners(value: list[Any]) -> Box | None:
    """``[[a, b], [c, d]]``: longitude first unless only the other order lies on the globe; None when it takes a person to know."""
    if len(value) == 4 and not any(isinstance(part, list) for part in value):
        return box(value)
    if len(value) != 2 or not all(isinstance(part, list) and len(part) == 2 for part in value):
        return None
    (a, b), (c, d) = value
    straight, crossed = box((a, b, c, d)), box((b, a, d, c))
    return (straight or crossed) if straight is None or crossed is None else None


def extension(url: str, *names: str) -> str:
    """The suffix of the file that a name or an address ends in; empty when there is none."""
    for name in (*names, urlsplit(url).path if "//" in url else url):
        match = re.search(r"\.([a-z0-9]{2,8})(?:\.(?:gz|zip))?$", name.strip().lower())
        if match:
            return match[1]
    return ""


def resource(
    url: str,
    *,
    title: str = "",
    formats: Iterable[str] = (),
    media_type: str = "",
    bytes: int | None = None,
    modified: str = "",
    digest: str = "",
    dialect: str = "",
) -> Resource:
    """A resource whose format is that of the words, of the media type or of the address, in this order; what only says JSON or XML
    yields to a name that says more."""
    suffix = format_of(extension(url, title))
    slug = format_of(*formats, media_type) or suffix
    if suffix and (slug in ("json", "xml") or {slug, suffix} == {"xls", "xlsx"}):
        slug = suffix
    if dialect == "arcgis" and not _ARCGIS_LAYER.search(url.partition("?")[0]):
        dialect = ""  # a whole service, pictures, or an address of its own kind: not one table
    if dialect and dialect != "grist":
        slug = "geojson"  # so come the rows of every other service
    return Resource(url, title, slug, media_type[:100], bytes, modified, digest, dialect)


def resources(parts: Iterable[Resource]) -> tuple[Resource, ...]:
    """Resources that have an address, each once, ``MOST_RESOURCES`` at most.

    A WFS whose address names no layer yields to files of the same dataset: it may have any number of layers.
    """
    taken: dict[tuple[str, str], Resource] = {}
    for part in parts:
        if part.url and len(taken) < MOST_RESOURCES:
            taken.setdefault((part.url, part.dialect), part)
    has_files = any(part.format not in ("", "xml") and not part.dialect for part in taken.values())
    return tuple(
        replace(part, dialect="", format="")
        if has_files and part.dialect == "wfs" and not _LAYER.search(part.url)
        else part
        for part in taken.values()
    )


def stable(identifier: str, home: str) -> str:
    """An identifier without what changes when a source moves: of an address on its own server, the path and the question alone.

    >>> stable("https://data.exemple.fr/jeux/12?v=1", "http://data.exemple.fr/catalog.ttl")
    'jeux/12?v=1'
    """
    text = short(identifier, 1_000)
    if "://" not in text:
        return text[:500] if len(text) <= 500 else hashed(text)
    try:
        parts, own = urlsplit(text), urlsplit(home)
    except ValueError:
        return hashed(text)
    path = (
        parts.path + (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
    ).strip("/")
    host = (parts.hostname or "").removeprefix("www.")
    bare = path if path and host == (own.hostname or "").removeprefix("www.") else f"{host}/{path}"
    return bare if len(bare) <= 500 else hashed(bare)


def hashed(text: str) -> str:
    """A short name of a text too long to be one."""
    return hashlib.blake2s(text.encode("utf-8", "replace"), digest_size=16).hexdigest()
