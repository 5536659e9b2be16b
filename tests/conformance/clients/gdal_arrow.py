"""GDAL and Arrow, reading the addresses of exports as they are, against the portal named by PORTAL."""

import io
import os
import sys
import urllib.request

import pyarrow.parquet as pq
from pyogrio import read_info
from pyogrio.raw import read

base = os.environ["PORTAL"] + "/api/explore/v2.1/catalog/datasets/arbres-essai/exports"


def fetched(name: str) -> bytes:
    with urllib.request.urlopen(f"{base}/{name}") as response:
        return response.read()


for name, rows in (("geojson", 6), ("fgb", 6), ("gpkg", 6), ("kml", 6)):
    content = fetched(name)
    assert read_info(content)["features"] == rows, (name, read_info(content)["features"])
    meta, _fids, _shapes, values = read(content, read_geometry=False)
    column = dict(zip(meta["fields"], values, strict=True))
    assert set(column["ref"]) == {"A1", "A2", "A3", "A4", "A5", "A6"}, (name, column)
table = pq.read_table(io.BytesIO(fetched("parquet")))
assert table.num_rows == 6 and b"geo" in table.schema.metadata

# GDAL and Arrow end their threads in an order that now and then aborts the process; every answer has been checked.
sys.stdout.flush()
os._exit(0)
