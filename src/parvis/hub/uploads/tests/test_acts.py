"""The text of a received act, with what this instance is set to recognise scans by."""

from __future__ import annotations

import pytest

from parvis.core.acts.model import Method
from parvis.core.acts.reading.errors import ActUnknown
from parvis.core.acts.reading.tests.made import ACT, set_pdf
from parvis.hub.jobs.process_locks import process_folder
from parvis.hub.uploads.acts import act_pages, recogniser


def test_an_act_is_read_and_nothing_is_left_beside_it(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(set_pdf(ACT, pages=3))
    before = path.read_bytes()
    pages = [page for part in act_pages(path, "C:\\actes\\Délib 11.PDF", first=2) for page in part.pages]
    assert [(page.number, page.method) for page in pages] == [(2, Method.TEXT), (3, Method.TEXT)]
    assert path.read_bytes() == before
    assert not list(process_folder().glob("act-*"))


def test_another_kind_of_file_is_refused_before_anything_is_done(tmp_path):
    with pytest.raises(ActUnknown):
        next(act_pages(tmp_path / "none", "budget.xlsx"))


def test_the_data_of_the_recogniser_is_that_which_is_set(settings, tmp_path):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_TESSDATA": str(tmp_path)}
    assert recogniser() is None
    (tmp_path / "fra.traineddata").touch()
    assert recogniser() == tmp_path
