"""Geocoding by the national service of addresses, or by any that speaks its language (Addok): what is sent, what comes back.

A step runs where there is no network: it writes the addresses that nobody answered yet beside its workspace and stops there
(``AddressesToAsk``). Who runs it asks the service, and begins again with the answers as a table.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from parvis.core.connections import path_literal
from parvis.core.errors import DataError
from parvis.core.transforms.model import SideTable
from parvis.core.translation import gettext_noop

type Parts = tuple[str, str, str, str]
"""An address as the table has it: its text, its postcode, its commune, the code of its commune."""
FILE = "adresses.jsonl"
MOST_ASKED = 200_000
"""Different addresses of one table that the service is asked for."""
LONGEST_ADDRESS = 300
PARTIAL = "partial"
"""The version of a table of answers in which some addresses were left out on purpose: a preview sends few."""
NO_ANSWER, NOT_ASKED = "address-no-answer", "address-not-asked"
LEVELS = frozenset({"housenumber", "street", "locality", "municipality"})
ANSWERED = ("latitude", "longitude", "score", "level", "label", "postcode", "city", "city_code")


class AddressesToAsk(DataError):
    """Some addresses have no answer yet; they are in ``FILE``, in the folder above the workspace."""

    code: ClassVar[str] = "addresses-to-ask"
    sentence: ClassVar[str] = gettext_noop("{count} adresses attendent la réponse du service national de géocodage.")
    advice: ClassVar[str] = gettext_noop("Elles sont demandées à l’import du fichier.")


def address_key(parts: Parts) -> str:
    """What an address is remembered by: nothing can be read of it."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()


def write_addresses(folder: Path, rows: Iterable[Parts]) -> None:
    """Leave addresses for who runs the step."""
    with (folder / FILE).open("w", encoding="utf-8") as stream:
        for row in rows:
            stream.write(json.dumps(row) + "\n")


def read_addresses(folder: Path) -> list[Parts]:
    """The addresses that a step left."""
    with (folder / FILE).open(encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream]
    return [(str(text), str(postcode), str(city), str(code)) for text, postcode, city, code in rows]


def question(rows: Sequence[Parts]) -> str:
    """The CSV that the service is sent: one line an address, its rank first."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(["rang", "adresse", "codeinsee"])
    for rank, (text, postcode, city, code) in enumerate(rows):
        line = " ".join(" ".join((text, postcode, city)).split())[:LONGEST_ADDRESS]
        writer.writerow([rank, line, code if len(code) == 5 and code.isalnum() else ""])
    return stream.getvalue()


def read_answers(path: Path, count: int) -> list[list[Any]]:
    """The answers of the service to ``count`` addresses: the rank of each and its attributes, None when it found nothing.

    A rank that is missing, said twice or not ours has no answer; called in a confined child, as for any received file.
    """
    answers: dict[int, list[Any]] = {}
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        try:
            for row in csv.DictReader(stream, strict=False):
                rank = row.get("rang") or ""
                if rank.isascii() and rank.isdecimal() and len(rank) < 9 and int(rank) < count and _is_whole(row):
                    answers.setdefault(int(rank), [int(rank), _place(row)])
        except csv.Error:
            pass  # what follows a broken line is asked again
    return list(answers.values())


def _is_whole(row: Mapping[Any, Any]) -> bool:
    """Whether a line was received to its end, which a cut body does not say."""
    return row.get("result_status") in ("ok", "not-found") or (
        row.get("result_status") is None and "result_status" not in row and row.get("result_score") is not None
    )


def _place(row: Mapping[str, str | None]) -> dict[str, str] | None:
    longitude, latitude, score = (_number(row.get(name)) for name in ("longitude", "latitude", "result_score"))
    if longitude is None or latitude is None or score is None or abs(longitude) > 180 or abs(latitude) > 90:
        return None
    level = row.get("result_type") or ""
    texts = {name: (row.get(f"result_{theirs}") or "")[:LONGEST_ADDRESS] for name, theirs in _TEXTS.items()}
    return {
        "latitude": f"{latitude:.6f}", "longitude": f"{longitude:.6f}", "score": f"{min(max(score, 0.0), 1.0):.2f}",
        "level": level if level in LEVELS else "", **texts,
    }  # fmt: skip


_TEXTS = {"label": "label", "postcode": "postcode", "city": "city", "city_code": "citycode"}


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def answers_of(connection: Any, table: SideTable) -> dict[str, dict[str, str] | None]:
    """The answers by the key of their address: None when nothing was found; without a key, none came."""
    answers: dict[str, dict[str, str] | None] = {}
    for path in table.files:
        rows = connection.execute(f"SELECT key, answer FROM read_parquet({path_literal(path)})").fetchall()
        answers |= {key: json.loads(answer) for key, answer in rows}
    return answers


def write_answers(path: Path, places: Mapping[str, Mapping[str, str] | None]) -> None:
    """The table of answers that a step reads."""
    import pyarrow as pa  # noqa: PLC0415 of the step alone
    import pyarrow.parquet as pq  # noqa: PLC0415

    columns = {"key": list(places), "answer": [json.dumps(place) for place in places.values()]}
    pq.write_table(pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()}), path)
