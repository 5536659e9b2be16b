"""Shapefiles in a zip: one for each family of geometries, with a note on what the format could not hold."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from parvis.core import gdal
from parvis.core.explore.errors import TooLargeForShapefile
from parvis.core.explore.writers.gdal import GEOMETRY, OTHER, Attributes, RowSpool, Table, epsg_of, kinds_of
from parvis.core.explore.writers.rows import Answer
from parvis.core.explore.writers.shapes import simple_parts
from parvis.core.explore.writers.temporary import sent
from parvis.core.text import slugify

DBF_BYTES = 254
DBF_COLUMNS = 255
DBF_NAME = 10
SHAPEFILE_BYTES = 2**31 - 1
SHAPEFILE = Attributes(typed_dates=True, text_bytes=DBF_BYTES, columns=DBF_COLUMNS, largest=1e20)
_FAMILIES = {"Point": "points", "MultiPoint": "multipoints", "LineString": "lignes", "Polygon": "polygones"}


def write_shp(answer: Answer) -> Iterator[bytes]:
    """A zip with one shapefile for each family of geometries, and a note on what the format could not hold."""

    def make(folder: Path) -> Path:
        table = Table(answer, SHAPEFILE, titles=dbf_names(answer.titles))
        spooled = _by_family(table, folder)
        target, apart = folder / "export.zip", folder / "files"
        apart.mkdir()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
            for family, rows in spooled.items():
                name = answer.setting.name if len(spooled) == 1 else f"{answer.setting.name}-{family}"
                rows.into(apart / f"{name}.shp", gdal.SHAPEFILE, name, epsg_of(answer), encoding="UTF-8")
                for path in sorted(apart.iterdir()):
                    if path.stat().st_size > SHAPEFILE_BYTES:
                        raise TooLargeForShapefile
                    archive.write(path, path.name)
                    path.unlink()
            archive.writestr("LISEZMOI.txt", _note(answer, table, spooled))
        return target

    return sent(answer, make)


def dbf_names(titles: tuple[str, ...]) -> list[str]:
    """Names of at most ten bytes, each once whatever the case.

    >>> dbf_names(("code_commune_insee", "code_commune_nom", "nom"))
    ['code_commu', 'code_com_1', 'nom']
    """
    short_names: list[str] = []
    for title in titles:
        short = slugify(title).replace("-", "_")[:DBF_NAME] or "champ"
        unique, number = short, 1
        while unique in short_names:
            ending = f"_{number}"
            unique, number = f"{short[: DBF_NAME - len(ending)]}{ending}", number + 1
        short_names.append(unique)
    return short_names


def _by_family(table: Table, folder: Path) -> dict[str, RowSpool]:
    """The rows by family of geometries; those without geometry go with the first family met."""
    spooled: dict[str, RowSpool] = {}
    with ExitStack() as ends:

        def add(family: str, batch: pa.RecordBatch, kinds: pa.Array) -> None:
            if family not in spooled:
                spooled[family] = RowSpool(folder / f"{family}.arrow", batch.schema)
                ends.callback(spooled[family].end)
            spooled[family].add(batch, kinds)

        for batch in map(_without_collections, table.batches()):
            kinds = kinds_of(batch)
            families = _families(kinds)
            for family in pc.unique(families.drop_null()).to_pylist():
                mine = pc.fill_null(pc.equal(families, family), False)
                add(family, batch.filter(mine), kinds.filter(mine))
            nowhere = pc.is_null(families)
            if pc.any(nowhere).as_py() or not (spooled or batch.num_rows):
                add(next(iter(spooled), "sans-geometrie"), batch.filter(nowhere), kinds.filter(nowhere))
    return spooled


def _without_collections(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Rows whose geometry mixes kinds, repeated for each of its parts: a shapefile holds one kind."""
    mixed = pc.fill_null(pc.equal(kinds_of(batch), OTHER), False)
    if not pc.any(mixed).as_py():
        return batch
    ranks: list[int] = []
    shapes: list[bytes | None] = []
    for rank, (shape, is_mixed) in enumerate(zip(batch.column(GEOMETRY).to_pylist(), mixed.to_pylist(), strict=True)):
        parts = simple_parts(shape) if is_mixed else [shape]
        ranks += [rank] * max(len(parts), 1)
        shapes += parts or [None]
    repeated = batch.take(pa.array(ranks, pa.int64()))
    return repeated.set_column(batch.num_columns - 1, GEOMETRY, pa.array(shapes, pa.binary()))


def _families(kinds: pa.Array) -> pa.Array:
    encoded = pc.dictionary_encode(kinds)
    names = [
        _FAMILIES.get(kind, _FAMILIES.get(kind.removeprefix("Multi"), "autres"))
        for kind in encoded.dictionary.to_pylist()
    ]
    return pa.array(names, pa.string()).take(encoded.indices)


def _note(answer: Answer, table: Table, spooled: dict[str, RowSpool]) -> str:
    lines = ["Ce que le format shapefile a demandé de changer", ""]
    names = [(short, title) for short, title in zip(table.titles, answer.titles, strict=True) if short != title]
    if names:
        lines += [
            "Noms de colonnes, limités à 10 caractères :",
            *(f"  {short} = {title}" for short, title in names),
            "",
        ]
    if table.cut:
        lines += ["Textes coupés à 254 octets :", *(f"  {title} : {count}" for title, count in table.cut.items()), ""]
    if table.lost:
        lines += ["Nombres trop grands, ou qui n’en sont pas, laissés vides :"]
        lines += [*(f"  {title} : {count}" for title, count in table.lost.items()), ""]
    if len(spooled) > 1:
        lines += [
            "Un fichier par type de géométrie :",
            *(f"  {name} : {rows.rows} lignes" for name, rows in spooled.items()),
            "",
        ]
    if nulls := sum(rows.nulls for rows in spooled.values()):
        lines += [f"Lignes sans géométrie : {nulls}", ""]
    if len(lines) == 2:
        lines = ["Rien n’a été changé : noms de colonnes et textes sont entiers.", ""]
    lines.append("Les exports CSV, GeoJSON, GeoPackage et Parquet contiennent tout.")
    return "\r\n".join(lines) + "\r\n"
