"""A portal with one dataset of each kind that the product makes, made as the product makes it: imports, pushes, answers, moves."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.test import Client, override_settings
from django.utils import timezone

from parvis.config.cli.main import main
from parvis.core.progress import no_progress
from parvis.core.sources.contract import Request
from parvis.core.sources.tests.test_feeds import FILES as TIMETABLE
from parvis.core.sources.tests.test_feeds import GBFS, _gbfs, _zip
from parvis.domains.deliberations.factories import make_act
from parvis.domains.surveys.outputs import write_answers
from parvis.domains.surveys.tests.test_surveys import entry, make_survey, send
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.catalogue.attachments import add_attachment
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import create_dataset, delete, publish, set_access, unpublish
from parvis.hub.datastore.services import deposit_file, run_import_here, start_import
from parvis.hub.harvesting.rules import RUN, Mode
from parvis.hub.harvesting.sources import begin_here, save_source
from parvis.hub.harvesting.tests.catalogue_server import Portal, dataset, reply, serving
from parvis.hub.harvesting.tests.far_catalogues import GEOJSON, PDF, VILLES, FarCkan, FarDataFair, FarUdata
from parvis.hub.harvesting.tests.far_portal import FarPortal, rows
from parvis.hub.harvesting.tests.test_federated import API as FEDERATED
from parvis.hub.harvesting.tests.test_federated import FIELDS as FEDERATED_FIELDS
from parvis.hub.harvesting.tests.test_federated import ROWS as FEDERATED_ROWS
from parvis.hub.harvesting.tests.test_moves_elsewhere import FIELDS, LINES, SCHEMA, TABLE
from parvis.hub.jobs.services import run_here
from parvis.hub.publications.services import publish_rows
from parvis.hub.registry import publications
from parvis.hub.rowlog.services import folding
from parvis.hub.rowlog.services.laying import lay_new
from parvis.hub.rowlog.services.pushing import Sending, push
from parvis.hub.rowlog.services.streams import Choices, open_stream
from parvis.hub.rowlog.tests.conftest import COUNTERS
from parvis.hub.territories.models import Territory
from parvis.hub.validation.services.entry import change_rows, open_draft, save_draft

HOSTILE = 'L’« été » & <b onclick="x()">l\'eau</b> "claire" ]]> \\ {{x}} %s \u202egrbe\u202c — עברית 🌳 \x07\x0b'
EVERY_TYPE = """Code INSEE;Année & mois;€ / m²;ouvert;jour;instant;durée;lieu;contour;liste;_row;value;select
01001;2024;12,5;oui;2024-02-29;2024-02-29T10:00:00Z;1;48.6,2.4;"{""type"":""Polygon"",""coordinates"":[[[2,48],[3,48],[3,49],[2,48]]]}";a,b;x;1;é
2A004;;;non;;;2;;;;;;"« deux » ; ]]>"
;1999;-0,1;;1582-10-09;1969-12-31T23:59:59Z;;-21.1,55.5;"{""type"":""MultiPolygon"",""coordinates"":[[[[2,48],[3,48],[3,49],[2,48]]]]}";c;y;3;null
"""
CARD = {"description": "Un relevé du service mobilité, fait sur place au printemps.", "licence": "lov2"}


@dataclass
class Kinds:
    """What was made: the identifiers that everybody sees, by what made them, and those that nobody may find."""

    city: Organisation
    other: Organisation
    shown: dict[str, str] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)


def make_kinds(folder: Path) -> Kinds:
    """All of them; Insee's territories that they are of are made too."""
    kinds = Kinds(
        make_organisation("Ville d’Évry « & <Courcouronnes> »", slug="evry", kind="commune", email=""),
        make_organisation("Région", slug="region", kind="region", email="region@exemple.fr"),
    )
    for code, name in (("91228", "Évry-Courcouronnes"), ("91340", "Lisses")):
        Territory.objects.get_or_create(kind="commune", code=code, defaults={"name": name})
    _files(kinds, folder)
    _cards(kinds, folder)
    _closed(kinds, folder)
    _rows_one_by_one(kinds, folder)
    _subjects(kinds)
    _harvests(kinds)
    _moves(kinds)
    return kinds


