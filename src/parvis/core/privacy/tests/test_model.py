"""A report of personal data crosses to another process and is kept for years: its reasons are told later, in any language."""

import json

from parvis.core.privacy.model import Confidence, Finding
from parvis.core.translation import Sentence

FINDING = Finding(
    "small",
    "effectif",
    "Effectif",
    Confidence.POSSIBLE,
    3,
    0.5,
    reasons=(
        Sentence("{count} cellules comptent moins de {threshold} personnes.", {"count": 3, "threshold": 11}),
        Sentence("La clé de contrôle est juste."),
    ),
)


def test_a_finding_comes_back_whole_and_its_reasons_are_told_then():
    again = Finding.from_dict(json.loads(json.dumps(FINDING.to_dict())))
    assert again == FINDING
    assert again.reasons[0].text("en") == "3 cells count fewer than 11 persons."


def test_reasons_kept_by_a_former_version_are_still_told():
    former = {"fr": "La clé de contrôle est juste.", "en": "The check key is right."}
    again = Finding.from_dict({**FINDING.to_dict(), "reasons": [former]})
    assert [again.reasons[0].text(language) for language in ("fr", "en")] == list(former.values())
