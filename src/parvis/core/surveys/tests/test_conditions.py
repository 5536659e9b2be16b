"""Conditions: the cases that browsers are asked too, what is refused, and that nothing a stranger writes does anything else."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.core.surveys.conditions import BadCondition, fields_of, holds, parse

NODE = str(Path(sys.executable).parent / "node")
BROWSERS = Path(__file__).parents[5] / "frontend/src/collect/conditions.ts"
CASES = json.loads(Path(__file__).with_name("conditions.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("text", "answers", "expected"), CASES)
def test_a_condition_holds_when_it_should(text, answers, expected):
    assert holds(parse(text), answers) is expected


def test_browsers_read_the_same_trees_the_same_way(tmp_path):
    script = f"""import {{ holds }} from {json.dumps(str(BROWSERS))};
import {{ readFileSync }} from "node:fs";
const cases = JSON.parse(readFileSync(process.argv[2], "utf8"));
console.log(JSON.stringify(cases.map(([tree, answers]) => holds(tree, answers))));"""
    (tmp_path / "cases.json").write_text(json.dumps([[parse(text), answers] for text, answers, _expected in CASES]))
    (tmp_path / "ask.mjs").write_text(script)
    node = [NODE, "--no-warnings", str(tmp_path / "ask.mjs"), str(tmp_path / "cases.json")]
    results = json.loads(subprocess.run(node, capture_output=True, text=True, check=True).stdout)
    assert [case for case, result in zip(CASES, results, strict=True) if result is not case[2]] == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "${a",
        "${a} =",
        "= 3",
        "${a} ${b}",
        "nom = 3",
        "selected(${a})",
        "today() > 3",
        "(${a}",
        "${a} = 'x",
        "__import__('os')",
        "${a} == 1",
        "(" * 60 + "1" + ")" * 60,
        "-" * 500 + "1",
        "1 + " * 1_000 + "1",
    ],
)
def test_anything_else_is_refused_in_words(text):
    with pytest.raises(BadCondition):
        parse(text)


def test_the_questions_that_a_condition_looks_at_are_known():
    assert set(fields_of(parse("${a} = 1 and not(selected(${b}, 'c') or -${d} > 2)"))) == {"a", "b", "d"}


_ANSWERS = st.dictionaries(
    st.sampled_from("abc"),
    st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.lists(st.text()), st.none()),
)
_PARTS = st.sampled_from(
    [
        "${a}",
        "${b}",
        "${c}",
        "'x'",
        "12",
        "0",
        "(",
        ")",
        "and",
        "or",
        "not(",
        "selected(",
        ",",
        "=",
        "<",
        "+",
        "div",
        "mod",
    ]
)


@given(st.lists(_PARTS, max_size=14), _ANSWERS)
def test_whatever_is_written_is_refused_or_means_yes_or_no(parts, answers):
    try:
        tree = parse(" ".join(parts))
    except BadCondition:
        return
    assert holds(tree, answers) in (True, False)