def bring(kinds: Kinds, name: str, body: bytes | str, suffix: str, folder: Path, **more: Any) -> Dataset:
    """A dataset online made of a file, as people import it."""
    path = folder / f"{name}{suffix}"
    path.write_bytes(body.encode() if isinstance(body, str) else body)
    steps, public = more.pop("steps", None), more.pop("public", True)
    made = create_dataset(OPERATOR, more.pop("owner", kinds.city), name, {"title": f"Jeu {name}", **CARD, **more})
    imported = start_import(
        OPERATOR, deposit=deposit_file(OPERATOR, path), dataset=made, publish=public, policy="null", steps=steps
    )
    run_import_here(OPERATOR, imported)
    made.refresh_from_db()
    if public:
        assert made.status == "published", (name, imported.state)
        kinds.shown[name] = f"a file {suffix}"
    return made


def _files(kinds: Kinds, folder: Path) -> None:
    """A file of each format: of what the portal itself writes of a table that has every type of column."""
    every = bring(kinds, "tous-types", EVERY_TYPE, ".csv", folder)
    for name, suffix in _WRITTEN.items():
        answer = Client().get(f"/api/explore/v2.1/catalog/datasets/{every.dataset_id}/exports/{name}")
        assert answer.status_code == 200, (name, answer.status_code)
        bring(kinds, f"de-{name}", answer.getvalue(), suffix, folder)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as parts:
        for rank in range(3):
            parts.writestr(f"part{rank}.csv", f"code;places\n0{rank};{rank}\n")
    bring(kinds, "archive", archive.getvalue(), ".zip", folder)
    bring(kinds, "balises", _XML, ".xml", folder)


_XML = (
    "<arbres>" + "".join(f"<arbre><nom>Tilleul {n}</nom><mot>]]&gt; {n}</mot></arbre>" for n in range(3)) + "</arbres>"
)
_WRITTEN = {
    **{"xlsx": ".xlsx", "ods": ".ods", "json": ".json", "jsonl": ".jsonl", "geojson": ".geojson", "gpkg": ".gpkg"},
    **{"shp": ".zip", "kml": ".kml", "gpx": ".gpx", "fgb": ".fgb", "parquet": ".parquet"},
}


def _cards(kinds: Kinds, folder: Path) -> None:
    """Cards that say all, or badly, or hostile things."""
    table = "nom;places\nStade;12\nGymnase;7\n"
    bring(
        kinds, "hostile", table, ".csv", folder,
        title=HOSTILE.replace("\x07\x0b", "")[:200], description=HOSTILE + "é" * 10_000, keywords=["c & d", "<b>", "]]>", "שלום", "🌳"],
        contact_name='L\'équipe "SIG" <x>', source="javascript:alert(1)", source_url="https://exemple.fr/a%20b?c=é|d",
        licence="other", frequency="irregular", ip_note=HOSTILE.strip("\x07\x0b"),
    )  # fmt: skip
    full = bring(
        kinds, "complet", table, ".csv", folder,
        hvd=["mobilite", "geospatial"], themes=["transports", "environnement"], keywords=["vélo", "arceau"],
        contact_name="Service mobilité", contact_email="mobilite@exemple.fr", frequency="annual",
        temporal_start=date(2020, 1, 1), temporal_end=date(2026, 12, 31), language="fr",
        territories=["commune:91228", "commune:91340"], source="Relevé", source_url="https://exemple.fr/releve",
        inspire={"scope": True, "themes": ["tn"], "topics": ["transportation"], "crs": "EPSG:2154", "scale": 5000,
                 "conformity": "conformant", "lineage": "Levé à pied.", "limits": ["noLimitations"]},
        translations={"en": {"title": "Bicycle racks", "description": "All of them.", "keywords": ["bike"]},
                      "de": {"title": "Fahrradbügel"}},
    )  # fmt: skip
    add_attachment(OPERATOR, full, "Notice « d’emploi » n° 1", "notice été n°1.pdf", ContentFile(PDF))
    add_attachment(OPERATOR, full, "Texte", "lisez-moi.txt", ContentFile(b"Comment lire."))
    bring(
        kinds,
        "odbl-hvd",
        table,
        ".csv",
        folder,
        hvd=["statistiques"],
        licence="odbl",
        language="br",
        temporal_end=date(1, 1, 1),
    )
    papers = create_dataset(OPERATOR, kinds.city, "papiers", {"title": "Papiers", **CARD})
    add_attachment(OPERATOR, papers, "Plan", "plan.pdf", ContentFile(PDF))
    kinds.absent.append("papiers")


