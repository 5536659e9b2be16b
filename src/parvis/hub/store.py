"""The store of the instance, and the names of what is in it.

::

    datasets/<uid>/versions/<version>/…               what never changes: original, rows, manifest
    datasets/<uid>/lenses/<version>/<commune>/…       what a commune sees of it (derived)
    datasets/<uid>/rowlog/<number>.rows               what programs pushed, until a version holds it
    datasets/<uid>/runs/<file>                        the same laid over the current version (derived)
    datasets/<uid>/prepared/<version>/<file>          whole files made ahead (derived)
    datasets/<uid>/thumbnails/<version>/<file>        pictures for cards (derived)
    datasets/<uid>/reports/<version>/<schema>/<file>  reports of checks
    thumbnails/<kind>/<key>/<file>                    pictures for the cards of maps, charts and pages (derived)
    harvests/<run>/<page>.jsonl                       what a source answered, until its items are done
    deposits/<uuid>/file, deposits/<uuid>/rapport/…   files received, not yet versions
    checks/<token>/…                                  reports of strangers' files, an hour each
    references/<table>-<stamp>.parquet                territories as steps of imports read them (derived)
    addresses/<file>                                  the addresses that geocoding reads, loaded by the operator
    media/…                                           pictures and documents of pages and cards
    catalogue/<language>                              objects of the API for the processes that start (derived)
    search/<index>/…, search/current                  what searches read (derived), and which one
    search/library-<name>/…                           the same for the long documents of a subject
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings

from parvis.core.errors import NotFound
from parvis.core.store import FolderStore, Store
from parvis.core.versions.manifest import MANIFEST, Manifest

KINDS: Final[dict[str, Callable[[SplitResult, Path], Store]]] = {
    "": lambda _url, home: FolderStore(home),
    "file": lambda url, _home: FolderStore(Path(unquote(url.path))),
}
"""How a store is made, by the scheme of ``PARVIS_STORAGE_URL`` (see ``hub.conf``) and the home."""


def store() -> Store:
    """Where the files of the instance are."""
    return _made(settings.PARVIS["PARVIS_STORAGE_URL"], settings.PARVIS_HOME)


def store_at(url: str, home: Path) -> Store:
    """The store that a value of ``PARVIS_STORAGE_URL`` names, for a home."""
    parts = urlsplit(url)
    return KINDS[parts.scheme](parts, home)


_made = lru_cache(maxsize=1)(store_at)


def dataset_name(uid: str) -> str:
    """All that a dataset has, by its permanent uid."""
    return f"datasets/{uid}"


def versions_name(uid: str) -> str:
    """The versions of a dataset."""
    return f"{dataset_name(uid)}/versions"


def version_name(uid: str, version: str) -> str:
    """One of its versions."""
    return f"{versions_name(uid)}/{version}"


def is_stored(uid: str, version: str) -> bool:
    """Whether a version is there, whole."""
    return store().exists(f"{version_name(uid, version)}/{MANIFEST}")


def manifest_of(uid: str, version: str) -> Manifest:
    """The manifest of a version; NotFound when it is not there."""
    return stored_manifest(store(), version_name(uid, version))


def stored_manifest(files: Store, name: str) -> Manifest:
    """The manifest of a version, or of a subset of one, by its full name."""
    try:
        stream = files.open(f"{name}/{MANIFEST}")
    except NotFound as error:
        raise NotFound(name=name.rpartition("/")[2]) from error
    with stream:
        return Manifest.from_json(stream.read().decode())


def report_name(uid: str, version: str, schema_version: str = "") -> str:
    """The full report on a version against the version of the schema followed then."""
    name = "".join(c if c.isalnum() or c in ".-" else "_" for c in schema_version) or "schema"
    return f"{reports_name(uid, version)}/{name}"


def reports_name(uid: str, version: str) -> str:
    """All reports on a version: beside it, never inside."""
    return f"datasets/{uid}/reports/{version}"


def lenses_name(uid: str, version: str) -> str:
    """What communes see of a version."""
    return f"datasets/{uid}/lenses/{version}"


def rowlog_name(uid: str) -> str:
    """The log of the rows pushed into a dataset."""
    return f"datasets/{uid}/rowlog"


def runs_name(uid: str) -> str:
    """The files of these rows that lie over its current version."""
    return f"datasets/{uid}/runs"


def prepared_name(uid: str, version: str = "") -> str:
    """The files made ahead of a version; of all versions without one."""
    return f"datasets/{uid}/prepared/{version}" if version else f"datasets/{uid}/prepared"


def thumbnails_name(uid: str, version: str = "") -> str:
    """The pictures for the cards of a version; of all versions without one."""
    return f"datasets/{uid}/thumbnails/{version}" if version else f"datasets/{uid}/thumbnails"


def record_thumbnails_name(kind: str, key: int) -> str:
    """The pictures for the card of a map, a chart or a page."""
    return f"thumbnails/{kind}/{key}"


def check_name(token: str) -> str:
    """The report on a stranger's file."""
    return f"checks/{token}"


def references_name(name: str = "") -> str:
    """A table of territories as steps of imports read it; all of them without a name."""
    return f"references/{name}" if name else "references"


def addresses_name(name: str = "") -> str:
    """A table of the addresses that were loaded; all of them without a name."""
    return f"addresses/{name}" if name else "addresses"


def media_name(name: str) -> str:
    """A picture or a document of pages and cards, by its name for Django."""
    return f"media/{name}"


def harvest_name(run: object) -> str:
    """What a reading of a source has in hand."""
    return f"harvests/{run}"


def deposit_name(key: object) -> str:
    """A received file and what goes with it."""
    return f"deposits/{key}"


def deposit_file_name(key: object) -> str:
    """The bytes of a received file, whatever people call it."""
    return f"{deposit_name(key)}/file"


def deposit_sample_name(key: object, reading: str) -> str:
    """The first rows of a received file as they are read with those options, for the previews of its steps."""
    return f"{deposit_name(key)}/premieres-{reading}.parquet"


def deposit_report_name(key: object) -> str:
    """The full report on a received file, until it is a version."""
    return f"{deposit_name(key)}/rapport"
