"""GDAL, closed: the only way to it, with the few drivers that Parvis uses and no file system but the plain one.

GDAL tries its drivers one after the other on whatever it is given. Some of them open other files, databases and addresses
that the file names (``OGR_VRT``, ``GDALG``, ``CSV:/vsicurl/…``): a file sent by a stranger would then read the server.
"""

from __future__ import annotations

import ctypes
import os
import threading
from pathlib import Path
from typing import Any, Final

from parvis.core.errors import OperationError, UnsafeFile
from parvis.core.translation import gettext_noop

FLATGEOBUF: Final = "FlatGeobuf"
GEOPACKAGE: Final = "GPKG"
GPX: Final = "GPX"
KML: Final = "LIBKML"
MAPINFO: Final = "MapInfo File"
SHAPEFILE: Final = "ESRI Shapefile"
DRIVERS: Final = frozenset({FLATGEOBUF, GEOPACKAGE, GPX, KML, MAPINFO, SHAPEFILE})
"""What Parvis reads and writes with GDAL; every other driver is taken out, whatever a later GDAL brings."""

_VECTOR = 4  # GDAL_OF_VECTOR
_MEMORY = "/vsimem/"
_SKIPPED = (
    "MEM,PCIDSK,PDS4,VICAR,PDF,MBTiles,EEDA,OGCAPI,GDALG,LVBAG,S57,DGN,OGR_VRT,CSV,GML,KML,GeoJSON,GeoJSONSeq,ESRIJSON,"
    "TopoJSON,OGR_GMT,SQLite,WAsP,OpenFileGDB,DXF,GeoRSS,VFK,PGDUMP,OSM,GPSBabel,OGR_PDS,WFS,OAPIF,EDIGEO,Idrisi,ODS,XLSX,"
    "Elasticsearch,Carto,AmigoCloud,SXF,Selafin,JML,PLSCENES,CSW,VDV,MVT,NGW,MapML,GTFS,PMTiles,JSONFG,MiraMonVector,ADBC,"
    "AVCBin,AVCE00,AIVector,HTTP"
)
_SETTINGS = {
    # Assigned, never left to the environment: what closes GDAL is not for the machine it runs on to decide.
    "GDAL_SKIP": _SKIPPED,
    "OGR_SKIP": "",
    "GDAL_DRIVER_PATH": "disable",
    "GDAL_CONFIG_FILE": os.devnull,
    "GDAL_DISABLE_READDIR_ON_OPEN": "FALSE",
    "GDAL_VRT_ENABLE_PYTHON": "NO",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{nothing}",
    "CPL_VSIL_CURL_ALLOWED_FILENAME": "/vsicurl/nothing",
    "CPL_CURL_ENABLE_VSIMEM": "NO",
    "LIBKML_RESOLVE_STYLE": "NO",
    "LIBKML_EXTERNAL_STYLE": "NO",
    "OGR_ARROW_MEM_LIMIT": str(512 * 1024 * 1024),  # of a batch, whatever the size of its rows
    "OGR_SQLITE_LOAD_EXTENSIONS": "",
    "OGR_SQLITE_ALLOW_EXTERNAL_ACCESS": "NO",
}
_loading = threading.Lock()
_loaded: list[Any] = []


class GdalNotClosed(OperationError):
    """GDAL keeps drivers or file systems that strangers' files could use: nothing is read nor written with it."""

    code = "gdal-not-closed"
    sentence = gettext_noop(
        "La bibliothèque GDAL installée ne peut pas être fermée ({reason}) : les fichiers géographiques ne sont ni lus ni écrits."
    )
    advice = gettext_noop("Installez la version de pyogrio que nomme requirements.lock.")


class SeveralFormats(UnsafeFile):
    """A file that another driver than the one of its format would open as well."""

    code = "file-several-formats"
    sentence = gettext_noop(
        "Le fichier « {file} » se présente comme {format} et comme {others} à la fois : il est refusé par sécurité."
    )
    advice = gettext_noop("Exportez-le de nouveau dans un seul format.")


