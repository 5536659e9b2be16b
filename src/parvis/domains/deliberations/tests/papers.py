"""Acts on paper, for tests: a PDF of lines, with a text layer, set by typst."""

from __future__ import annotations

from functools import cache
from io import BytesIO

import pikepdf
import typst

from parvis.hub.jobs.models import Job
from parvis.hub.jobs.running import run_job

EXTRACT = """République française
Commune de Grigny
EXTRAIT DU REGISTRE DES DÉLIBÉRATIONS DU CONSEIL MUNICIPAL
Délibération n° {number}
Séance du 15 janvier 2026
L’an deux mille vingt-six, le quinze janvier à vingt heures, le conseil municipal, dûment convoqué le 8 janvier 2026, s’est réuni
sous la présidence de Madame Camille Durand, maire.
Nombre de conseillers en exercice : 19
Présents : 15 - Pouvoirs : 2 - Votants : 17
Rapporteur : Monsieur Paul Lefèvre
Objet : {title}
Vu le code général des collectivités territoriales,
Considérant que {reason},
Après en avoir délibéré, le conseil municipal, à l’unanimité, approuve la dépense de 12 500,00 euros.
Fait et délibéré à Grigny le 15 janvier 2026.
Le Maire, Camille Durand
Envoyé en préfecture le 20/01/2026
Reçu en préfecture le 20/01/2026
ID : 091-219102860-20260115-{number}-DE
"""


@cache
def act_pdf(
    number: str = "2026_014", title: str = "réfection de la toiture de l’école", reason: str = "la toiture fuit"
) -> bytes:
    """An extract of the register, as secretaries of town halls type it; the same bytes for the same words."""
    lines = EXTRACT.format(number=number, title=title, reason=reason).splitlines()
    body = "\\\n".join(f'#"{line}"' for line in lines)
    compiled = typst.compile(f'#set page("a4")\n#set text(size: 11pt, lang: "fr")\n{body}\n'.encode())
    assert isinstance(compiled, bytes)
    return compiled


def bundle_pdf(*numbers: str) -> bytes:
    """Extracts of the register one after the other in one file, as a scanner gives them."""
    whole = pikepdf.new()
    for number in numbers:
        with pikepdf.open(BytesIO(act_pdf(number))) as act:
            whole.pages.extend(act.pages)
    body = BytesIO()
    whole.save(body, deterministic_id=True)
    return body.getvalue()


def run_queued() -> None:
    """Do the work that was asked for, and what it asks for in its turn, as a worker would."""
    while job := Job.objects.filter(state=Job.State.QUEUED).order_by("pk").first():
        run_job.call(job.pk)
