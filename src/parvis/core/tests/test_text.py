"""Names of files as they may be shown."""

from __future__ import annotations

import pytest

from parvis.core.text import shown_name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Notice d’été.pdf", "Notice d’été.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\plan.pdf", "plan.pdf"),
        ("facture\u202efdp.exe", "facturefdp.exe"),
        ("a\u0000b\u0007\u200bc.pdf", "abc.pdf"),
        ("deux\nlignes\tici.txt", "deux lignes ici.txt"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
        ("x" * 300, "x" * 150),
        ("\u202e", ""),
    ],
)
def test_nothing_hides_turns_or_breaks_the_text_around_a_name(name, shown):
    assert shown_name(name) == shown
