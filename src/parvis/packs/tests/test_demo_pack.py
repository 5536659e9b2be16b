"""The demonstration pack: real files, lawful to ship, described truthfully."""

from __future__ import annotations

import hashlib
import re
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from parvis.core.columns import ColumnType
from parvis.core.identifiers import check_dataset_id
from parvis.core.metadata import FREQUENCY_BY_SLUG, LICENCE_BY_SLUG, THEME_BY_SLUG
from parvis.packs.bundled_files import DEMO, demo_pack, territory_rows

PACK = demo_pack()
DATASETS = {dataset.dataset_id: dataset for dataset in PACK.datasets}
EMAIL = re.compile(rb"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]*[A-Za-z]{2}")
NIR = re.compile(
    rb"(?<![\d.])[12][ ]?\d{2}[ ]?(?:0[1-9]|1[0-2])[ ]?(?:\d{2}|2[AB])[ ]?\d{3}[ ]?\d{3}[ ]?\d{2}(?![\d.])"
)
LONGEST = {"title": 200, "publisher": 160}
ALLOWED_ADDRESSES = {
    # The sales desk of a company, typed by the authority in place of the supplier's name (one contract): nobody's own.
    b"commercial@rcifrance.com": "marches-publics_saint-etienne-metropole.csv",
}
ORGANISATION_KINDS = {
    "commune",
    "epci",
    "departement",
    "region",
    "etat",
    "entreprise",
    "delegataire",
    "association",
    "autre",
}

each_dataset = pytest.mark.parametrize("dataset", PACK.datasets, ids=lambda dataset: dataset.dataset_id)


@pytest.fixture(scope="module")
def territories():
    return {row.key for row in territory_rows()}


@pytest.fixture(scope="module")
def licence_rows():
    """For each file of ``LICENCES.md``: its cells."""
    lines = (DEMO / "LICENCES.md").read_text("utf-8").splitlines()
    cells = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]
    return {row[0]: row for row in cells}


def bytes_inside(path):
    """The bytes a reader meets: members of archives and spreadsheets, values of Parquet texts."""
    if path.suffix in (".zip", ".xlsx"):
        with zipfile.ZipFile(path) as archive:
            return b"\n".join(archive.read(name) for name in archive.namelist())
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        texts = [column.unique() for column in table.columns if pa.types.is_dictionary(column.type)]
        return "\n".join(str(value) for column in texts for value in column.to_pylist()).encode()
    return path.read_bytes()


def is_nir(digits):
    """Whether 15 characters are a social-security number: its key agrees."""
    number = digits.replace(b" ", b"").replace(b"2A", b"19").replace(b"2B", b"18")
    return len(number) == 15 and 97 - int(number[:13]) % 97 == int(number[13:])


def test_it_is_rich_and_varied():
    assert len(DATASETS) >= 34
    assert len({dataset.subject for dataset in PACK.datasets}) >= 12
    assert {dataset.file.suffix for dataset in PACK.datasets} >= {
        ".csv",
        ".xlsx",
        ".json",
        ".geojson",
        ".parquet",
        ".zip",
    }


def test_identifiers_are_unique_and_lawful():
    files = sorted(path.stem for path in (DEMO / "datasets").glob("*.json"))
    assert files == sorted(DATASETS)
    for dataset_id in DATASETS:
        check_dataset_id(dataset_id)


def test_it_weighs_at_most_25_megabytes():
    assert sum(path.stat().st_size for path in (DEMO / "files").iterdir()) <= 25_000_000


def test_every_file_has_one_sidecar_and_one_licence_row(licence_rows):
    files = sorted(f"files/{path.name}" for path in (DEMO / "files").iterdir())
    assert files == sorted(dataset.file.relative_to(DEMO).as_posix() for dataset in PACK.datasets)
    assert files == sorted(licence_rows)


@each_dataset
def test_bytes_are_those_of_the_source(dataset, licence_rows):
    row = licence_rows[dataset.file.relative_to(DEMO).as_posix()]
    content = dataset.file.read_bytes()
    assert row[1] == str(len(content))
    assert row[-1] == hashlib.sha256(content).hexdigest()
    assert row[2] == LICENCE_BY_SLUG[dataset.licence].name


@each_dataset
def test_the_words_agree_with_the_closed_lists(dataset):
    licence, theme = LICENCE_BY_SLUG[dataset.licence], THEME_BY_SLUG[dataset.theme]
    assert dataset.metas["license"] == licence.name
    assert dataset.metas["license_url"] == licence.url
    assert dataset.metas["theme"] == [theme.label]
    assert dataset.metas["update_frequency"] == FREQUENCY_BY_SLUG[dataset.frequency].label
    assert dataset.on_misfit in ("stop", "text", "null")
    assert (dataset.on_misfit == "stop") == (dataset.misfit_reason == "")


@each_dataset
def test_the_card_is_complete(dataset):
    for key in ("title", "description", "keyword", "publisher", "modified", "language", "attributions"):
        assert dataset.metas[key], key
    assert dataset.personal_data
    assert dataset.ip_note
    assert dataset.source
    assert len(dataset.source) <= 300
    assert all(len(dataset.metas[key]) <= length for key, length in LONGEST.items())
    assert dataset.dcat["temporal_coverage_start"] <= dataset.dcat["temporal_coverage_end"]


@each_dataset
def test_french_typography_is_kept(dataset):
    texts = [dataset.metas["title"], dataset.metas["description"], dataset.personal_data, dataset.source]
    texts += [str(row.get(key, "")) for row in dataset.card["fields"] for key in ("label", "description")]
    for text in texts:
        assert "'" not in text, text
        assert not re.search(r"\w [:;?!»%€]|« ", text), text


@each_dataset
def test_organisations_and_territories_exist(dataset, territories):
    organisation = next(row for row in PACK.organisations if row.slug == dataset.organisation)
    assert dataset.metas["publisher"] == organisation.name
    assert set(dataset.territories) <= territories


def test_organisations_are_real_bodies(territories):
    slugs = [row.slug for row in PACK.organisations]
    assert len(set(slugs)) == len(slugs)
    for row in PACK.organisations:
        assert row.kind in ORGANISATION_KINDS
        assert row.description.endswith(".")
        assert row.territory is None or row.territory in territories
        assert not row.website or row.website.startswith("https://")


def test_the_pack_names_things_that_exist(territories):
    slugs = {row.slug for row in PACK.organisations}
    assert set(PACK.featured) <= set(DATASETS)
    assert len(PACK.searches) == 3
    assert PACK.sites[0].territory == ("epci", "200059228")
    for site in PACK.sites:
        assert site.territory in territories
        assert site.organisation in slugs


@each_dataset
def test_no_address_of_a_person_is_shipped(dataset):
    addresses = {address.lower() for address in EMAIL.findall(bytes_inside(dataset.file))}
    assert {address for address in addresses if ALLOWED_ADDRESSES.get(address) != dataset.file.name} == set()


@each_dataset
def test_no_social_security_number_is_shipped(dataset):
    assert [match for match in NIR.findall(bytes_inside(dataset.file)) if is_nir(match)] == []


@each_dataset
def test_types_of_corrections_are_types(dataset):
    for correction in dataset.overrides.values():
        if "type" in correction:
            ColumnType(correction["type"])
