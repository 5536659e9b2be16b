"""A portal of datasets of every shape: what a move may meet, made from a number alone, and changed there from a seed.

Run as a program, it serves them for a move by hand: ``python -m parvis.hub.harvesting.tests.far_shapes COUNT PORT``; ``/changer``
then changes some of them, ``/tables`` tells them all.
"""

from __future__ import annotations

import json
import random
import sys
import threading
from collections.abc import Callable
from typing import Any

from parvis.hub.harvesting.tests.catalogue_server import Portal, reply, serving
from parvis.hub.harvesting.tests.far_portal import FarPortal, rows

NAMES = ["nom", "nom_2", "x" * 60, "select", "ligne", "rowid", "population_2024", "date", "group", "e"]
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def _text_fields(names: list[str], kind: str = "text") -> list[dict[str, Any]]:
    return [{"name": name, "label": name.upper()[:40], "type": kind, "annotations": {}} for name in names]


def _told(row: dict[str, Any], fields: list[dict[str, Any]]) -> dict[str, Any]:
    """The same dataset, with these fields."""
    row["fields"] = fields
    return row


def _every_type(far: FarPortal, name: str, rng: random.Random) -> dict[str, Any]:
    table = rows(rng.randrange(5, 60))
    rng.shuffle(table)
    return far.add(name, table)


def _empty(far: FarPortal, name: str, rng: random.Random) -> dict[str, Any]:
    return far.add(name, [])


def _no_column(far: FarPortal, name: str, rng: random.Random) -> dict[str, Any]:
    row = far.add(name, [])
    row |= {"fields": [], "has_records": False}
    far.attach(row, "guide_pdf", "Guide d’usage.pdf", PDF)
    return row


def _wide(far: FarPortal, name: str, rng: random.Random) -> dict[str, Any]:
    names = [f"colonne_{n:03}" for n in range(300)]
    table = [{part: f"{n}/{place}" if (n + place) % 7 else None for place, part in enumerate(names)} for n in range(20)]
    return _told(far.add(name, table), _text_fields(list(table[0])))


def _odd_names(far: FarPortal, name: str, rng: random.Random) -> dict[str, Any]:
    table = [{part: f"{part} {n}" for part in NAMES} for n in range(rng.randrange(1, 30))]
    return _told(far.add(name, table), _text_fields(list(table[0])))


def _dates(far: FarPortal, name: str, rng: random.Random) -> dict[str, Any]:
    zones = ["+00:00", "+02:00", "-09:30", "+14:00"]
    table = [
        {
            "quand": f"2024-0{1 + n % 9}-1{n % 10}T1{n % 10}:00:00{zones[n % 4]}",
            "jour": f"19{10 + n % 80}-06-0{1 + n % 9}",
        }
        for n in range(rng.randrange(4, 40))
    ]
    fields = [{**_text_fields(["quand"])[0], "type": "datetime"}, {**_text_fields(["jour"])[0], "type": "date"}]
    return _told(far.add(name, table, timezone="Europe/Paris"), fields)


def _pictures(far: FarPortal, name: str, rng: random.Random) -> dict[str, Any]:
    table = rows(3)
    for n, line in enumerate(table):
        line["photo"] = far.picture(name, f"f{n}")
    row = far.add(name, table)
    far.attach(row, "notice_txt", "notice.txt", f"Comment lire {name}.".encode())
    far.attach(row, "plan_dwg", "plan.dwg", b"AC1027", kind="alternative_exports")
    return row


def _html(far: FarPortal, name: str, rng: random.Random) -> dict[str, Any]:
    description = '<h2>Titre</h2><p onclick="x()">Un <b>jeu</b> <script>alert(1)</script>&eacute;t&eacute;</p><iframe src="//x"></iframe>'
    return far.add(name, rows(4), description=description, title="<i>Jeu</i> & « autres » 日本語 🚲")


def _same_title(far: FarPortal, name: str, rng: random.Random) -> dict[str, Any]:
    return far.add(name, rows(rng.randrange(2, 9)), title="Budget primitif", publisher=f"Commune {name[-3:]}")


def _federated(far: FarPortal, name: str, rng: random.Random) -> dict[str, Any]:
    origin = {"source_domain": "ailleurs", "source_domain_address": "ailleurs.exemple.fr", "source_dataset": name}
    return far.add(name, rows(5), federated=True, **origin)


