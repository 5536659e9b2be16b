"""Pages are sent without the indentation of their templates, and say the same."""

from __future__ import annotations

import re

import pytest
from django.template import Context, Template
from django.template.loader import get_template
from django.utils.translation import override

from parvis.hub.ui.template_loader import unindent


def rendered(source: str, **context: object) -> str:
    template = Template(source)
    unindent(template)
    return template.render(Context(context))


def test_the_indentation_of_a_loop_is_not_sent_for_each_turn():
    source = "<ul>\n    {% for row in rows %}\n      <li>\n        {{ row }}\n      </li>\n    {% endfor %}\n</ul>"
    assert rendered(source, rows="ab") == "<ul>\n\n<li>\na\n</li>\n\n<li>\nb\n</li>\n\n</ul>"


def test_spaces_of_a_line_and_those_of_values_stay():
    assert rendered("<b>a</b>  {{ value }} <i>b</i>", value="c\n    d") == "<b>a</b>  c\n    d <i>b</i>"


@pytest.mark.parametrize("name", ["pre", "textarea"])
def test_what_is_shown_as_written_stays_as_written(name):
    source = f"<div>\n  <{name} class='x'>\n  a{{% if yes %}}\n    b{{% endif %}}</{name}>\n  </div>"
    assert rendered(source, yes=True) == f"<div>\n<{name} class='x'>\n  a\n    b</{name}>\n</div>"


def test_sentences_are_found_in_the_catalogue_as_they_are_written():
    source = "{% load i18n %}<p>\n    {% blocktranslate count n=2 %}{{ n }}\n   jeu{% plural %}{{ n }}\n   jeux{% endblocktranslate %}</p>"
    with override("fr"):
        assert rendered(source) == "<p>\n2\n   jeux</p>"


def test_a_page_of_ours_is_unindented_with_what_it_extends_and_includes(db, rf):
    html = get_template("parvis/error.html").render({"title": "Rien", "text": "Rien", "status": 404}, rf.get("/"))
    assert "Rien" in html
    assert not re.search(r"\n[ \t]+<", html)
