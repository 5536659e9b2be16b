"""What the journal keeps, told to people in words."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from wagtail.log_actions import registry

import parvis
from parvis.hub.accounts.events import Event
from parvis.hub.people.messages import ACCOUNT_EVENTS
from parvis.hub.records.messages import ACT_WORDS
from parvis.hub.records.models import ACTS
from parvis.hub.registry import modules
from parvis.web.backoffice.messages import actions
from parvis.web.backoffice.templatetags.backoffice import spaces_shown

NOT_OF_RECORDS = (
    "wagtail.move",
    "wagtail.copy",
    "wagtail.reorder",
    "wagtail.comments",
    "wagtail.view_restriction",
    "wagtail.convert",
    "wagtail.create_alias",
    "wagtail.apitoken",
)
"""Acts of Wagtail that only pages or keys have."""
ACT = re.compile(r"[a-z]+\.[a-z]+(-[a-z]+)*")


def acts_in(path: Path) -> set[str]:
    """The acts that a module writes down, as their names stand in its text."""
    text = path.read_text(encoding="utf-8")
    if "audit.services import record" not in text:
        return set()
    words = {node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)}
    return {
        word
        for word in words
        if isinstance(word, str) and ACT.fullmatch(word) and not word.startswith(("parvis.", "wagtail."))
    }


def test_each_act_that_is_written_down_is_told_in_words():
    modules = [path for path in Path(parvis.__file__).parent.rglob("*.py") if "tests" not in path.parts]
    acts = set().union(*map(acts_in, modules))
    assert acts - set(actions()) == set()


def test_each_act_that_wagtail_may_note_of_a_record_is_told_in_words():
    codes = [code for code, _label in registry.get_choices() if not code.startswith(NOT_OF_RECORDS)]
    acts = {ACTS.get(code, code.rpartition(".")[2]) for code in codes}
    # What one kind of records alone knows is told by its module.
    own = {code.rpartition(".")[2] for module in modules() for code in module.journal_actions}
    assert acts - set(ACT_WORDS) - own == set()
    assert str(actions()["chart.publish"]) == "a publié le graphique"


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [(" Évry", "Évry", "␣Évry"), ("Évry  ", "Évry", "Évry␣␣"), ("a  b", "a b", "a␣␣b"), (" oui", "true", " oui")],
)
def test_spaces_that_a_correction_takes_away_are_seen(before: str, after: str, shown: str) -> None:
    assert spaces_shown(before, after) == shown


def test_every_event_of_an_account_has_its_words_in_the_journal_and_for_its_owner():
    assert {str(event) for event in Event} <= set(actions())
    assert {str(event) for event in Event} == set(ACCOUNT_EVENTS)
