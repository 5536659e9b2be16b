"""The articles of the law that are quoted to who asks and to who answers, word for word.

Source: code des relations entre le public et l’administration, read again on 2026-11-29. The words are those of the code, the
apostrophes those of the house; they are in French whatever the language of the page.
"""

from __future__ import annotations

from dataclasses import dataclass

CODE = "code des relations entre le public et l’administration"
CODE_URL = "https://www.legifrance.gouv.fr/codes/texte_lc/LEGITEXT000031366350/"


@dataclass(frozen=True, slots=True)
class Article:
    """An article: its number, and what it says, whole or its first sentence."""

    number: str
    text: str


RIGHT = Article(
    "L311-1",
    "Sous réserve des dispositions des articles L. 311-5 et L. 311-6, les administrations mentionnées à l’article L. 300-2 sont tenues de "
    "publier en ligne ou de communiquer les documents administratifs qu’elles détiennent aux personnes qui en font la demande, dans les "
    "conditions prévues par le présent livre.",
)
SILENCE = Article(
    "R*311-12",
    "Le silence gardé par l’administration, saisie d’une demande de communication de documents en application de l’article L. 311-1, vaut "
    "décision de refus.",
)
DELAY = Article(
    "R311-13",
    "Le délai au terme duquel intervient la décision mentionnée à l’article R. * 311-12 est d’un mois à compter de la réception de la "
    "demande par l’administration compétente.",
)
REASONS = Article(
    "L311-14",
    "Toute décision de refus d’accès aux documents administratifs est notifiée au demandeur sous la forme d’une décision écrite motivée "
    "comportant l’indication des voies et délais de recours.",
)
REMEDY = Article(
    "R343-1",
    "L’intéressé dispose d’un délai de deux mois à compter de la notification du refus ou de l’expiration du délai prévu à l’article "
    "R. 311-13 pour saisir la Commission d’accès aux documents administratifs.",
)
LICENCE_SILENCE = Article(
    "R*322-4",
    "Le silence gardé par l’administration sur une demande de réutilisation d’informations publiques mentionnée aux articles L. 322-1, "
    "L. 322-2 et L. 325-1 vaut décision de rejet.",
)
LICENCE_REASONS = Article(
    "L322-5",
    "Toute décision défavorable en matière de réutilisation d’informations publiques est notifiée au demandeur sous la forme d’une "
    "décision écrite motivée comportant l’indication des voies et délais de recours.",
)
OF_DATA = (RIGHT, SILENCE, DELAY, REASONS, REMEDY)
OF_LICENCES = (LICENCE_SILENCE, LICENCE_REASONS, REMEDY)


def articles_for(kind: str) -> tuple[Article, ...]:
    """Those quoted about a request of that kind."""
    return OF_LICENCES if kind == "licence" else OF_DATA


def silence_of(kind: str) -> Article:
    """What the law makes of silence about a request of that kind."""
    return LICENCE_SILENCE if kind == "licence" else SILENCE


def quoted(article: Article) -> str:
    """An article as a line of a mail has it."""
    return f"« {article.text} » ({CODE}, article {article.number})"
