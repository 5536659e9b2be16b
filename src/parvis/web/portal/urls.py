"""Addresses of the public pages."""

from django.urls import path

from parvis.web.portal import (
    dataset,
    dataset_compare,
    dataset_downloads,
    dataset_map,
    dataset_profile,
    dataset_quality,
    dataset_validation,
    explorer,
    former_addresses,
    home,
    inventory,
    organisations,
    quality_boards,
    site_files,
    territories,
    texts,
)
from parvis.web.portal.errors import page

DATASET = "explore/dataset/<slug:dataset_id>/"
VERSION = f"{DATASET}versions/<slug:version>/"

urlpatterns = [
    path("", page(home.home), name="home"),
    path("explore/", page(explorer.explore), name="explore"),
    path(DATASET, page(dataset.dataset), name="dataset"),
    path(f"{DATASET}information/", page(dataset.information), name="dataset-information"),
    path(f"{DATASET}table/", page(former_addresses.filtered_table), name="dataset-table"),
    path(f"{DATASET}map/", page(dataset_map.map_page), name="dataset-map"),
    path(f"{DATASET}quality/", page(dataset_quality.quality_page), name="dataset-quality"),
    path(f"{DATASET}profile/", page(dataset_profile.profile_page), name="dataset-profile"),
    path(f"{DATASET}export/", page(dataset_downloads.export_page), name="dataset-export"),
    path(f"{DATASET}api/", page(dataset_downloads.api_page), name="dataset-api"),
    path(f"{DATASET}attachments/<slug:slug>/", page(dataset_downloads.attachment), name="dataset-attachment"),
    path(f"{VERSION}compare/", page(dataset_compare.compare), name="version-compare"),
    path(f"{VERSION}validation/", page(dataset_validation.validation), name="version-validation"),
    path(
        f"{VERSION}validation/rapport.<slug:ending>",
        page(dataset_validation.validation_file),
        name="version-validation-file",
    ),
    path(f"{VERSION}original/", page(dataset_downloads.original), name="version-original"),
    path(f"{VERSION}<slug:name>.csv", page(dataset_downloads.side_file), name="version-side-file"),
    *(path(f"{DATASET}{tab}/", page(former_addresses.former_tab)) for tab in former_addresses.FORMER_TABS),
    path("explore/embed/dataset/<slug:dataset_id>/", page(former_addresses.embedded), name="dataset-embed"),
    path("explore/embed/dataset/<slug:dataset_id>/<slug:view>/", page(former_addresses.embedded)),
    path("organisations/", page(organisations.organisations), name="organisations"),
    path("organisations/<slug:slug>/", page(organisations.organisation), name="organisation"),
    path("organisations/<slug:slug>/qualite/", page(quality_boards.organisation_board), name="organisation-quality"),
    path("organisations/<slug:slug>/inventaire/", page(inventory.target_list), name="organisation-inventory"),
    path("organisations/<slug:slug>/inventaire.csv", page(inventory.target_csv), name="organisation-inventory-csv"),
    path("inventaire/", page(inventory.inventory), name="inventory"),
    path("qualite/", page(quality_boards.board), name="quality"),
    path("organisations/<slug:slug>/feed.xml", page(site_files.feed), name="organisation-feed"),
    path("territoires/", page(territories.territories), name="territories"),
    path("territoires/<slug:address>/", page(territories.territory), name="territory"),
    path("feed.xml", page(site_files.feed), name="feed"),
    path("sitemap.xml", site_files.sitemap, name="sitemap"),
    path("robots.txt", site_files.robots, name="robots"),
    path("healthz", site_files.health, name="health"),
    path("theme.css", site_files.theme, name="theme"),
    path("favicon.svg", site_files.favicon, name="favicon"),
    path("preferences/", site_files.preferences, name="preferences"),
    path("style/", page(texts.style), name="style"),
    path("mentions-legales/", page(texts.legal), name="legal"),
    path("accessibilite/", page(texts.accessibility), name="accessibility"),
    path("donnees-personnelles/", page(texts.privacy), name="privacy"),
]
