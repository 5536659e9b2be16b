"""The catalogue of a region: ten thousand datasets searched, listed, narrowed, while one of them is published."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

from parvis.config.bench.figures import Figure, percentile, turns_for
from parvis.config.bench.inside import inside
from parvis.config.bench.pages import Served, answer_seconds

DATASETS, LEAST_DATASETS = 10_000, 100
"""For a million rows, and for a trial of the benchmark on a few."""
COMMUNES = 24
ORGANISATIONS = 30
PUBLICATIONS = 5
_WARMING = 6
_IN_A_ROW = 6
"""Answers in a row that show a publication before it is seen: there are several web processes."""
_PAUSE = 0.02

SEARCH, PAGE, SEEN, MEMORY = 30, 50, 1_000, 150
"""Budgets of the design: milliseconds of a search, of a page, until a publication is seen; megabytes a process."""

KINDS = (
    *(
        "Arbres d’alignement",
        "Arceaux à vélos",
        "Aires de jeux",
        "Bâtiments communaux",
        "Bornes de recharge électrique",
    ),
    *("Bureaux de vote", "Budget primitif", "Cantines scolaires", "Comptages de vélos", "Composteurs partagés"),
    *(
        "Conteneurs à verre",
        "Crèches municipales",
        "Déchèteries",
        "Délibérations du conseil municipal",
        "Défibrillateurs",
    ),
    *("Déploiement de la fibre", "Écoles maternelles et élémentaires", "Éclairage public", "Équipements sportifs"),
    *(
        "Établissements recevant du public",
        "Fontaines à boire",
        "Horaires des services",
        "Jardins partagés",
        "Logements sociaux",
    ),
    *("Marchés publics", "Menus de la restauration", "Parcs et jardins", "Permis de construire", "Pistes cyclables"),
    *("Places de stationnement réservées", "Plan local d’urbanisme", "Points d’eau incendie", "Qualité de l’air"),
    *("Qualité de l’eau potable", "Résultats des élections", "Sanitaires publics", "Subventions aux associations"),
    *("Transports scolaires", "Travaux de voirie", "Zones de rencontre"),
)
"""What towns publish, in the words of the common base of local data and of national schemas."""

WORDS = (
    *(
        "Grigny",
        "écoles",
        "Évry",
        "fibre",
        "arbres",
        "velo",
        "bornes recharge",
        "budget 2023",
        "cantine",
        "composteurs",
    ),
    *(
        "defibrilateur",
        "déchèterie",
        "délibérations",
        "éclairage",
        "élections",
        "eau potable",
        "fontaines",
        "jardins",
        "logements",
    ),
    *(
        "marchés publics",
        "menus",
        "parcs",
        "permis construire",
        "pistes cyclables",
        "stationnement",
        "urbanisme",
        "incendie",
    ),
    *(
        "qualité air",
        "sanitaires",
        "subventions association",
        "transports",
        "travaux",
        "voirie",
        "crèches",
        "bureaux vote",
    ),
    *("sport", "Corbeil-Essonnes", "aires jeux Grigny", "horaires 2024", "batiments"),
)
"""What is looked for, as people type it."""

SEARCHES = (
    ("API : recherche", "/api/explore/v2.1/catalog/datasets?limit=20&where={quoted}"),
    ("Explorer : recherche", "/explore/?q={word}"),
    ("portail : recherche", "/recherche/?q={word}"),
)
PAGES = (
    ("Explorer, sans mot", "/explore/?page={turn}"),
    ("Explorer, un thème", "/explore/?theme=transports&page={turn}"),
    ("API : page du catalogue", "/api/explore/v2.1/catalog/datasets?limit=20&offset={turn}0"),
)

_MAKE = """
import itertools, json, os, random, sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from django.utils import timezone
from parvis.core.identifiers import new_version_id
from parvis.core.ingest import ingest
from parvis.core.metadata import THEMES
from parvis.core.privacy import PrivacyInspector
from parvis.core.text import slugify
from parvis.core.versions.facts import facts_of
from parvis.core.versions.manifest import MANIFEST, write_manifest
from parvis.hub.accounts.models import Organisation
from parvis.hub.catalogue.models import Dataset, Version, new_uid
from parvis.hub.catalogue.services import bump_revision
from parvis.hub.datastore.factories import versions_folder
from parvis.hub.datastore.kinds import PREPARE
from parvis.hub.datastore.tasks import version_row
from parvis.hub.jobs.models import Job
from parvis.hub.registry import modules
from parvis.hub.search.writing import rebuild
from parvis.hub.territories.models import Territory
from parvis.hub.thumbnails.rules import DRAWING
from parvis.web.api.explore.catalogue_store import keep_stocks
kinds, number, folder = json.loads(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
communes, owners = int(sys.argv[4]), int(sys.argv[5])
chance, now = random.Random(7), timezone.now()
# What each day and each start ask for is noted as asked: readers are measured, not the work behind.
Job.objects.create(kind=PREPARE, arguments={"dataset": None})
for row in itertools.chain.from_iterable(module.daily for module in modules()):
    Job.objects.get_or_create(kind=row.kind, key=timezone.localdate().isoformat(), defaults={"state": Job.State.DONE, "finished": now})
# Eight shapes of a few rows, imported as any file is.
columns = [
    ("nom", lambda n: f"Lieu {n}"), ("commune", lambda n: ("Grigny", "Évry-Courcouronnes", "Lisses")[n % 3]),
    ("type", lambda n: ("public", "privé")[n % 2]), ("essence", lambda n: ("tilleul", "érable", "chêne", "platane")[n % 4]),
    ("date_de_pose", lambda n: f"20{n % 25:02}-0{n % 9 + 1}-1{n % 10}"), ("nombre_de_places", lambda n: n * 3 % 17),
    ("longitude", lambda n: f"2.{300 + n}"), ("latitude", lambda n: f"48.{600 + n}"), ("etat", lambda n: ("bon", "moyen", "à refaire")[n % 3]),
    ("code_insee", lambda n: ("91286", "91228", "91340")[n % 3]), ("montant", lambda n: f"{n * 1234 / 7:.2f}"), ("horaires", lambda n: f"{n % 9 + 8} h"),
]
shapes = []
for rank in range(8):
    chosen = columns[: 3 + rank] + columns[6:8] * (rank in (3, 4)) + columns[9:]
    chosen = list(dict(chosen).items())
    path = folder / f"forme-{rank}.csv"
    lines = [",".join(name for name, _cell in chosen), *(",".join(str(cell(n)) for _name, cell in chosen) for n in range(30))]
    path.write_text("\\n".join(lines) + "\\n", encoding="utf-8")
    manifest = ingest(path, name=path.name, destination=folder / "formes", work=folder / "work", inspectors=[PrivacyInspector()])
    shapes.append((folder / "formes" / manifest.version, manifest))
towns = list(Territory.objects.filter(kind="commune", epci="200059228").order_by("code"))
towns += list(Territory.objects.filter(kind="commune", department="91").exclude(epci="200059228").order_by("-population"))
towns = towns[:communes]
bodies = ["Agglomération", "Syndicat des eaux", "Syndicat des déchets", "Régie des transports", "Office de l’habitat", "Agence de l’énergie"]
organisations = [
    *(Organisation(slug=f"ville-{town.code}", name=f"Ville : {town.name}", kind="commune") for town in towns),
    *(Organisation(slug=slugify(name), name=name, kind="autre") for name in bodies),
][:owners]
Organisation.objects.bulk_create(organisations)
datasets = []
for rank in range(number):
    kind, town, year = kinds[rank % len(kinds)], towns[rank // len(kinds) % len(towns)], 2010 + rank // (len(kinds) * len(towns)) % 16
    owner = organisations[rank * 7 % len(organisations)]
    text = f"<p>{kind} de {town.name}, relevés en {year} par {owner.name}. Les données sont mises à jour chaque année, et corrigées à la demande.</p>" * 2
    datasets.append(Dataset(
        dataset_id=f"{slugify(kind)[:60]}-{town.code}-{year}-{rank}", uid=f"da_{rank:06}", title=f"{kind} – {town.name} ({year})", description=text,
        organisation=owner, themes=[THEMES[rank % len(THEMES)].slug], keywords=[kind.split()[0].lower(), town.name, str(year)],
        frequency="annual", status="published", issued=now, data_modified=now - timedelta(hours=rank),
    ))
Dataset.objects.bulk_create(datasets, batch_size=500)
Dataset.territories.through.objects.bulk_create(
    [Dataset.territories.through(dataset=row, territory=towns[rank // len(kinds) % len(towns)]) for rank, row in enumerate(datasets)], batch_size=2_000
)
versions = []
for rank, row in enumerate(datasets):
    source, manifest = shapes[rank % len(shapes)]
    target = versions_folder(row.uid) / f"{new_version_id()[:-6]}{rank:06x}"  # drawn ones meet when thousands have one moment
    for path in source.rglob("*"):
        if path.is_file() and path.name != MANIFEST:
            copy = target / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            os.link(path, copy)
    (target / MANIFEST).write_text(replace(manifest, version=target.name).to_json(), encoding="utf-8")
    version = version_row(replace(manifest, version=target.name))
    version.dataset, version.published, version.rows_by_commune = row, now, {}
    version.thumbnail = f"{DRAWING}-{rank % len(shapes):016x}.svg"  # as cards name it; no page is asked that loads it
    versions.append(version)
Version.objects.bulk_create(versions, batch_size=500)
for row, version in zip(datasets, versions):
    row.current = version
Dataset.objects.bulk_update(datasets, ["current"], batch_size=500)
bump_revision()
rebuild()
keep_stocks()
print(json.dumps([row.dataset_id for row in datasets[:: number // 20]]))
"""

_PUBLISH = """
import json, sys, time
from pathlib import Path
from parvis.config.bench.catalogue import publication
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.services import create_dataset
from parvis.hub.catalogue.signals import dataset_published
from parvis.hub.datastore.services import deposit_file, run_import_here, start_import
address, folder, others, turns = sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3]), int(sys.argv[4])
commits = []
def note(**kwargs):
    commits.append(time.perf_counter())
dataset_published.connect(note)
def publish(turn):
    title = f"Ruches zorglub{turn} du parc"
    card = {"title": title, "description": f"<p>Les ruches du parc, relevées au printemps {turn}.</p>", "licence": "lov2"}
    dataset = create_dataset(OPERATOR, Organisation.objects.order_by("pk").first(), f"ruches-{turn}", card)
    path = folder / f"ruches-{turn}.csv"
    path.write_text("nom,nombre\\nNord,3\\nSud,4\\n", encoding="utf-8")
    run_import_here(OPERATOR, start_import(OPERATOR, deposit=deposit_file(OPERATOR, path), dataset=dataset, publish=True))
    return commits[-1]
print(json.dumps(publication(address, publish, others, turns)))
"""

type Serving = Callable[[], AbstractContextManager[tuple[str, Served]]]


def catalogue_figures(folder: Path, serving: Serving, environment: Mapping[str, str], rows: int) -> list[Figure]:
    """What a home of many datasets (as goes with so many ``rows``) costs those who search it, and each web process; ``serving``
    serves the home of that ``environment``, which has one dataset."""
    datasets = min(DATASETS, max(rows // 100, LEAST_DATASETS))
    turns, publishings = turns_for(len(WORDS), rows), turns_for(PUBLICATIONS, rows)
    with serving() as (address, served):
        _times(address, turns)
        empty = served.web_memory()
    arguments = (json.dumps(KINDS), str(datasets), str(folder), str(COMMUNES), str(ORGANISATIONS))
    others = json.loads(inside(_MAKE, environment, *arguments).splitlines()[-1])
    with serving() as (address, served):
        times = _times(address, turns)
        arguments = (address, str(folder), json.dumps(others), str(publishings))
        publications = json.loads(inside(_PUBLISH, environment, *arguments).splitlines()[-1])
        memory = served.web_memory()
    figures = []
    for label, (first, *seconds) in times.items():
        budget = SEARCH if label.endswith("recherche") else PAGE
        figures += [
            Figure("catalogue", f"{label}, premier appel", "ms", first * 1000),
            Figure("catalogue", f"{label}, médiane", "ms", percentile(seconds, 0.5) * 1000),
            Figure("catalogue", f"{label}, p95", "ms", percentile(seconds, 0.95) * 1000, budget=budget),
        ]
    for label, seconds in publications["seen"].items():
        figures.append(Figure("catalogue", f"publication vue, {label}", "ms", max(seconds) * 1000, budget=SEEN))
    share = publications["kept"] * 100
    figures.append(Figure("catalogue", "réponses sur d’autres jeux gardées", "%", share, budget=100, rate=True))
    beyond = "mémoire d’un processus web, au-delà d’un portail vide"
    figures.append(Figure("catalogue", beyond, "Mo", memory - empty, budget=MEMORY))
    return figures


def _times(address: str, turns: int) -> dict[str, list[float]]:
    """By label, the seconds of its first answer, then those once warm; what answers nothing yet is said and left out."""
    times = {}
    for label, path in (*SEARCHES, *PAGES):
        urls = [address + _filled(path, turn) for turn in range(turns)]
        try:
            first = answer_seconds(address + _filled(path, len(WORDS)))
        except HTTPError as error:
            logging.warning("%s : %s, non mesuré", label, error.code)
            continue
        for turn in range(_WARMING):
            answer_seconds(address + _filled(path, len(WORDS) + turn))
        times[label] = [first, *map(answer_seconds, urls)]
    return times


def _filled(path: str, turn: int) -> str:
    word = WORDS[turn] if turn < len(WORDS) else f"mesure {turn}"
    return path.format(word=quote(word), quoted=quote(f'"{word}"'), turn=turn + 1)


def publication(address: str, publish: Callable[[int], float], others: list[str], turns: int) -> dict[str, Any]:
    """By way of looking, the seconds from each publication (``publish`` gives its moment) until all web processes show it; and the
    share of answers about other datasets that are still those the client has."""
    base = f"{address}/api/explore/v2.1/catalog/datasets"
    about_others = [f"{base}/{name}{end}" for name in others for end in ("", "/records?limit=5", "/facets")]
    tags = {url: _tag(url) for url in about_others}
    seen: dict[str, list[float]] = {}
    for turn in range(turns):
        with ThreadPoolExecutor() as pool:
            looks = {
                label: pool.submit(_seen_at, address + _filled_for(path, turn), turn)
                for label, path in _served(address)
            }
            published = publish(turn)
            for label, look in looks.items():
                seen.setdefault(label, []).append(look.result() - published)
    unchanged = sum(_tag(url, tag) is None for url, tag in tags.items())
    return {"seen": seen, "kept": unchanged / len(tags)}


def _served(address: str) -> list[tuple[str, str]]:
    ways = []
    for label, path in SEARCHES:
        with suppress(HTTPError):
            answer_seconds(address + _filled(path, 0))
            ways.append((label, path))
    return ways


def _filled_for(path: str, turn: int) -> str:
    return path.format(word=f"zorglub{turn}", quoted=quote(f'"zorglub{turn}"'))


def _seen_at(url: str, turn: int) -> float:
    """The moment from which every answer shows the dataset published at that turn."""
    name, seen, first = f"ruches-{turn}".encode(), 0, 0.0
    while seen < _IN_A_ROW:
        with urlopen(url) as answer:  # noqa: S310 our own address
            is_there = name in answer.read()
        seen = seen + 1 if is_there else 0
        first = time.perf_counter() if seen == 1 else first
        time.sleep(_PAUSE)
    return first


def _tag(url: str, former: str = "") -> str | None:
    """The validator of an answer; None when it is still the former one."""
    try:
        with urlopen(Request(url, headers={"If-None-Match": former} if former else {})) as answer:  # noqa: S310
            answer.read()
            return str(answer.headers["ETag"])
    except HTTPError as error:
        if error.code != HTTPStatus.NOT_MODIFIED:
            raise
        return None