def pyogrio() -> Any:
    """The library, loaded and closed at the first call; GdalNotClosed when anything stays open."""
    with _loading:
        if not _loaded:
            os.environ.update(_SETTINGS)
            import pyogrio as library  # noqa: PLC0415 - heavy: a second and 100 MB that most processes never need

            _close(library)
            _loaded.append(library)
    return _loaded[0]


def check_driver(path: Path, driver: str, name: str) -> None:
    """Refuse the file when another driver than ``driver`` would take it: what GDAL opens it with is then what was detected."""
    functions = _functions(pyogrio())
    if others := [other for other in sorted(DRIVERS - {driver}) if _identifies(functions, path, other)]:
        raise SeveralFormats(file=name, format=driver, others=", ".join(others))


def _functions(library: Any) -> ctypes.CDLL:
    """The C functions of the GDAL that pyogrio is linked to, whatever its file is called."""
    functions = ctypes.CDLL(library._ogr.__file__)
    functions.GDALGetDriver.restype = ctypes.c_void_p
    functions.GDALGetDescription.argtypes = functions.GDALDeregisterDriver.argtypes = [ctypes.c_void_p]
    functions.GDALGetDescription.restype = ctypes.c_char_p
    functions.VSIGetFileSystemsPrefixes.restype = ctypes.POINTER(ctypes.c_char_p)
    functions.VSIRemovePluginHandler.argtypes = [ctypes.c_char_p]
    functions.CSLDestroy.argtypes = [ctypes.POINTER(ctypes.c_char_p)]
    functions.GDALIdentifyDriverEx.restype = ctypes.c_void_p
    functions.GDALIdentifyDriverEx.argtypes = [
        ctypes.c_char_p,
        ctypes.c_uint,
        ctypes.POINTER(ctypes.c_char_p),
        ctypes.c_void_p,
    ]
    return functions


def _close(library: Any) -> None:
    """Take out what the settings left: drivers that are not ours, and the file systems of archives, networks and pipes.

    No setting of GDAL closes ``/vsizip/``, ``/vsisubfile/`` or ``/vsistdin/``; its own C functions do.
    """
    try:
        functions = _functions(library)
        for driver in _drivers(functions):
            if _named(functions, driver) not in DRIVERS:
                functions.GDALDeregisterDriver(driver)
        for prefix in _file_systems(functions):
            if prefix != _MEMORY:
                functions.VSIRemovePluginHandler(prefix.encode())
        open_drivers = {_named(functions, driver) for driver in _drivers(functions)} | set(library.list_drivers())
        open_systems = set(_file_systems(functions))
    except (AttributeError, OSError) as error:
        raise GdalNotClosed(reason=str(error)) from error
    if open_drivers != DRIVERS or not open_systems <= {_MEMORY}:
        raise GdalNotClosed(reason=", ".join(sorted((open_drivers ^ DRIVERS) | open_systems)))


def _drivers(functions: ctypes.CDLL) -> list[int]:
    return [functions.GDALGetDriver(rank) for rank in range(functions.GDALGetDriverCount())]


def _named(functions: ctypes.CDLL, driver: int) -> str:
    name: bytes = functions.GDALGetDescription(driver)
    return name.decode()


def _file_systems(functions: ctypes.CDLL) -> list[str]:
    prefixes = functions.VSIGetFileSystemsPrefixes()
    names: list[str] = []
    while prefixes[len(names)]:
        names.append(prefixes[len(names)].decode())
    functions.CSLDestroy(prefixes)
    return names


def _identifies(functions: ctypes.CDLL, path: Path, driver: str) -> bool:
    allowed = (ctypes.c_char_p * 2)(driver.encode(), None)
    return bool(functions.GDALIdentifyDriverEx(os.fsencode(path), _VECTOR, allowed, None))
