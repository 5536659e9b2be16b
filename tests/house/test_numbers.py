"""Every bound that the documentation tells is the one that the code has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from parvis.config.cli import serve
from parvis.config.serving import bridge
from parvis.core import value_labels
from parvis.core.atlas.description import MOST_LAYERS
from parvis.core.basemap import building
from parvis.core.databases import Bounds
from parvis.core.explore import elsewhere
from parvis.core.explore.request import LAST_ROW
from parvis.core.fetching import limits, remote
from parvis.core.formats import archive_members, sheet_reader
from parvis.core.geo import territory_files
from parvis.core.ingest.preview import SAMPLE
from parvis.core.odata import aggregation as odata_aggregation
from parvis.core.odata import pages as odata_pages
from parvis.core.odata import parser as odata_parser
from parvis.core.odata import tokens as odata_tokens
from parvis.core.pictures import reception, sanitizer
from parvis.core.profiling import lookalikes
from parvis.core.recipes import reading
from parvis.core.rowlog import received
from parvis.core.sandbox import pool
from parvis.core.sources import (
    answers,
    arcgis,
    csw,
    data_fair,
    data_json,
    dcat,
    explore_records,
    explore_v1,
    features,
    ogc_records,
    page_skeletons,
    paging,
    rdf,
    record_json,
    udata,
    values,
)
from parvis.core.transforms import small_cells, steps, treatments
from parvis.core.transforms.preparation import national, shapes, texts, work
from parvis.core.validation.reports import as_xlsx
from parvis.core.versions import hollow
from parvis.domains.agenda import collection
from parvis.domains.contributions import forms as contributions
from parvis.domains.contributions import tables
from parvis.domains.deliberations.deposit import boxes, receiving
from parvis.domains.deliberations.finding import results
from parvis.domains.deliberations.oparl import lists
from parvis.domains.deliberations.watching import services as watching
from parvis.domains.indicators.models import MOST_ON_BOARD
from parvis.domains.requests import rules as requests
from parvis.hub.apikeys import rules as apikeys
from parvis.hub.catalogue import attachments
from parvis.hub.charts import trails
from parvis.hub.dataservices import rules as dataservices
from parvis.hub.datastore import lenses, previews
from parvis.hub.datastore import national as datastore_national
from parvis.hub.deliveries import rules as deliveries
from parvis.hub.drawings import menu_sources
from parvis.hub.geocoding import services as geocoding
from parvis.hub.harvesting import comparisons, documents, federated, hook_rules, preview, readers, sources
from parvis.hub.harvesting import rules as harvesting
from parvis.hub.maps import ign
from parvis.hub.moving import pages as moving_pages
from parvis.hub.moving import portal_sites
from parvis.hub.moving import rules as moving
from parvis.hub.notifications import changes, webhook_rules
from parvis.hub.quotas.concurrency import PERMITS
from parvis.hub.rowlog import rules as rowlog
from parvis.hub.sites.rules import LEAST_CONTRAST
from parvis.hub.uploads import records as uploads
from parvis.hub.uploads import services as pictures
from parvis.hub.usage import counters
from parvis.hub.usage.module import MODULE as USAGE
from parvis.hub.usage.services import DAYS_KEPT
from parvis.hub.validation import transient_checks
from parvis.hub.validation.services import entry
from parvis.hub.writing import bulk, digests, files, once
from parvis.packs.bundled_files import demo_pack, demo_pages
from parvis.web.api.explore.catalogue_files import GRAPH_PAGE
from parvis.web.backoffice.assistant import recipe_history
from parvis.web.geocatalogue import csw_request, csw_views, matching, predicates, xml_reader
from parvis.web.sql.formats import FORMATS
from parvis.web.validation import query

ROOT = Path(__file__).resolve().parents[2]
MEGA = 1_000_000

WORDS = {5: "cinq", 8: "huit", 10: "dix", 12: "douze", 50: "cinquante"}
ENGLISH = {10: "ten"}


CLAIMS: tuple[tuple[str, str, float], ...] = (
    ("docs/howto/ecrire-par-l-api.md", "({} Mo au plus alors)", digests.MOST_CHECKED / MEGA),
    ("docs/howto/ecrire-par-l-api.md", "plusieurs jeux, {} par demande", bulk.MOST),
    ("docs/howto/pousser-des-lignes.md", "jusqu’à {} lignes", received.MOST_ROWS),
    ("docs/howto/pousser-des-lignes.md", "{} cellules", received.MOST_CELLS),
    ("docs/howto/pousser-des-lignes.md", "et {} Mo par lot", received.MOST_BYTES / MEGA),
    ("docs/howto/pousser-des-lignes.md", "dès {} lignes", rowlog.FOLD_ROWS),
    ("README.md", "made of {} real datasets", len(demo_pack().datasets)),
    ("README.md", "tells {} themes", len(demo_pages())),
    ("README.md", "{} former versions of a dataset stay", settings.PARVIS["PARVIS_VERSIONS_KEPT"]),
    ("docs/reference/geographic-catalogue.md", "document of a request | {} bytes", xml_reader.MOST_BYTES),
    ("docs/reference/geographic-catalogue.md", "bytes, {} levels", xml_reader.DEEPEST),
    ("docs/reference/geographic-catalogue.md", "levels, {} elements", xml_reader.MOST_ELEMENTS),
    ("docs/reference/geographic-catalogue.md", "| conditions | {}, tried", predicates.MOST_CONDITIONS),
    ("docs/reference/geographic-catalogue.md", "tried for {} s", matching.MOST_SECONDS),
    ("docs/reference/geographic-catalogue.md", "{} wildcards", matching.MOST_WILDCARDS),
    ("docs/reference/geographic-catalogue.md", "records on a page | {};", csw_request.LARGEST_PAGE),
    ("docs/reference/geographic-catalogue.md", "; {} by default", csw_request.PAGE),
    ("docs/reference/geographic-catalogue.md", "identifiers of a request | {}", csw_request.MOST_IDS),
    ("docs/reference/geographic-catalogue.md", "values told by `GetDomain` | {}", csw_views.MOST_VALUES),
    ("docs/reference/sources.md", "an answer read whole | {} MB", round(answers.MOST_BYTES / MEGA)),
    ("docs/reference/sources.md", "nesting of XML and JSON | {} levels", answers.DEEPEST),
    ("docs/reference/sources.md", "RDF statements on a page | {}", rdf.MOST_QUADS),
    ("docs/reference/sources.md", "datasets on a page of DCAT | {}", dcat.MOST_ITEMS),
    ("docs/reference/sources.md", "datasets in a `data.json` | {}", data_json.MOST_ITEMS),
    ("docs/reference/sources.md", "pages of a source, or of rows | {}", paging.MOST_PAGES),
    ("docs/reference/sources.md", "datasets by Explore v1 | {}", explore_v1.LAST),
    (
        "docs/reference/sources.md",
        "catalogues of an OGC API Records; links of a record | {};",
        ogc_records.MOST_COLLECTIONS,
    ),
    ("docs/reference/sources.md", "links of a record | 200; {}", record_json.MOST_LINKS),
    ("docs/reference/sources.md", "records of each catalogue, {} at a time", ogc_records.PAGE),
    ("docs/reference/sources.md", "services of an ArcGIS server | {}", arcgis.MOST_SERVICES),
    ("docs/reference/sources.md", "keywords of a dataset | {} of", values.MOST_KEYWORDS),
    ("docs/reference/sources.md", "resources of a dataset | {}", values.MOST_RESOURCES),
    ("docs/reference/sources.md", "GeoJSON, {} at a time in 2.0", features.PAGE),
    ("docs/reference/sources.md", "datasets/1.0/search/`, {} at a time", explore_v1.PAGE),
    ("docs/reference/sources.md", "`/api/1/organizations/<name>/datasets/`, {} at a time", udata.PAGE),
    ("docs/reference/sources.md", "`/datasets`, {} at a time, the oldest first", data_fair.PAGE),
    ("docs/reference/sources.md", "`/lines`, {} at a time", data_fair.LINES),
    ("docs/howto/emmenager.md", "au {}e : au-delà", data_fair.FURTHEST),
    ("docs/reference/sources.md", "`GetRecords` by POST, {} at a time", csw.PAGE),
    ("docs/reference/dcat.md", "pages of {} datasets", GRAPH_PAGE),
    ("docs/howto/lire-avec-excel-ou-power-bi.md", "par pages de {}, ", odata_pages.PAGE_ROWS),
    ("docs/howto/lire-avec-excel-ou-power-bi.md", "de 10 000, {} au plus", odata_pages.LARGEST_PAGE),
    ("docs/howto/lire-avec-excel-ou-power-bi.md", "Une option fait {} caractères", odata_tokens.MAX_LENGTH),
    ("docs/howto/lire-avec-excel-ou-power-bi.md", "caractères et {} comparaisons", odata_parser.MAX_COMPARISONS),
    ("docs/howto/lire-avec-excel-ou-power-bi.md", "Cela fait {} groupes", odata_aggregation.MAX_GROUPS),
    ("docs/howto/lire-avec-excel-ou-power-bi.md", "groupes au plus, en {} étapes", odata_parser.MAX_TRANSFORMATIONS),
    ("docs/howto/moissonner-des-sources.md", "les **{} premiers jeux**", preview.SHOWN),
    ("docs/howto/emmenager.md", "`/records`, {} lignes à la fois", explore_records.PAGE),
    ("docs/howto/emmenager.md", "pas plus de {} par question", explore_records.WALL),
    ("docs/howto/emmenager.md", "plus de {} lignes que rien ne distingue", explore_records.WALL),
    ("docs/howto/emmenager.md", "plus de {} de lignes", explore_records.MOST_ROWS),
    ("docs/howto/emmenager.md", "une demande pour {} lignes", explore_records.PAGE),
    ("docs/howto/emmenager.md", "{} Mo chacun", attachments.MOST_BYTES / MEGA),
    ("docs/howto/emmenager.md", "{} documents par jeu au plus", documents.MOST_DOCUMENTS),
    ("docs/howto/emmenager.md", "{} fichiers par jeu au plus", documents.MOST_FILES),
    ("docs/howto/emmenager.md", "{} par jeu au plus, toutes comptées", comparisons.MOST_TOLD),
    ("docs/howto/emmenager.md", "au plus : {} pages", moving.KINDS["pages"].most),
    ("docs/howto/emmenager.md", "({} morceaux", page_skeletons.MOST_PIECES),
    ("docs/howto/emmenager.md", "morceaux et {} images", moving_pages.MOST_PICTURES),
    ("docs/howto/emmenager.md", "{} personnes", moving.KINDS["users"].most),
    ("docs/howto/emmenager.md", "{} groupes", moving.KINDS["groups"].most),
    ("docs/howto/emmenager.md", "{} règles", moving.KINDS["filters"].most),
    ("docs/howto/emmenager.md", "{} réutilisations", moving.KINDS["reuses"].most),
    ("docs/howto/emmenager.md", "{} portails enfants", moving.KINDS["portals"].most),
    ("docs/howto/emmenager.md", "cartes de {} jeux", moving.KINDS["drawings"].most),
    ("docs/howto/emmenager.md", "Un jeu coché, {} à la fois", portal_sites.MOST_PLACED),
    ("docs/howto/moissonner-des-sources.md", "(au-delà de {} %)", harvesting.LARGEST_SHORTAGE * 100),
    ("docs/howto/moissonner-des-sources.md", "en une fois de {} jeux", sources.MOST_DECIDED),
    ("docs/howto/moissonner-des-sources.md", "plus de {} % de ses jeux", harvesting.LARGEST_LOSS * 100),
    ("docs/howto/moissonner-des-sources.md", "elle rend la main toutes les {} secondes", harvesting.SLICE_SECONDS),
    ("docs/howto/moissonner-des-sources.md", "{} seconde, ou plus", settings.PARVIS["PARVIS_SOURCES_PAUSE"]),
    ("docs/howto/moissonner-des-sources.md", "un jour au plus", harvesting.LONGEST_WISH.days),
    ("docs/howto/moissonner-des-sources.md", "à la fois, pour {} secondes et", federated.SECONDS),
    ("docs/howto/moissonner-des-sources.md", "secondes et {} Mo au plus", federated.MOST_BYTES / MEGA),
    ("docs/howto/moissonner-des-sources.md", "est resservie pendant {} secondes", federated.FRESH),
    ("docs/howto/moissonner-des-sources.md", "n’est plus interrogé pendant {} secondes", readers.FIRST_BREAK),
    ("docs/howto/moissonner-des-sources.md", "à chaque échec, {} minutes au plus", readers.LONGEST_BREAK / 60),
    ("docs/reference/sources.md", "columns of a federated dataset | {}", hollow.MOST_COLUMNS),
    ("docs/reference/sources.md", "an answer to a federated dataset | {} MB", federated.MOST_BYTES / MEGA),
    ("docs/reference/sources.md", "8 MB, {} values", elsewhere.MOST_MARKS),
    ("docs/reference/sources.md", "values, {} levels", elsewhere.DEEPEST),
    ("docs/reference/sources.md", "levels, {} seconds", federated.SECONDS),
    ("docs/howto/moissonner-des-sources.md", "de {} pages ainsi laissées", harvesting.MOST_LEFT),
    ("docs/howto/moissonner-des-sources.md", "{} minutes ; après trois", harvesting.WAITS[-1].seconds / 60),
    ("docs/howto/moissonner-des-sources.md", "au-delà de {} minutes, elle rend", harvesting.LONGEST_HERE.seconds / 60),
    ("docs/howto/moissonner-des-sources.md", "de plus de {} Mo", hook_rules.BODY_BYTES / 1_000_000),
    ("docs/howto/moissonner-des-sources.md", "**{} appels par minute** pour une source", hook_rules.CALLS_A_MINUTE),
    ("docs/howto/moissonner-des-sources.md", "**{} appels refusés par minute**", hook_rules.REFUSALS_A_MINUTE),
    ("docs/howto/moissonner-des-sources.md", "**{} lectures par heure**", hook_rules.RUNS_AN_HOUR),
    ("docs/reference/notifications.md", "after {} minutes, unless it is online", changes.SECOND_THOUGHTS.seconds / 60),
    ("docs/reference/notifications.md", "refused beyond {} minutes", hook_rules.PATIENCE.seconds / 60),
    ("docs/reference/notifications.md", "at most {} times an hour", hook_rules.RUNS_AN_HOUR),
    ("docs/reference/notifications.md", "the latest {}, and no address", hook_rules.CALLS_KEPT),
    ("docs/howto/valider-un-fichier.md", "au-delà de {} Mo", transient_checks.KEPT_BYTES // 1_000_000),
    ("docs/howto/preparer-des-donnees.md", "sur les {} premières lignes du fichier", SAMPLE),
    ("docs/howto/preparer-des-donnees.md", "| étapes d’une recette | {} |", reading.MOST_STEPS),
    ("docs/howto/preparer-des-donnees.md", "| colonnes qu’un pivot peut faire | {} |", shapes.MOST_PIVOTED),
    ("docs/howto/preparer-des-donnees.md", "| secondes d’une étape, dans un aperçu | {} |", previews.STEP_SECONDS),
    ("docs/howto/preparer-des-donnees.md", "écrite en SQL, à l’import | {} |", steps.SQL_SECONDS),
    (
        "docs/howto/preparer-des-donnees.md",
        "| aperçus d’une même personne en même temps | {} |",
        PERMITS["previews"].of_one,
    ),
    (
        "docs/howto/preparer-des-donnees.md",
        "| fichiers d’une archive lus comme un tableau | {} |",
        archive_members.MOST_PARTS,
    ),
    (
        "docs/howto/preparer-des-donnees.md",
        "| feuilles d’un classeur lues comme un tableau | {} |",
        sheet_reader.MOST_SHEETS,
    ),
    ("docs/howto/preparer-des-donnees.md", "envoie {} adresses au plus", datastore_national.PREVIEWED),
    ("docs/howto/preparer-des-donnees.md", "partent par lots de {}", geocoding.BATCH),
    ("docs/howto/preparer-des-donnees.md", "envoyées au service national | {} |", national.MOST_ASKED),
    ("docs/howto/preparer-des-donnees.md", "| modifications que l’on peut annuler | {} |", recipe_history.MOST_CHANGES),
    ("docs/howto/preparer-des-donnees.md", "| {} millions, comptées avant", work.MOST_ROWS / MEGA),
    (
        "docs/howto/preparer-des-donnees.md",
        "| longueur d’une expression régulière | {} caractères |",
        texts.LONGEST_PATTERN,
    ),
    ("docs/howto/fond-de-carte.md", "{} fois la taille de l’extrait", building.ROOM),
    (
        "docs/howto/fond-de-carte.md",
        "{} Go au plus (`PARVIS_IGN_CACHE`)",
        settings.PARVIS["PARVIS_IGN_CACHE"] / 1_000 / MEGA,
    ),
    ("docs/howto/fond-de-carte.md", "(`PARVIS_IGN_CACHE`), {} jours", ign.KEPT_SECONDS / 86_400),
    ("docs/howto/sites-des-communes.md", "territoires de {} communes au plus", lenses.MOST_COMMUNES),
    ("docs/howto/oparl.md", "moins d’objets par page ({} au plus", lists.MOST),
    ("docs/howto/oparl.md", "au plus, {} pour `file` et `agendaitem`)", lists.MOST_LONG),
    ("docs/howto/chercher-dans-les-deliberations.md", "avec {} passages au plus", results.MOST_EXTRACTS),
    ("docs/howto/chercher-dans-les-deliberations.md", "Au-delà de {} actes, le courriel", watching.MOST_TOLD),
    ("docs/howto/deposer-des-deliberations.md", "{} Mo au plus par fichier", receiving.MOST_BYTES / MEGA),
    ("docs/howto/deposer-des-deliberations.md", "{} zones au plus par fichier", boxes.MOST_BOXES),
    ("docs/howto/dialoguer.md", "{} jours au plus ; le nombre reste", requests.VOTE_DAYS),
    ("docs/howto/mettre-a-jour-les-territoires.md", "une heure au plus, {} territoires au plus", territory_files.MOST),
    ("docs/howto/contribuer.md", "(à moins de {} mètres", tables.NEAR_METRES),
    ("docs/howto/contribuer.md", "Une photo peut être jointe ({} Mo)", contributions.MOST_PHOTO_BYTES / MEGA),
    ("docs/howto/corriger-un-fichier.md", "Au-delà de {} lignes, seules", as_xlsx.WHOLE_ROWS),
    ("docs/howto/mesurer-les-usages.md", "Chaque nuit, après {} heures", USAGE.daily[0].hour),
    ("docs/howto/mesurer-les-usages.md", "toutes les {} secondes", counters.WRITE_SECONDS),
    ("docs/howto/mesurer-les-usages.md", "Passé {} jours", DAYS_KEPT),
    ("docs/howto/proteger-les-personnes.md", "carré de {} mètres", treatments.SQUARE),
    ("docs/howto/proteger-les-personnes.md", "de moins de 5 ou de {} personnes", small_cells.THRESHOLD),
    ("docs/howto/saisir-en-ligne.md", "({} lignes au plus)", entry.MOST_ROWS),
    ("docs/howto/suivre-les-livraisons.md", "prend {} fichiers par jour", deliveries.MOST_FILES_A_DAY),
    ("docs/howto/suivre-un-indicateur.md", "; {} au plus", MOST_ON_BOARD),
    ("docs/howto/faire-une-page.md", "plus de {}. « Ajouter une condition »", menu_sources.MOST_VALUES),
    ("docs/howto/faire-une-page.md", "de {} Mo et", reception.MOST_BYTES / MEGA),
    ("docs/howto/faire-une-page.md", "et {} millions de pixels au plus", sanitizer.MOST_PIXELS / MEGA),
    ("docs/howto/faire-une-page.md", "réduite à {} pixels de côté", pictures.LONGEST_PICTURE),
    ("docs/howto/faire-une-page.md", "{} Mo au plus, dont", settings.WAGTAILDOCS_MAX_UPLOAD_SIZE / MEGA),
    ("docs/howto/faire-une-page.md", "{} Mo au plus, dont", uploads.MOST_BYTES / MEGA),
    ("docs/howto/faire-un-graphique.md", "Au-delà de {} valeurs", trails.MOST),
    ("docs/howto/faire-une-carte.md", "jusqu’à {}.", MOST_LAYERS),
    ("docs/howto/repertorier-un-service.md", "(une par ligne, {} au plus)", dataservices.MOST_ENDPOINTS),
    ("docs/howto/repertorier-un-service.md", "(l’adresse de leur page, {} au plus)", dataservices.MOST_DATASETS),
    ("docs/howto/repertorier-un-service.md", "Après {} échecs", dataservices.DOWN_AFTER),
    ("docs/howto/tenir-un-agenda.md", "bureautique ; {} Mo au plus", attachments.MOST_BYTES / MEGA),
    ("docs/howto/tenir-un-agenda.md", "; {} dates au plus", collection.MOST_LINES),
    (
        "docs/howto/installer-en-production.md",
        "muette est fermée après {} secondes",
        serve.HTTP.header_read_timeout / 1000,
    ),
    ("docs/howto/installer-en-production.md", "ne prend rien après {},", bridge.STALLED),
    ("docs/howto/installer-en-production.md", "peut en prendre {}.", query.SECONDS),
    ("docs/howto/habiller-un-site.md", "il en faut {}.", LEAST_CONTRAST),
    ("docs/howto/lire-le-catalogue-par-l-api.md", "de {} jeux liées entre elles", GRAPH_PAGE),
    ("docs/howto/lire-le-catalogue-par-l-api.md", "`offset` s’arrête à {} lignes", LAST_ROW),
    ("docs/howto/ecrire-par-l-api.md", "certains jeux, {} au plus", apikeys.MOST_DATASETS),
    ("docs/howto/ecrire-par-l-api.md", "au bout de {} jours au plus", apikeys.LONGEST_WRITING.days),
    ("docs/howto/ecrire-par-l-api.md", "deux fois en {} heures", once.KEPT.total_seconds() / 3600),
    ("docs/howto/ecrire-par-l-api.md", "{} fichiers d’une même personne", files.MOST_UPLOADS),
    ("docs/howto/prevenir-un-logiciel.md", "Après {} échecs de suite", webhook_rules.MOST_FAILURES),
    ("docs/howto/importer-un-fichier.md", "un nombre de plus de {} chiffres", lookalikes._MOST_DIGITS),
    ("docs/howto/interroger-en-sql.md", "({} caractères au plus)", pool.LONGEST),
    ("docs/howto/interroger-en-sql.md", "`json` ({} lignes au plus)", FORMATS["json"].rows),
    ("docs/howto/interroger-en-sql.md", "`parquet` ({} lignes au plus)", FORMATS["parquet"].rows),
    ("docs/howto/interroger-en-sql.md", "s’arrête après {} minutes sans question", pool.Resources().idle / 60),
    ("docs/reference/sources-files.md", "looks at {} things", remote.MOST_LOOKED),
    ("docs/reference/sources-files.md", "in {} folders at most", remote.MOST_FOLDERS),
    ("docs/reference/sources-files.md", "sends nothing for {} seconds", limits.IDLE_SECONDS),
    ("docs/reference/sources-files.md", "less than {} bytes in", limits.LEAST_BYTES),
    ("docs/reference/sources-files.md", "for {} tries in a row", len(remote.RESUME_WAITS)),
    ("docs/reference/sources-files.md", "otherwise: {} rows", Bounds().rows),
    ("docs/reference/sources-files.md", "{} GB of values", Bounds().bytes / 1_000 / MEGA),
    ("docs/reference/sources-files.md", "{} minutes. At the end", Bounds().seconds / 60),
    ("docs/howto/publier.md", "au plus {} libellés", value_labels.MOST_LABELS),
    ("docs/howto/publier.md", "de {} lettres au plus", value_labels.LONGEST_LABEL),
    ("docs/howto/publier.md", "Chaque jeu en garde {}, réparties", settings.PARVIS["PARVIS_VERSIONS_KEPT"]),
)
"""Page, sentence and what the code has in place of its ``{}``."""

BOUND = re.compile(
    r"(?:[0-9][0-9 \u00a0\u202f]*|" + "|".join(WORDS.values()) + r")(?: [a-zéèû’]+){0,3} au plus"
    r"|[Jj]usqu’à (?:huit|[0-9]+)\.|[Aa]u-delà de [0-9]|[Aa]près (?:cinquante|[0-9]+) échecs|[Pp]assé [0-9]+|toutes les (?:cinq|[0-9]+) "
)
"""How the pages tell a bound."""


def written(number: float) -> set[str]:
    """A number as a page may write it: in figures, thousands apart, with a comma, in letters."""
    if number != int(number):
        return {str(number).replace(".", ",")}
    whole = int(number)
    grouped = f"{whole:,}"
    letters = {word for table in (WORDS, ENGLISH) for value, word in table.items() if value == whole}
    return {
        str(whole),
        *(grouped.replace(",", blank) for blank in ", \u00a0\u202f"),
        *letters,
        *map(str.capitalize, letters),
    }


def page_text(page: str) -> str:
    return " ".join((ROOT / page).read_text(encoding="utf-8").split())


@pytest.mark.parametrize(
    ("page", "sentence", "number"), CLAIMS, ids=[f"{page}: {sentence}" for page, sentence, _ in CLAIMS]
)
def test_a_page_tells_the_number_that_the_code_has(page, sentence, number):
    assert any(sentence.replace("{}", form) in page_text(page) for form in written(number)), (sentence, number)


@pytest.mark.parametrize("page", sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs" / "howto").glob("*.md")))
def test_no_bound_of_a_page_is_left_unread(page):
    text = page_text(page)
    read = {
        sentence.replace("{}", form) for name, sentence, number in CLAIMS if name == page for form in written(number)
    }
    for match in BOUND.finditer(text):
        assert any(
            text.find(sentence, max(0, match.start() - len(sentence)), match.end() + len(sentence)) >= 0
            for sentence in read
        ), text[max(0, match.start() - 40) : match.end() + 40]
