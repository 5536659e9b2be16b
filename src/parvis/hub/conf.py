"""Settings of an instance: declared rows, read from the environment, then from ``parvis.toml`` in the home."""

from __future__ import annotations

import ipaddress
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from parvis.core.errors import ParvisError
from parvis.core.translation import gettext_noop
from parvis.hub.served_address import BASE_URL, UNSET, local_address


class BadSetting(ParvisError):
    """A setting that makes no sense: the instance does not start."""

    code: ClassVar[str] = "setting"
    sentence: ClassVar[str] = gettext_noop("Le réglage {name} = « {value} » n’est pas valable : {reason}.")


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its name (environment and ``parvis.toml``), default, what it is for, and how text becomes a value."""

    name: str
    default: Any
    sentence: str
    parse: Callable[[str], Any] = str


def _boolean(text: str) -> bool:
    words = {"1": True, "true": True, "oui": True, "yes": True, "0": False, "false": False, "non": False, "no": False}
    if text.strip().lower() not in words:
        raise ValueError("attendu : true ou false")
    return words[text.strip().lower()]


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _languages(text: str) -> tuple[str, ...]:
    """Codes of languages, as ISO 639 writes them."""
    names = tuple(dict.fromkeys(name.lower() for name in _names(text)))
    if not all(re.fullmatch(r"[a-z]{2,3}", name) for name in names) or len(names) > 20:
        raise ValueError("attendu : des codes de langue comme de,es,br, vingt au plus")
    return names


def _positive(text: str) -> int:
    number = int(text)
    if number <= 0:
        raise ValueError("attendu : un nombre entier positif")
    return number


def _niceness(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 19:
        raise ValueError("attendu : un nombre de 0 à 19")
    return number


def _networks(text: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    return tuple(ipaddress.ip_network(part, strict=False) for part in _names(text))


def _private_hosts(text: str) -> tuple[str, ...]:
    """Hosts or networks, each with a port or without: entries of ``core.fetching.addresses.allowed_hosts``."""
    for entry in _names(text):
        host = entry.rpartition(":")[0] if re.fullmatch(r"(\[.*\]|[^:]*):[1-9]\d{0,4}", entry) else entry
        if not re.fullmatch(r"(?=.*[a-z])[\w.-]+", host, re.IGNORECASE):
            ipaddress.ip_network(host.strip("[]"), strict=False)
    return _names(text)


def _service(text: str) -> str:
    """Nothing, or the address of a service on the web."""
    parts = urlsplit(text)
    if text and (parts.scheme not in ("http", "https") or not parts.hostname or parts.username):
        raise ValueError("attendu : une adresse comme https://data.geopf.fr/geocodage/search/csv/")
    return text


def _folders(text: str) -> tuple[Path, ...]:
    folders = tuple(Path(part) for part in _names(text))
    if not all(folder.is_absolute() and len(folder.parts) > 1 and ".." not in folder.parts for folder in folders):
        raise ValueError("attendu : des dossiers complets, comme /srv/depots")
    return folders


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 60:
        raise ValueError("attendu : des secondes, de 0 à 60")
    return number


def bytes_of(text: str) -> int:
    """A size such as 512MB or 2GB, in bytes; ValueError."""
    units = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}
    unit = next((unit for unit in units if text.upper().endswith(unit)), "")
    try:
        number = float(text[: -len(unit)]) * units[unit] if unit else int(text)
    except ValueError as error:
        raise ValueError("attendu : une taille comme 512MB ou 2GB") from error
    if number < 50_000_000:
        raise ValueError("attendu : au moins 50MB")
    return int(number)


def _bytes_or_none(text: str) -> int:
    return 0 if text.strip() == "0" else bytes_of(text)


def _recipients(text: str) -> tuple[str, ...]:
    names = _names(text)
    if not all(name.startswith("age1") for name in names):
        raise ValueError("attendu : des clés publiques age1…")
    return names


def _natural(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError("attendu : un nombre entier, ou 0")
    return number


def _address(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise ValueError("attendu : une adresse http:// ou https://")
    return text.rstrip("/")


def _address_or_none(text: str) -> str:
    return _address(text) if text.strip() else ""


def _map_base(text: str) -> str:
    if text not in ("pmtiles", "own", "ign"):
        raise ValueError("attendu : pmtiles, own ou ign")
    return text


def _tiles_address(text: str) -> str:
    address = _address(text)
    parts = urlsplit(address)
    if "{" in parts.netloc or any(address.count(mark) != 1 for mark in ("{z}", "{x}", "{y}")):
        raise ValueError("attendu : une adresse où {z}, {x} et {y} viennent une fois, après le nom du serveur")
    try:
        address.format(z=0, x=0, y=0)
    except (KeyError, IndexError, ValueError) as error:
        raise ValueError("attendu : une adresse sans autres accolades") from error
    return address


def _storage(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme != "file":
        raise ValueError(
            f"« {parts.scheme or text} » n’est pas encore pris en charge ; attendu : rien, ou file:///un/dossier"
        )
    if parts.netloc or not parts.path.startswith("/"):
        raise ValueError("attendu : file:///un/dossier, trois barres comprises")
    return text


SETTINGS = (
    Setting(
        "PARVIS_CARD_LANGUAGES",
        (),
        "Languages in which cards may be translated besides those of the screens, separated by commas: de,es,br.",
        _languages,
    ),
    Setting(
        "PARVIS_DATABASE_URL", "", "Database: empty for SQLite in the home, or postgresql://user:password@host/name."
    ),
    Setting(
        "PARVIS_STORAGE_URL",
        "",
        "Where versions, deposits, reports and media are: empty for the home, or file:///another/folder of this machine.",
        _storage,
    ),
    Setting("PARVIS_SECRET_KEY", "", "Signing key; made once and kept in the home (mode 600) when not given."),
    Setting(
        "PARVIS_SECRET_KEY_FALLBACKS",
        (),
        "Former signing keys, separated by commas, while `parvis secret-key renew` has not run yet.",
        _names,
    ),
    Setting(
        BASE_URL,
        UNSET,
        "Public address of the portal, used in links and feeds; without it, where it was last served on this machine.",
        _address,
    ),
    Setting(
        "PARVIS_ALLOWED_HOSTS",
        ("127.0.0.1", "localhost", ".localhost", "[::1]"),
        "Host names served, separated by commas; one that begins with a dot stands for all below it.",
        _names,
    ),
    Setting("PARVIS_ENGINE_MEMORY", "1GB", "Memory the query engine may use, such as 512MB or 4GB."),
    Setting(
        "PARVIS_ENGINE_DISK",
        10 * 10**9,
        "Disk a web process may use for tables too large for that memory, such as 2GB or 0 for none; one gigabyte stays free.",
        _bytes_or_none,
    ),
    Setting(
        "PARVIS_CACHE_MEMORY",
        300_000_000,
        "Memory that one web process may use for answers, blocks, tiles and pictures already made, such as 100MB or 1GB.",
        bytes_of,
    ),
    Setting("PARVIS_ENGINE_THREADS", 2, "Threads the query engine may use.", _positive),
    Setting(
        "PARVIS_WORKER_NICENESS",
        10,
        "How much background work gives way to pages: 0, not at all, to 19; at 10 it keeps a tenth of what they get when all "
        "processors are busy.",
        _niceness,
    ),
    Setting(
        "PARVIS_JOB_STALLED_SECONDS",
        1_800,
        "Seconds without progress after which a heavy background task is stopped with its process (a third for small ones); it "
        "is tried twice in all.",
        _positive,
    ),
    Setting("PARVIS_JOB_HOURS", 12, "Longest time a background task may run, in hours.", _positive),
    Setting("PARVIS_ENGINE_SECONDS", 20, "Longest time one public query may run, in seconds.", _positive),
    Setting("PARVIS_PRIVATE", False, "Everything needs a session or an API key, the catalogue included.", _boolean),
    Setting(
        "PARVIS_QUOTA_ANONYMOUS_SECONDS",
        7_200,
        "Seconds of the engine's time that one address may take a day without a key.",
        _positive,
    ),
    Setting(
        "PARVIS_QUOTA_ANONYMOUS_CALLS", 1_000_000, "Calls of the API from one address a day without a key.", _positive
    ),
    Setting(
        "PARVIS_QUOTA_KEY_SECONDS",
        28_800,
        "Seconds of the engine's time that one API key, or one person signed in, may take a day.",
        _positive,
    ),
    Setting("PARVIS_QUOTA_KEY_CALLS", 5_000_000, "Calls of the API with one key a day.", _positive),
    Setting(
        "PARVIS_TRUSTED_PROXIES",
        (),
        "Addresses or networks of your own proxies, separated by commas: X-Forwarded-For is read from them alone.",
        _networks,
    ),
    Setting(
        "PARVIS_SQL_CHILDREN",
        2,
        "Most processes that answer free SQL, for each web process; 0 closes the SQL page.",
        _natural,
    ),
    Setting("PARVIS_SQL_SECONDS", 10, "Longest time one SQL statement may run, in seconds.", _positive),
    Setting(
        "PARVIS_SQL_MEMORY",
        512_000_000,
        "Memory DuckDB may use for one SQL statement before it spills to disk, such as 512MB or 2GB.",
        bytes_of,
    ),
    Setting("PARVIS_IMPORT_MEMORY", "384MB", "Memory DuckDB may use for one import before it spills to disk."),
    Setting(
        "PARVIS_READ_SECONDS",
        3600,
        "Longest time the reading of one received file may take in the background.",
        _positive,
    ),
    Setting(
        "PARVIS_READ_DISK",
        20_000_000_000,
        "Room on disk that the reading of one received file may take, in bytes.",
        _positive,
    ),
    Setting(
        "PARVIS_SOURCES_PAUSE",
        0.25,
        "Seconds between two requests to the same server by the sources; a longer pause that its robots.txt wishes is kept.",
        _seconds,
    ),
    Setting(
        "PARVIS_TESSDATA",
        "",
        "Folder of the French data of Tesseract (fra.traineddata), by which scans of acts are recognised; empty: where the system has it.",
    ),
    Setting(
        "PARVIS_ACCEPT_UNCONFINED",
        False,
        "Take files from the public even where the system cannot confine what reads them (no Landlock): the risk is yours.",
        _boolean,
    ),
    Setting("PARVIS_UPLOAD_BYTES", 5_000_000_000, "Largest file accepted, in bytes.", _positive),
    Setting(
        "PARVIS_VERSIONS_KEPT",
        10,
        "Versions kept of each dataset, besides the published one and those that figures came from: shown today, of the last month, "
        "then one a week for a year, then one a month.",
        _positive,
    ),
    Setting(
        "PARVIS_MAIL_URL",
        "",
        "Mail server: smtp://user:password@host:port; without it mails wait, and are sent once it is set.",
    ),
    Setting("PARVIS_MAIL_FROM", "parvis@localhost", "Sender of mails."),
    Setting(
        "PARVIS_NOTICE_MAILS",
        True,
        "Once a day at most, mail to owners what became late, stale or broken among their datasets.",
        _boolean,
    ),
    Setting(
        "PARVIS_SOURCE_CHECKS",
        True,
        "Once a day, ask the address that the data comes from whether it still answers.",
        _boolean,
    ),
    Setting(
        "PARVIS_SOURCES_PRIVATE_HOSTS",
        (),
        "Hosts of the private network that sources may reach, separated by commas: nas.ville.lan, nas.ville.lan:22, 10.2.0.0/24.",
        _private_hosts,
    ),
    Setting(
        "PARVIS_REPUBLICATION_PRIVATE_HOSTS",
        (),
        "Hosts of the private network where datasets may be sent, a udata on trial for instance, over HTTP too; written as those of sources.",
        _private_hosts,
    ),
    Setting(
        "PARVIS_GEOCODING_API",
        "",
        "Service that geocodes CSV files (https://data.geopf.fr/geocodage/search/csv/, or an Addok of your own); addresses are sent to it.",
        _service,
    ),
    Setting("PARVIS_SOURCES_FOLDERS", (), "Folders of this machine that sources may read, by commas.", _folders),
    Setting("PARVIS_SECURE", False, "Served over HTTPS: secure cookies and HSTS.", _boolean),
    Setting(
        "PARVIS_HSTS_SUBDOMAINS",
        True,
        "With PARVIS_SECURE, ask browsers for HTTPS on every name below the portal's too; false when something else, without "
        "HTTPS, answers there.",
        _boolean,
    ),
    Setting(
        "PARVIS_SUPERUSER_SECOND_FACTOR",
        True,
        "People with every right must set a second factor before they enter the back office.",
        _boolean,
    ),
    Setting("PARVIS_SESSION_IDLE_MINUTES", 120, "Minutes without a request after which a session ends.", _positive),
    Setting("PARVIS_SESSION_HOURS", 12, "Hours after which a session ends, however busy.", _positive),
    Setting(
        "PARVIS_BACKUP_RECIPIENTS",
        (),
        "Public keys (age1…), separated by commas, that `parvis backup` encrypts for; empty writes backups in clear.",
        _recipients,
    ),
    Setting(
        "PARVIS_OSM_SITE",
        "https://www.openstreetmap.org",
        "Site of OpenStreetMap that links to its editors lead to, and where people sign in to send edits.",
        _address,
    ),
    Setting(
        "PARVIS_OSM_API",
        "",
        "Address of OpenStreetMap's API, such as https://api.openstreetmap.org; empty: nothing is sent there.",
        _address_or_none,
    ),
    Setting(
        "PARVIS_OSM_CLIENT_ID",
        "",
        "What OpenStreetMap knows this portal by (OAuth 2, public client), once it is registered there.",
    ),
    Setting(
        "PARVIS_TIMESTAMP_URL",
        "",
        "Server (RFC 3161) that stamps the end of each day of the chain of publications; empty: none is asked.",
        _address_or_none,
    ),
    Setting(
        "PARVIS_TIMESTAMP_ROOTS",
        "",
        "File of certificates (PEM) that its answers are checked against; empty: what they are about is checked, not who signed.",
    ),
    Setting(
        "PARVIS_MAP_BASE",
        "pmtiles",
        "Base map: pmtiles (what parvis basemap build made, over the contours shipped with Parvis), own (these contours alone) or "
        "ign (IGN’s Plan, fetched and kept by this portal).",
        _map_base,
    ),
    Setting(
        "PARVIS_IGN_URL",
        "https://data.geopf.fr/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2"
        "&STYLE=normal&FORMAT=image/png&TILEMATRIXSET=PM&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}",
        "Address of the tiles of IGN’s Plan, in PNG, with {z}, {x} and {y}; asked for with PARVIS_MAP_BASE = ign alone.",
        _tiles_address,
    ),
    Setting(
        "PARVIS_IGN_CACHE",
        1_000_000_000,
        "Bytes of the disk that the tiles of IGN’s Plan may take; the least recently looked at go first.",
        _positive,
    ),
    Setting(
        "PARVIS_ACTS_FOLDER",
        "",
        "Folder of the server where services leave acts to be read, in a sub-folder named by the slug of each organisation.",
    ),
    Setting(
        "PARVIS_DELIVERIES_FOLDER",
        "",
        "Folder of the server where senders leave expected deliveries, by SFTP for instance, in a sub-folder named as its page says.",
    ),
    Setting("PARVIS_DEBUG", False, "Developer mode; never in public.", _boolean),
)
"""Every setting that an operator may give, besides ``PARVIS_HOME`` which says where the rest is found."""


def home() -> Path:
    """The folder of the instance: ``PARVIS_HOME``, by default ``./parvis-home``."""
    return Path(os.environ.get("PARVIS_HOME") or "parvis-home").resolve()


def read_settings(folder: Path, environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Every setting's value: environment first, then ``parvis.toml``, then its default; BadSetting for nonsense."""
    written = _read_toml(folder / "parvis.toml")
    values = {}
    for setting in SETTINGS:
        raw = environment.get(setting.name, written.get(setting.name))
        unset = (local_address(folder) if setting.name == BASE_URL else "") or setting.default
        values[setting.name] = unset if raw in (None, "") else _parse(setting, raw)
    return values


def _parse(setting: Setting, raw: Any) -> Any:
    text = ",".join(map(str, raw)) if isinstance(raw, list) else str(raw)
    try:
        return setting.parse(text)
    except ValueError as error:
        raise BadSetting(name=setting.name, value=text, reason=error) from error


def _read_toml(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadSetting(name=path.name, value="", reason=error) from error
    names = {setting.name for setting in SETTINGS}
    for name in written:
        if name not in names:
            raise BadSetting(name=name, value=written[name], reason="réglage inconnu de parvis.toml")
    return written
