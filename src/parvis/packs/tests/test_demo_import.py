"""Every file of the demonstration is read, typed and written, whole, with its card."""

from __future__ import annotations

import pyarrow.parquet as pq
import pytest
import shapely

from parvis.core.columns import ColumnType
from parvis.packs.bundled_files import demo_pack

PACK = {dataset.dataset_id: dataset for dataset in demo_pack().datasets}

EXPECTED = (
    ("adresses-bano-correze", 2001, 0, 0, 9, "geo_point_2d"),
    ("annuaire-open-data-2021", 891, 0, 0, 22, "geo_point_2d"),
    ("arbres-saint-germain-en-laye", 709, 0, 0, 58, "geo_point_2d"),
    ("bassins-emploi-communes", 38283, 0, 0, 2, ""),
    ("bornes-recharge-ile-de-france-2021", 379, 0, 0, 36, "coordonneesxy"),
    ("budget-primitif-2022-crach", 201, 0, 0, 22, ""),
    ("bureaux-de-poste-horaires", 9999, 0, 0, 22, ""),
    ("cadastre-batiments-terres-de-bord", 1597, 0, 0, 7, "geometry"),
    ("cadastre-sections-terres-de-bord", 19, 0, 0, 8, "geometry"),
    ("chaleur-froid-iris-2021", 4361, 1, 1470, 9, ""),
    ("chaleur-froid-iris-2023", 3646, 1, 1740, 9, ""),
    ("chantiers-perturbants-paris", 192, 0, 0, 19, "geo_shape"),
    ("comptage-velo-paris", 455163, 0, 0, 13, "geo_point_2d"),
    ("compte-administratif-2021-crach", 196, 0, 0, 22, ""),
    ("comptes-regions-2008-2015", 208, 0, 0, 65, ""),
    ("compteur-velo-beracasa", 88, 0, 0, 8, "location"),
    ("compteur-velo-celleneuve", 91, 0, 0, 8, "location"),
    ("contours-communes-essonne", 196, 0, 0, 3, "geometry"),
    ("contours-communes-hauts-de-seine", 36, 0, 0, 3, "geometry"),
    ("contours-communes-seine-et-marne", 510, 0, 0, 3, "geometry"),
    ("contours-departements-ile-de-france", 8, 0, 0, 3, "geometry"),
    ("electricite-gaz-departements", 4465, 0, 0, 30, ""),
    ("entreprises-immatriculees-2018-grand-paris-sud", 615, 0, 0, 28, "geolocalisation"),
    ("entreprises-radiees-2018-grand-paris-sud", 333, 0, 0, 28, "geolocalisation"),
    ("festivals-finistere", 55, 0, 0, 30, "coordonnees_insee"),
    ("fibre-communes-2018", 35361, 2, 807, 13, ""),
    ("fibre-epci-2018", 1264, 2, 5, 4, ""),
    ("fibre-locaux-raccordables-communes", 70722, 2, 0, 5, ""),
    ("fibre-locaux-raccordables-epci", 2528, 2, 0, 5, ""),
    ("gares-arrets-transilien", 1042, 0, 0, 10, "geo_point_2d"),
    ("marches-publics-saint-etienne", 484, 0, 0, 19, ""),
    ("meteo-orly", 3322, 0, 0, 59, ""),
    ("metiers-en-tension-2020", 701, 0, 0, 5, ""),
    ("osm-communes-essonne", 194, 0, 0, 6, "position"),
    ("ponctualite-transilien", 1144, 0, 0, 7, ""),
    ("population-grand-paris-sud-1968-2015", 360, 0, 0, 4, ""),
    ("prenoms-carrieres-sous-poissy", 46, 0, 0, 5, ""),
    ("presidentielle-2017-tour-1", 107, 0, 0, 82, ""),
    ("regularite-ter", 1583, 0, 0, 10, ""),
    ("rome-arborescence", 11774, 0, 0, 5, ""),
    ("rome-metiers", 532, 0, 0, 2, ""),
    ("salles-yffiniac", 7, 0, 0, 5, ""),
    ("stationnement-velos-saint-etienne", 204, 0, 0, 14, "coordonneesxy"),
    ("subventions-charente-maritime", 101, 0, 0, 14, ""),
    ("subventions-lot-2017", 13, 0, 0, 14, ""),
    ("subventions-nievre-2016", 97, 0, 6, 17, ""),
    ("subventions-poitiers-2017", 562, 0, 0, 11, ""),
    ("subventions-roques-sicoval", 69, 0, 0, 14, ""),
    ("velib-disponibilite", 1469, 0, 0, 14, "coordonnees_geographiques"),
    ("velos-libre-service-bordeaux", 187, 0, 0, 18, "geo_point_2d"),
)
"""Dataset, rows, rejected lines (all are lines above the header), cells emptied by choice, columns, geometry column."""

