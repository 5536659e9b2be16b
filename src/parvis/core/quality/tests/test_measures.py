"""What is counted in the rows equals what plain Python counts in the file."""

from __future__ import annotations

import csv
import io
import json
import random
from collections import Counter
from pathlib import Path

import pytest
from stdnum.fr import siret as siret_of_stdnum

from parvis.core.errors import NotFound
from parvis.core.quality.facts import Measures
from parvis.core.quality.measures import Area, Reference, measure

SIRETS = ["21910228600012", "21560046100010", "35600000000048", "20005922800014"]
SQUARE = {"type": "Polygon", "coordinates": [[[2.4, 48.5], [2.5, 48.5], [2.5, 48.6], [2.4, 48.6], [2.4, 48.5]]]}


def grants(rows: int = 400, seed: int = 7) -> str:
    """A file of grants with holes, wrong SIRETs, repeated lines and identifiers, as one finds them."""
    drawn = random.Random(seed)
    lines = ["id;beneficiaire;siret;montant;jour"]
    for number in range(1, rows + 1):
        siret = drawn.choice(SIRETS)
        if drawn.random() < 0.08:
            siret = siret[:-1] + str((int(siret[-1]) + 1) % 10)
        cells = [
            str(number if drawn.random() > 0.03 else max(number - 1, 1)),
            f"Association {number % 37}" if drawn.random() > 0.2 else "",
            siret if drawn.random() > 0.05 else "",
            str(drawn.randrange(100, 90_000)),
            f"2025-{drawn.randrange(1, 13):02}-{drawn.randrange(1, 29):02}" if drawn.random() > 0.5 else "",
        ]
        lines.append(";".join(cells))
        if drawn.random() < 0.02:
            lines.append(lines[-1])
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def text() -> str:
    return grants()


@pytest.fixture(scope="module")
def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


@pytest.fixture(scope="module")
def measures(version_of, text: str) -> Measures:
    return measure(version_of(text))


def test_the_share_of_filled_cells_is_that_of_the_file(measures, table):
    assert measures.rows == len(table)
    for name in table[0]:
        filled = sum(bool(row[name]) for row in table) / len(table)
        assert measures.filled[name] == pytest.approx(filled, abs=1e-6), name


def test_wrong_siret_numbers_are_those_another_library_refuses(measures, table):
    values = [row["siret"] for row in table if row["siret"]]
    wrong = [value for value in values if not siret_of_stdnum.is_valid(value)]
    checked = measures.checked["siret"]
    assert (checked.kind, checked.values, checked.wrong) == ("siret", len(values), len(wrong))
    assert wrong
    assert set(checked.examples) <= set(wrong)
    assert len(checked.examples) == min(5, len(set(wrong)))


def test_repeated_rows_and_identifiers_are_counted_as_in_the_file(measures, table):
    rows = Counter(tuple(row.values()) for row in table)
    assert measures.duplicates == sum(count - 1 for count in rows.values())
    identifiers = Counter(row["id"] for row in table)
    assert measures.repeated == {"id": sum(count - 1 for count in identifiers.values())}
    assert measures.duplicates > 0


def test_addresses_and_phone_numbers_are_counted_and_never_shown(version_of):
    lines = [f"mairie{n}@ville.fr;01 60 91 00 {n:02}" for n in range(40)] + ["adresse inconnue;01 60 91"]
    folder = version_of("email;telephone\n" + "\n".join(lines) + "\n")
    checked = measure(folder).checked
    assert {name: (one.wrong, one.examples) for name, one in checked.items()} == {
        "email": (1, ()),
        "telephone": (1, ()),
    }


def test_a_commune_that_is_not_in_the_list_of_codes_is_wrong(version_of):
    codes = ["91228", "91340", "91573"] * 10 + ["91999"]
    folder = version_of("code_insee;n\n" + "\n".join(f"{code};{n}" for n, code in enumerate(codes)) + "\n")
    assert measure(folder).checked["code_insee"].wrong == 0
    reference = Reference(codes={"insee_commune": ["91228", "91340", "91573"]})
    checked = measure(folder, reference=reference).checked["code_insee"]
    assert (checked.wrong, checked.examples) == (1, ("91999",))


def test_places_outside_the_contour_are_counted(version_of):
    drawn = random.Random(3)
    points = [(2.3 + drawn.random() * 0.3, 48.4 + drawn.random() * 0.3) for _n in range(300)]
    lines = [f"{n};{longitude:.6f};{latitude:.6f}" for n, (longitude, latitude) in enumerate(points)]
    folder = version_of("id;longitude;latitude\n" + "\n".join(lines) + "\n")
    places = measure(folder, reference=Reference(Area("Carré", SQUARE))).places
    margin = 0.004
    clearly_outside = sum(
        not (2.4 - margin <= x <= 2.5 + margin and 48.5 - margin <= y <= 48.6 + margin) for x, y in points
    )
    assert (places.looked, places.area, places.sampled) == (300, "Carré", False)
    # The corners of the widened contour are round: a point in one of them may be out though within the widened square.
    assert clearly_outside <= places.outside <= clearly_outside + 2


def test_without_a_contour_places_must_lie_in_france(version_of):
    lines = [f"{n};{2 + n / 100};48.5" for n in range(30)] + ["30;-74.0;40.7"]
    folder = version_of("id;longitude;latitude\n" + "\n".join(lines) + "\n")
    places = measure(folder).places
    assert (places.looked, places.outside, places.area) == (31, 1, "")


def test_a_table_without_rows_measures_nothing_and_breaks_nothing(version_of):
    measures = measure(version_of("id;nom\n"))
    assert (measures.rows, measures.duplicates, measures.checked, measures.places) == (0, 0, {}, None)


def test_measures_come_back_whole_from_json(version_of, text):
    first = version_of(text)
    measures = measure(version_of(grants(seed=8)), previous=first)
    assert Measures.from_dict(json.loads(json.dumps(measures.to_dict()))) == measures


def test_a_folder_that_is_no_version_is_not_found(tmp_path: Path):
    with pytest.raises(NotFound):
        measure(tmp_path)


def test_titles_totals_notes_and_headers_that_come_again_are_no_refused_lines(version_of):
    text = "Effectifs des écoles\n\necole;eleves;classes\nJaurès;12;1\nFerry;30;2\necole;eleves;classes\nZola;8;1\nTotal;50;4\n"
    assert measure(version_of(text)).rejects == 0
    rows = "".join(f"École {rank};{rank};1\n" for rank in range(1, 9))
    assert measure(version_of(f"Effectifs\n\necole;eleves;classes\n{rows}Péri;1;2;3\n")).rejects == 1