def _restricted(far: FarPortal, name: str, rng: random.Random) -> dict[str, Any]:
    row = far.add(name, rows(3))
    row["visibility"] = "restricted"
    return row


def _no_licence(far: FarPortal, name: str, rng: random.Random) -> dict[str, Any]:
    return far.add(name, rows(2), license="")


TWICE = 3
"""How many of the first are met twice: one has a long name, one is renamed while another goes, two have one title."""
SHAPES: tuple[Callable[[FarPortal, str, random.Random], dict[str, Any]], ...] = (
    _every_type,
    _html,
    _same_title,
    _empty,
    _no_column,
    _odd_names,
    _dates,
    _pictures,
    _federated,
    _restricted,
    _no_licence,
    _wide,
)


def fill(far: FarPortal, count: int, *, long: int = 0) -> None:
    """So many datasets, one shape after the other; ``long`` rows for one of them."""
    for n in range(count):
        shape, rng = SHAPES[n % len(SHAPES)], random.Random(n)
        name = f"{shape.__name__.strip('_').replace('_', '-')}-{n:03}"
        if n == len(SHAPES):
            name = f"{n:03}-" + "long" * 24  # as long as identifiers may be
        shape(far, name, rng)
    if long:
        names = ["rang", "mot", "valeur"]
        table = [{"rang": n, "mot": f"mot {n % 997}", "valeur": n / 7} for n in range(long)]
        kinds = zip(names, ("int", "text", "double"), strict=True)
        fields = [{**_text_fields([part])[0], "type": kind} for part, kind in kinds]
        _told(far.add("long", table), fields)


def stamp(row: dict[str, Any], day: int) -> None:
    """Say that the data of a dataset changed that day."""
    row["metas"]["default"]["data_processed"] = f"2026-03-{day:02}T00:00:00+00:00"


def change(far: FarPortal, seed: int = 1) -> dict[str, list[str]]:
    """What a portal does between two moves: rows added and removed, a type changed, datasets deleted, created, renamed; by what was done."""
    rng = random.Random(seed)
    by_kind = {
        kind: [name for name in far.tables if name.startswith(kind)] for kind in ("every-type", "odd-names", "html")
    }
    done: dict[str, list[str]] = {}
    datasets = {row["dataset_id"]: row for row in far.portal.datasets}
    for name in by_kind["every-type"]:
        if name in datasets:
            far.tables[name] = [*far.tables[name][rng.randrange(1, 4) :], *rows(rng.randrange(1, 3))]
            stamp(datasets[name], 1 + seed % 20)
            done.setdefault("rows", []).append(name)
    for name in by_kind["odd-names"][:2]:
        row = datasets[name]
        row["fields"] = [{**part, "type": "int"} if part["name"] == "date" else part for part in row["fields"]]
        far.tables[name] = [{**line, "date": n} for n, line in enumerate(far.tables[name])]
        stamp(row, 2 + seed % 20)
        done.setdefault("type", []).append(name)
    for name in by_kind["html"][:1]:
        far.portal.datasets.remove(datasets[name])
        done.setdefault("deleted", []).append(name)
    new = f"neuf-{seed}"
    far.add(new, rows(3))
    done["created"] = [new]
    for name in by_kind["html"][1:2]:
        row = datasets[name]
        renamed = f"renomme-{seed}"
        table, uid = far.tables.pop(name), row["dataset_uid"]
        far.portal.datasets.remove(row)
        fresh = far.add(renamed, table, uid=uid)
        fresh["metas"] = row["metas"]
        done["renamed"] = [name, renamed]
    return done


def main(count: int, port: int) -> None:
    """Serve them until killed."""
    with serving(Portal(), port) as portal:
        far, turns = FarPortal(portal), iter(range(1, 100))
        fill(far, count, long=100_000)
        portal.answers["/changer"] = lambda handler: reply(handler, json.dumps(change(far, next(turns))).encode())
        portal.answers["/tables"] = lambda handler: reply(
            handler, json.dumps({"tables": far.tables, "datasets": portal.datasets}).encode()
        )
        portal.answers["/demandes"] = lambda handler: reply(handler, str(len(portal.asked)).encode())
        print(portal.address, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
