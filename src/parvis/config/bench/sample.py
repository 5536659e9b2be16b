"""The file that is measured: made on the spot, the same on every machine, shaped like a town's bicycle counts."""

from __future__ import annotations

from pathlib import Path

import duckdb

QUIET = "SET enable_progress_bar = false"
"""Said to DuckDB wherever the bench uses it: nothing is drawn between the figures."""

QUERY = """
SELECT lpad(CAST(91000 + hash(i) % 900 AS VARCHAR), 5, '0') AS code_insee,
       'Compteur n° ' || (hash(i * 7) % 400) AS compteur,
       ['rue', 'avenue', 'boulevard', 'chemin'][CAST(1 + hash(i * 11) % 4 AS BIGINT)] || ' du ' || (hash(i * 13) % 90 + 1) || ' mars' AS adresse,
       strftime(TIMESTAMP '2020-01-01' + to_minutes(CAST(i AS INTEGER)), '%Y-%m-%dT%H:%M:%S') AS horodatage,
       CAST(DATE '2020-01-01' + CAST(i % 2000 AS INTEGER) AS VARCHAR) AS jour,
       hash(i * 17) % 5000 AS passages,
       round((hash(i * 19) % 100000) / 7.0, 3) AS debit,
       round(48.5 + (hash(i * 23) % 100000) / 200000.0, 6) AS latitude,
       round(2.2 + (hash(i * 29) % 100000) / 200000.0, 6) AS longitude,
       ['oui', 'non'][CAST(1 + hash(i * 31) % 2 AS BIGINT)] AS en_service
FROM range(?) AS numbers(i)
"""


def write_sample(path: Path, rows: int) -> int:
    """Write ``rows`` lines of CSV at ``path``; gives its size in bytes (about 110 for each row)."""
    with duckdb.connect() as connection:
        connection.execute(QUIET)
        connection.execute(f"COPY ({QUERY.replace('?', str(int(rows)))}) TO '{path}' (HEADER, DELIMITER ',')")
    return path.stat().st_size