def _closed(kinds: Kinds, folder: Path) -> None:
    """What everybody knows of and may not read, and what nobody finds."""
    table = "nom;places\nStade;12\n"
    reserved = bring(kinds, "reserve", table, ".csv", folder, hvd=["statistiques"])
    set_access(
        OPERATOR, reserved, Access.RESTRICTED, [], [], announced=True, closure=["personal", "security"],
        closure_note="Jusqu’en 2027 <b> ]]>",
    )  # fmt: skip
    inner = bring(kinds, "interne-annonce", table, ".csv", folder)
    set_access(OPERATOR, inner, Access.INTERNAL, [], [], announced=True)
    for name in ("interne", "retire", "supprime", "brouillon"):
        made = bring(kinds, name, table, ".csv", folder, public=name != "brouillon")
        kinds.shown.pop(name, None)
        kinds.absent.append(name)
        if name == "interne":
            set_access(OPERATOR, made, Access.INTERNAL, [], [])
        elif name == "retire":
            unpublish(OPERATOR, made)
        elif name == "supprime":
            delete(OPERATOR, unpublish(OPERATOR, made))


def _rows_one_by_one(kinds: Kinds, folder: Path) -> None:
    """Rows pushed (seen, then folded), typed in a grid, answered in a form, and a table that a recipe makes of another."""
    person = make_member(kinds.city, Role.STEWARD)
    for name in ("pousse", "plie"):
        made = bring(kinds, name, COUNTERS, ".csv", folder)
        open_stream(actor_of(person), made, Choices(key=("code",)))
        body = json.dumps([{"code": "NEUF", "passages": 12, "jour": "2026-03-01", "lieu": "48.7,2.5"}])
        push(OPERATOR, made, body.encode(), "application/json", Sending("essai"))
        lay_new(made.pk)
        if name == "plie":
            assert folding.fold(
                OPERATOR, Dataset.objects.select_related("current", "organisation").get(pk=made.pk), no_progress, ""
            )
    typed = bring(kinds, "saisi", "code;places\n01;12\n", ".csv", folder)
    draft = open_draft(actor_of(person), typed)
    change_rows(actor_of(person), draft, 0, 0, [["02", "7"]])
    save_draft(actor_of(person), open_draft(actor_of(person), typed))
    kinds.shown["saisi"] = "rows typed"
    survey = make_survey(kinds.city, output="public", title="Arbres de nos rues")
    send(survey, person, entry(**{"q-ou-latitude": "48.61", "q-ou-longitude": "2.55"}))
    made = write_answers(OPERATOR, survey)
    kinds.shown[made.dataset_id] = "answers to a form"
    bring(
        kinds, "recette", "code;libelle\n01;Un\n02;Deux\n", ".csv", folder,
        steps=[{"name": "prepare.join", "parameters": {"dataset": "saisi", "on": {"code": "code"}, "take": {"places": "places"}}}],
    )  # fmt: skip


def _subjects(kinds: Kinds) -> None:
    """What subjects of public life publish of themselves."""
    make_act(kinds.city)
    for publication in publications():
        made = publish_rows(OPERATOR, publication, timezone.localdate(), no_progress)
        if made is not None:
            kinds.shown[made.dataset_id] = "a subject"


@contextmanager
def _far() -> Iterator[Portal]:
    """A portal of this machine, which sources may reach."""
    with serving(Portal()) as portal:
        from django.conf import settings  # noqa: PLC0415 as it is now

        host = portal.address.rpartition("/")[2]
        reached = {**settings.PARVIS, "PARVIS_SOURCES_PRIVATE_HOSTS": (host,), "PARVIS_SOURCES_PAUSE": 0.0}
        with override_settings(PARVIS=reached):
            yield portal


def _harvested(kinds: Kinds, what: str, **facts: Any) -> None:
    before = set(Dataset.objects.values_list("dataset_id", flat=True))
    source = save_source(OPERATOR, kinds.other, title=f"Source {what}", schedule="", **facts)
    run = begin_here(OPERATOR, source)
    run_here(OPERATOR, RUN, run=run.pk)
    run.refresh_from_db()
    assert not run.error, (what, run.error)
    made = Dataset.objects.exclude(dataset_id__in=before)
    assert made, what
    for row in made:
        if row.status != "published" and row.current_id is None and row.versions.exists():
            publish(OPERATOR, row, row.versions.first())
        assert row.status == "published", (what, row.dataset_id, row.licence)
        kinds.shown[row.dataset_id] = what


