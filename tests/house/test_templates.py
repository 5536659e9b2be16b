"""Templates are laid out by the formatter; what it can't fold, ``scripts/fold_sentences.py`` does, and no message changes."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from pathlib import Path

import pytest
from django.template import engines
from django.utils import translation
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LONGEST_LINE = 140

_spec = importlib.util.spec_from_file_location("fold_sentences", ROOT / "scripts" / "fold_sentences.py")
fold_sentences = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(fold_sentences)

LONG = "Une phrase que personne ne lirait sur une seule ligne : elle dit ce qui est fait, par qui, et pourquoi ; puis « rien »."


def _templates() -> list[Path]:
    return [path for path in sorted((ROOT / "src").rglob("templates/**/*")) if path.suffix in {".html", ".txt", ".svg"}]


def _messages(template: str) -> list[str]:
    return re.findall(r"u'(.*?)'(?=[,)])", templatize(template))


def test_no_line_of_a_template_is_longer_than_the_bound():
    long = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in _templates()
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
        if len(line) > LONGEST_LINE
    ]
    assert _templates() and long == []


def test_the_formatter_the_folding_and_this_test_have_one_bound():
    assert PROJECT["tool"]["djangofmt"]["line-length"] == fold_sentences.LONGEST_LINE == LONGEST_LINE


@pytest.mark.parametrize(
    "template",
    [
        f'<p>{{% if x %}}<strong>{{% translate "{LONG}" %}}</strong>{{% endif %}}</p>',
        f'    <img alt="{{% translate "{LONG}" %}}">',
        "  {% translate '" + LONG.replace("«", '"') + "' as words %}{{ words }}",
        f"<p>{{% blocktranslate with x=1 %}}{{{{ x }}}} {LONG}{{% endblocktranslate %}}</p>",
        f"<p>{{% blocktranslate count n=2 %}}{{{{ n }}}} {LONG}{{% plural %}}{{{{ n }}}} fois {LONG}{{% endblocktranslate %}}</p>",
    ],
)
def test_a_folded_sentence_is_the_same_message_and_reads_the_same(template):
    folded = fold_sentences.fold(template)
    assert max(map(len, folded.split("\n"))) <= LONGEST_LINE < len(template)
    assert fold_sentences.fold(folded) == folded

    with translation.override("fr"):
        before, after = (engines["django"].from_string(text).render({"x": 1}) for text in (template, folded))
    assert after == before
    assert _messages(folded) == _messages(template) != []


def test_a_sentence_is_cut_at_plain_spaces_alone():
    """``trimmed`` takes away all white space at the end of a line, the no-break space of « fin\u00a0? » too."""
    text = "mot " * 34 + "fin\u00a0? Suite {{ name }}."
    folded = fold_sentences.fold(f"{{% blocktranslate with name=1 %}}{text}{{% endblocktranslate %}}")
    assert "\n  fin\u00a0? Suite {{ name }}.\n" in folded


def test_a_sentence_whose_white_space_is_part_of_its_message_stays():
    source = f"<p>{{% blocktranslate %}} {LONG} {LONG}\n{{% endblocktranslate %}}</p>"
    assert fold_sentences.fold(source) == source
