"""The addresses of the documents of records in the back office."""

from __future__ import annotations

from django.urls import URLPattern, path
from wagtail import hooks

from parvis.hub.uploads.backoffice import RecordFileBytes, RecordFileRelease, RecordFileRemoval, RecordFilesScreen


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    """Of each record whose kind takes documents."""
    place = "documents-joints/<slug:app>/<slug:kind>/<int:key>/"
    return [
        path(place, RecordFilesScreen.as_view(), name="record_files"),
        path(f"{place}<slug:slug>/", RecordFileBytes.as_view(), name="record_file"),
        path(f"{place}<slug:slug>/publier/", RecordFileRelease.as_view(), name="record_file_release"),
        path(f"{place}<slug:slug>/retirer/", RecordFileRemoval.as_view(), name="record_file_remove"),
    ]