TYPES = {
    "adresses-bano-correze": {"code_postal": "text", "longitude": "double"},
    "bornes-recharge-ile-de-france-2021": {"prise_type_2": "boolean", "puissance_nominale": "int"},
    "budget-primitif-2022-crach": {"bgt_nature": "text", "bgt_mtprev": "double"},
    "cadastre-batiments-terres-de-bord": {"commune": "text", "type": "text", "created": "date"},
    "chaleur-froid-iris-2021": {"iris_code": "text", "conso": "double", "pdl": "int"},
    "chantiers-perturbants-paris": {"date_de_debut": "date", "statut": "text", "geo_shape": "geo_shape"},
    "comptage-velo-paris": {"site_id": "text", "date": "datetime"},
    "electricite-gaz-departements": {"code_departement": "text", "consommation_totale_mwh": "double"},
    "entreprises-immatriculees-2018-grand-paris-sud": {
        "siren": "text",
        "nic": "text",
        "date_cloture_1er_exercice": "date",
    },
    "fibre-communes-2018": {"code_commune": "text", "siren_epci": "text", "logements": "int", "etablissements": "int"},
    "marches-publics-saint-etienne": {"acheteur_id": "text", "titulaires_0_id": "text", "montant": "double"},
    "ponctualite-transilien": {"date": "date", "taux_de_ponctualite": "double"},
    "presidentielle-2017-tour-1": {"code_du_departement": "text", "voix_11": "int", "voix_exp_11": "double"},
    "rome-arborescence": {"rome2": "text", "rome3": "text", "ogr": "text"},
    "stationnement-velos-saint-etienne": {"gratuit": "boolean", "date_maj": "date", "coordonneesxy": "geo_point_2d"},
    "subventions-lot-2017": {"idattribuant": "text", "montant": "double", "dateconvention": "date"},
    "subventions-nievre-2016": {"sub_montant": "int"},
    "subventions-poitiers-2017": {"attrib_siret": "text", "sub_montant": "double"},
    "velib-disponibilite": {"station_en_fonctionnement": "boolean", "actualisation_de_la_donnee": "datetime"},
}


@pytest.fixture
def publish(tmp_path, demo_version):
    """Import a dataset of the pack by its id; its manifest."""
    return lambda dataset_id: demo_version(dataset_id, tmp_path / dataset_id)


def rows_of(tmp_path, manifest, dataset_id):
    folder = tmp_path / dataset_id / manifest.version
    return [row for part in manifest.parts for row in pq.read_table(folder / part.file).to_pylist()]


def test_every_dataset_is_expected():
    assert sorted(PACK) == [row[0] for row in EXPECTED]
    assert set(TYPES) <= set(PACK)


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda row: row[0])
def test_a_file_is_published_whole_and_described_truly(publish, expected):
    dataset_id, rows, rejects, nulled, columns, geometry = expected
    dataset, manifest = PACK[dataset_id], publish(dataset_id)
    assert (manifest.rows, manifest.rejects, manifest.nulled) == (rows, rejects, nulled)
    assert len(manifest.shape) == columns
    assert (manifest.shape.geometry.name if manifest.shape.geometry else "") == geometry
    assert set(dataset.fields) <= set(manifest.shape.names)
    assert not any(note["code"] == "override-unknown" for note in manifest.notes)
    for name, kind in TYPES.get(dataset_id, {}).items():
        assert manifest.shape.get(name).type is ColumnType(kind), name


def test_numbers_padded_with_no_break_spaces_are_numbers(publish, tmp_path):
    rows = rows_of(tmp_path, publish("fibre-epci-2018"), "fibre-epci-2018")
    south = next(row for row in rows if row["siren_epci"] == "200059228")
    assert (south["logements"], south["etablissements"]) == (136102, 7756)


def test_secret_cells_are_empty_and_their_words_are_kept(publish, tmp_path):
    manifest = publish("chaleur-froid-iris-2021")
    folder = tmp_path / "chaleur-froid-iris-2021" / manifest.version
    nulled_rows = pq.read_table(folder / "nulled.parquet").to_pylist()
    assert len(nulled_rows) == manifest.nulled
    assert {row["value"] for row in nulled_rows} == {"secret", "nd"}


def test_charging_points_written_latitude_first_are_in_their_region(publish, tmp_path):
    rows = rows_of(tmp_path, publish("bornes-recharge-ile-de-france-2021"), "bornes-recharge-ile-de-france-2021")
    places = [shapely.from_wkb(row["coordonneesxy"]) for row in rows]
    assert all(1.4 < place.x < 3.6 and 48.1 < place.y < 49.3 for place in places)