def _harvests(kinds: Kinds) -> None:
    """Catalogues read as they are told by each family of sources."""
    with _far() as portal:
        portal.datasets = [
            dataset(
                "moissonne",
                title=HOSTILE.strip("\x07\x0b"),
                license="CC BY 4.0",
                references="https://[",
                attributions=["Insee"],
            )
        ]
        _harvested(kinds, "explore", dialect="explore", url=portal.address)
    with _far() as portal:
        portal.datasets = [{**dataset("villes", records_count=2), "fields": FEDERATED_FIELDS}]
        body = json.dumps({"total_count": 2, "results": FEDERATED_ROWS}).encode()
        portal.answers[f"{FEDERATED}/records"] = lambda handler: reply(handler, body)
        _harvested(kinds, "federated", dialect="explore", url=portal.address, mode=Mode.FEDERATED)
    with _far() as portal:
        _harvested(kinds, "file", dialect="file", url=f"{portal.address}/au-loin.csv", options={"licence": "lov2"})
    with _far() as portal:
        portal.answers["/gtfs.zip"] = lambda handler: reply(handler, _zip(**TIMETABLE), Content_Type="application/zip")
        _harvested(kinds, "gtfs", dialect="gtfs", url=f"{portal.address}/gtfs.zip", default_licence="odbl")
    with _far() as portal:
        for name in ("gbfs.json", "system_information", "station_information", "station_status", "vehicle_status"):
            text = json.dumps(_gbfs(3)(Request(f"{GBFS.rpartition('/')[0]}/{name}")))
            text = text.replace("https://flux.example.com", portal.address)
            portal.answers[f"/{name}"] = lambda handler, text=text: reply(
                handler, text.encode(), Content_Type="application/json"
            )
        _harvested(kinds, "gbfs", dialect="gbfs", url=f"{portal.address}/gbfs.json")


def _moved(kinds: Kinds, what: str, portal: Portal) -> None:
    before = set(Dataset.objects.values_list("dataset_id", flat=True))
    with redirect_stdout(io.StringIO()) as out:
        main(["move-in", portal.address, "--organisation", kinds.other.slug, "--json"])
    assert not json.loads(out.getvalue()).get("error"), out.getvalue()
    made = Dataset.objects.exclude(dataset_id__in=before)
    assert made.filter(status="published"), what
    for row in made:
        if row.status == "published":
            kinds.shown[row.dataset_id] = what
        else:
            kinds.absent.append(row.dataset_id)


def _moves(kinds: Kinds) -> None:
    """Whole portals moved in."""
    with _far() as portal:
        far = FarPortal(portal)
        row = far.add("ods-tout", rows(7), references="https://exemple.fr/a", keyword=["b", "a"])
        far.attach(row, "notice_txt", "notice.txt", b"Comment lire ce jeu.")
        far.add("ods-vide", [])
        _moved(kinds, "Opendatasoft", portal)
    with _far() as portal:
        ckan = FarCkan(portal)
        package = ckan.add("ckan-arbres")
        ckan.resource(package, "notice.pdf", PDF)
        ckan.table(ckan.resource(package, "arbres.csv", b"Code INSEE;nombre\n01001;1\n"), FIELDS, TABLE)
        ckan.resource(ckan.add("ckan-lieux"), "lieux.geojson", GEOJSON)
        ckan.resource(ckan.add("ckan-papiers"), "notice.pdf", PDF)
        ckan.add("ckan-vide")
        ckan.resource(ckan.add("ckan-liens"), "page", None, format="HTML")
        _moved(kinds, "CKAN", portal)
    with _far() as portal:
        udata = FarUdata(portal)
        udata.resource(udata.add("udata-villes"), "villes.csv", VILLES.encode())
        _moved(kinds, "udata", portal)
    with _far() as portal:
        FarDataFair(portal).add("data-fair-lignes", SCHEMA, LINES)
        _moved(kinds, "Data Fair", portal)
