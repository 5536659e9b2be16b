"""The statement tells what was measured, and nothing else."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from parvis import __version__
from parvis.hub.legal.results import DEFECTS, results

ROOT = Path(__file__).resolve().parents[5]


def the_measure():
    spec = importlib.util.spec_from_file_location("measure", ROOT / "scripts" / "measure_accessibility.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_criteria_checked_by_hand_are_those_that_the_docs_list():
    measured = the_measure().by_hand()
    assert measured["by_hand"] == list(results().by_hand)
    assert measured["defects"] == list(results().defects)
    assert {"5.1", "5.4", "5.7", "7.3", "11.11"} <= set(results().by_hand)


def test_every_defect_found_by_hand_is_told():
    assert set(results().defects) == set(DEFECTS)


def test_each_page_that_is_measured_has_its_result_and_its_tool_is_named():
    measure = the_measure()
    assert [page.address for page in results().pages] == list(measure.ADDRESSES)
    assert results().version == measure.VERSION[1] == __version__
    assert all(page.passed > 10 for page in results().pages)
    assert results().tool.startswith("axe-core ")
    assert results().browser.startswith("Chromium ")
