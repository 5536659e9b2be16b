"""What the script of uploads says comes with the page, in its language."""

from __future__ import annotations

import json
import re
from pathlib import Path

from django.utils.translation import override

from parvis.web.backoffice.messages import upload_words
from parvis.web.backoffice.wagtail_hooks import our_scripts

SCRIPT = Path(__file__).resolve().parents[5] / "frontend" / "src" / "upload" / "words.ts"


def test_the_page_brings_every_word_that_the_script_says():
    types = SCRIPT.read_text(encoding="utf-8").partition("type Key =")[2].partition(";")[0]
    assert {*re.findall(r'"([\w-]+)"', types), "units"} == set(upload_words())


def test_they_are_in_the_language_of_the_page():
    with override("en"):
        page = our_scripts()
    words = json.loads(re.search(r'id="upload-words"[^>]*>(.*?)</script>', page)[1])
    assert words["left"] == ", about {time} left"
    assert words["units"][:2] == ["bytes", "kB"]
    with override("fr"):
        assert upload_words()["units"][:2] == ("octets", "ko")
