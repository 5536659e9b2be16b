"""Words of elsewhere and ours."""

import pytest

from parvis.core.formats.readers import READER_BY_NAME
from parvis.core.metadata import FREQUENCIES, FREQUENCY_BY_SLUG, LICENCE_BY_SLUG, LICENCES, THEME_BY_SLUG, THEMES
from parvis.core.sources import format_words, vocabulary, vocabulary_words
from parvis.core.sources.dialects import ROWS
from parvis.core.sources.values import address, box, digest, email, moment, period, plain, resource, short, stable


def test_every_row_leads_to_a_slug_of_ours() -> None:
    assert set(vocabulary_words.LICENCE_WORDS.values()) <= {*LICENCE_BY_SLUG, ""}
    assert set(vocabulary_words.THEME_WORDS.values()) <= set(THEME_BY_SLUG)
    assert set(vocabulary_words.FREQUENCY_WORDS.values()) <= set(FREQUENCY_BY_SLUG)
    assert set(format_words.FORMAT_WORDS.values()) <= set(READER_BY_NAME)
    assert set(format_words.SERVICE_WORDS.values()) <= set(ROWS)


def test_our_own_words_come_back() -> None:
    assert [vocabulary.licence_slug(row.url) for row in LICENCES if row.url] == [
        row.slug for row in LICENCES if row.url
    ]
    assert [vocabulary.licence_slug(row.name) for row in LICENCES[:2]] == ["lov2", "odbl"]
    assert [vocabulary.theme_slug(row.uri) for row in THEMES] == [row.slug for row in THEMES]
    assert [vocabulary.frequency_of(row.uri) for row in FREQUENCIES] == [row.slug for row in FREQUENCIES]


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        (("fr-lo",), "lov2"),
        (("http://www.etalab.gouv.fr/licence-ouverte-open-licence?lang=fr",), "lov2"),
        (("Licence Ouverte 1.0 http://www.data.gouv.fr/Licence-Ouverte-Open-Licence.",), "lov2"),
        (("https://spdx.org/licenses/etalab-2.0.html",), "lov2"),
        (("http://publications.europa.eu/resource/authority/licence/CC_BY_4_0",), "cc-by-4.0"),
        (("http://publications.europa.eu/resource/authority/licence/CC0",), "cc0-1.0"),
        (("", "odc-odbl"), "odbl"),
        (("Données sous licence ODbL (c) Évry",), "odbl"),
        (("cc-by-sa",), ""),
        (("https://creativecommons.org/licenses/by-nc/4.0/",), ""),
        (("CC BY 4.0 NC",), ""),
        (("Pas de restriction d’accès public",), ""),
        (("notspecified",), ""),
        (("http://[::1",), ""),
        (("x" * 100_000,), ""),
    ],
)
def test_licences(words: tuple[str, ...], slug: str) -> None:
    assert vocabulary.licence_slug(*words) == slug


@pytest.mark.parametrize(
    ("function", "word", "slug"),
    [
        (vocabulary.theme_slug, "http://inspire.ec.europa.eu/theme/lu", "territoire"),
        (vocabulary.theme_slug, "http://inspire.ec.europa.eu/metadata-codelist/TopicCategory/biota", "environnement"),
        (vocabulary.theme_slug, "Santé", "sante"),
        (vocabulary.theme_slug, "Pirates", ""),
        (vocabulary.frequency_of, "http://purl.org/cld/freq/annual", "annual"),
        (vocabulary.frequency_of, "R/P1Y", "annual"),
        (vocabulary.frequency_of, "bimonthly", "quarterly"),
        (vocabulary.frequency_of, "Quotidienne", "daily"),
        (vocabulary.language_of, "http://publications.europa.eu/resource/authority/language/FRA", "fr"),
        (vocabulary.language_of, "fr_FR", "fr"),
        (vocabulary.format_of, "https://www.iana.org/assignments/media-types/text/csv", "csv"),
        (vocabulary.format_of, "text/csv; charset=utf-8", "csv"),
        (vocabulary.format_of, ".XLSX", "xlsx"),
        (vocabulary.format_of, "pdf", ""),
        (vocabulary.service_of, "OGC:WFS-2.0.0-http-get-feature", "wfs"),
        (vocabulary.service_of, "http://www.opengis.net/def/serviceType/ogc/wfs", "wfs"),
        (vocabulary.service_of, "OGC:WMS", ""),
    ],
)
def test_other_words(function: object, word: str, slug: str) -> None:
    assert function(word) == slug  # type: ignore[operator]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-01-02", "2026-01-02"),
        ("2026/01/02", "2026-01-02"),
        ("02/01/2026", "2026-01-02"),
        ("2026-01-02T03:04:05.123456789Z", "2026-01-02T03:04:05+00:00"),
        ("Fri, 02 Jan 2026 03:04:05 GMT", "2026-01-02T03:04:05+00:00"),
        (1767322800000, "2026-01-02T03:00:00+00:00"),
        ("2026", "2026"),
        ("2026-13", ""),
        ("2026-02-30", ""),
        ("0001-01-01", ""),
        (float("inf"), ""),
        (10**40, ""),
        (True, ""),
        (["2026-01-02"], "2026-01-02"),
        ("demain", ""),
    ],
)
def test_dates(value: object, expected: str) -> None:
    assert moment(value) == expected


def test_texts_addresses_and_rectangles() -> None:
    assert plain("<ul><li>un</li><li>deux</li></ul><p>a\n b</p>") == "un\ndeux\n a b".replace("\n a", "\na")
    assert plain("x < y & z") == "x < y & z"
    assert short("a\u202eb\n\u200bc\x00 d") == "ab c d"
    assert short({"en": "trees", "fr": "arbres"}) == "arbres"
    assert address("https://é.example/a b?c=d e") == "https://%C3%A9.example/a%20b?c=d%20e"
    assert address("//evry.example/a", "https://x.example") == "https://evry.example/a"
    assert email("mailto:Sig%40evry.example?subject=x") == "Sig@evry.example"
    assert period("2019-01-01/2020") == ("2019-01-01", "2020")
    assert box(["2", "48", "3", "49"]) == (2.0, 48.0, 3.0, 49.0)
    assert box([170, -20, -170, -10]) == (170.0, -20.0, -170.0, -10.0)
    assert box([0, 0, 200, 0]) is None
    assert digest("http://spdx.org/rdf/terms#checksumAlgorithm_sha256", "A" * 64) == "sha256:" + "a" * 64
    assert (
        resource("https://a.example/exports/geojson", title="a.geojson", media_type="application/json").format
        == "geojson"
    )
    assert stable("x" * 1_000, "") == stable("x" * 1_000, "https://a.example")
    assert len(stable("https://a.example/" + "x" * 900, "https://a.example")) == 32
