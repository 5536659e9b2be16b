"""What the journal keeps, told to people in words."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import parvis
from parvis.hub.accounts.events import Event
from parvis.hub.atlas.models import Map
from parvis.hub.charts.models import Chart
from parvis.web.backoffice.templatetags.backoffice import spaces_shown
from parvis.web.backoffice.words import ACCOUNT_EVENTS, actions

ACT = re.compile(r"[a-z]+\.[a-z]+(-[a-z]+)*")
ACTS_OF_DRAWINGS = ("create", "update", "publish", "unpublish", "delete")


def acts_in(path: Path) -> set[str]:
    """The acts that a module writes down, as their names stand in its text."""
    text = path.read_text(encoding="utf-8")
    if "audit.services import record" not in text:
        return set()
    words = {node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)}
    return {word for word in words if isinstance(word, str) and ACT.fullmatch(word) and not word.startswith("parvis.")}


def test_each_act_that_is_written_down_is_told_in_words():
    modules = [path for path in Path(parvis.__file__).parent.rglob("*.py") if "tests" not in path.parts]
    acts = set().union(*map(acts_in, modules))
    acts |= {f"{kind.noun}.{act}" for kind in (Chart, Map) for act in ACTS_OF_DRAWINGS}
    assert acts - set(actions()) == set()


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [(" Évry", "Évry", "␣Évry"), ("Évry  ", "Évry", "Évry␣␣"), ("a  b", "a b", "a␣␣b"), (" oui", "true", " oui")],
)
def test_spaces_that_a_correction_takes_away_are_seen(before: str, after: str, shown: str) -> None:
    assert spaces_shown(before, after) == shown


def test_every_event_of_an_account_has_its_words_in_the_journal_and_for_its_owner():
    assert {str(event) for event in Event} <= set(actions())
    assert {str(event) for event in Event} == set(ACCOUNT_EVENTS)
