"""``parvis basemap``: a base map made from an OpenStreetMap extract, shown, removed."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import ClassVar, Final

from django.conf import settings

from parvis.config.cli.progress import Bar, duration, spaced
from parvis.core.basemap import building
from parvis.core.basemap.files import BaseMap, current
from parvis.core.errors import NotFound
from parvis.core.translation import gettext_noop
from parvis.hub.maps.basemap_files import folder
from parvis.hub.maps.own_ground import ground_archive
from parvis.hub.thumbnails.services import ask_again as ask_for_thumbnails


class NoBaseMap(NotFound):
    """None was built."""

    code: ClassVar[str] = "basemap-none"
    sentence: ClassVar[str] = gettext_noop("Aucun fond de carte n’a été fait sur cette instance.")
    advice: ClassVar[str] = gettext_noop("Faites-en un : parvis basemap build FICHIER.osm.pbf.")


def run(args: Namespace) -> None:
    """Do what is asked of the base map of the instance."""
    _ACTS[args.act](args)


def _build(args: Namespace) -> None:
    source = Path(args.file)
    if not source.exists():
        raise NotFound(name=args.file)
    bar = Bar(source.name)
    try:
        base_map = building.build(source, folder(), bar, ground_archive().path)
    finally:
        bar.close()
    ask_for_thumbnails()
    if args.json:
        print(json.dumps(_facts(base_map), ensure_ascii=False))
        return
    print(f"Fond de carte prêt, en {duration(base_map.seconds)}.")
    _describe(base_map)
    if settings.PARVIS["PARVIS_MAP_BASE"] != "pmtiles":
        print('Les cartes ne le montrent pas encore : réglez PARVIS_MAP_BASE = "pmtiles".')


def _show(args: Namespace) -> None:
    base_map = current(folder())
    if base_map is None:
        raise NoBaseMap
    if args.json:
        print(json.dumps(_facts(base_map), ensure_ascii=False))
        return
    _describe(base_map)


def _remove(args: Namespace) -> None:
    if not building.remove(folder()):
        raise NoBaseMap
    ask_for_thumbnails()
    print(json.dumps({"removed": True}) if args.json else "Fond de carte retiré.")


def _facts(base_map: BaseMap) -> dict[str, object]:
    facts = asdict(base_map)
    del facts["coverage"], facts["wide_coverage"]
    return {**facts, "file": str(base_map.path(folder()))}


def _describe(base_map: BaseMap) -> None:
    counts = base_map.features
    print(f"Extrait : {base_map.source}, OpenStreetMap du {base_map.date[:10] or 'jour inconnu'}.")
    size = f"{max(base_map.bytes / 1e6, 0.1):.1f}".replace(".", ",")
    print(f"Fichier : {base_map.path(folder())}, {size} Mo.")
    print(
        f"Contenu : {spaced(counts.get('buildings', 0))} bâtiments, {spaced(counts.get('roads', 0))} voies, "
        f"{spaced(counts.get('rails', 0))} tronçons de rail, {spaced(counts.get('places', 0))} noms de lieux."
    )


_ACTS: Final[dict[str, Callable[[Namespace], None]]] = {"build": _build, "show": _show, "remove": _remove}
