"""Addresses of version 1 of the Explore API; each answers with and without a final slash."""

from django.urls import re_path

from parvis.web.api.explore import files
from parvis.web.api.explore_v1 import datasets, maps, not_found, pictos, records, redirects

_DATASET = r"^api/datasets/1\.0/(?P<dataset_id>[^/]+)"
_RECORDS = r"^api/records/1\.0"

urlpatterns = [
    re_path(r"^api/datasets/1\.0/search/?$", datasets.search, name="v1_datasets"),
    re_path(r"^api/datasets/1\.0/(?P<name>[^/]+)/?$", datasets.dataset, name="v1_dataset"),
    re_path(r"^api/datasets/1\.0/(?P<name>[^/]+)/records/(?P<record_id>[^/]+)/?$", records.record, name="v1_record"),
    re_path(rf"{_DATASET}/attachments/(?P<slug>[^/]+)/?$", files.attachment_file, name="v1_attachment"),
    re_path(rf"{_DATASET}/files/(?P<file_id>[^/]+)(?:/\d{{1,4}})?/?$", files.field_file, name="v1_file"),
    re_path(rf"{_RECORDS}/search/?$", records.search, name="v1_search"),
    re_path(rf"{_RECORDS}/download/?$", records.download, name="v1_download"),
    re_path(rf"{_RECORDS}/analyze/?$", records.analyse, name="v1_analyze"),
    re_path(rf"{_RECORDS}/geocluster/?$", maps.geocluster, name="v1_geocluster"),
    re_path(rf"{_RECORDS}/geopreview/?$", maps.geopreview, name="v1_geopreview"),
    re_path(rf"{_RECORDS}/geopolygon/?$", maps.geopolygon, name="v1_geopolygon"),
    re_path(rf"{_RECORDS}/boundingbox/?$", maps.extent, name="v1_boundingbox"),
    re_path(r"^explore/dataset/(?P<name>[^/]+)/download/?$", redirects.download, name="former_download"),
    re_path(
        r"^explore/dataset/(?P<dataset_id>[^/]+)/files/(?P<file_id>[^/]+)(?:/\d{1,4}|/download)?/?$", files.field_file
    ),
    re_path(r"^static/pictos/[\w./-]{1,200}\.svg$", pictos.picto, name="former_picto"),
    re_path(r"^api/(?:records|datasets)/1\.0(?:/|$)", not_found.unknown_address, name="v1_nowhere"),
]
