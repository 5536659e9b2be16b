"""The doors of the room: a staged table, a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from parvis.core.columns import ColumnType
from parvis.core.formats.file_reader import read
from parvis.core.formats.options import ReadOptions
from parvis.core.privacy.column_samples import ColumnSample, column_samples
from parvis.core.privacy.groups import group_findings
from parvis.core.privacy.headers import about
from parvis.core.privacy.judges import JUDGES
from parvis.core.privacy.model import Confidence, Finding, PrivacyReport, ordered
from parvis.core.privacy.tables import Table, understand
from parvis.core.privacy.texts import Mention, masked, mentions
from parvis.core.privacy.values import box_name
from parvis.core.profiling.plans import ColumnGuess
from parvis.core.profiling.type_inference import guess
from parvis.core.progress import Progress, no_progress
from parvis.core.staging import StagedTable, Workspace, open_workspace
from parvis.core.translation import Sentence, gettext_noop

READ_CELLS = 10_000
"""Distinct cells of a column read as free text, those that may mention someone first."""
_NO_OPTIONS = ReadOptions()


def search_table(workspace: Workspace, staged: StagedTable, guesses: Sequence[ColumnGuess]) -> PrivacyReport:
    """Personal data in the staged table, in the columns that ``guesses`` keeps; samples are masked."""
    counted = column_samples(workspace, staged, guesses)
    table = understand(counted, about(mass.header for mass in counted), staged.rows)
    findings = [finding for mass in counted for judge in JUDGES if (finding := judge(mass, table))]
    findings += [finding for mass in counted for finding in _in_text(mass, table, findings)]
    findings += [finding for mass in counted for finding in _in_header(mass, table, findings)]
    groups, anonymity = group_findings(workspace, staged, table)
    return PrivacyReport(staged.rows, ordered([*findings, *groups]), anonymity, tuple(sorted(table.about)))


_HEADED = Sentence(gettext_noop("L’intitulé de la colonne nomme quelqu’un."))


def _in_header(mass: ColumnSample, table: Table, findings: Sequence[Finding]) -> list[Finding]:
    """Mentions in what readers see of a header; candidates head the columns of their votes, and are no secret."""
    already = {finding.kind for finding in findings if finding.column == mass.name and finding.blocks}
    by_kind: dict[str, Finding] = {}
    for mention in mentions(mass.label):
        mild = mention.kind == "text" and (table.of_officials or "counts" in table.about)
        sure = Confidence.POSSIBLE if mild else mention.confidence
        header_finding = Finding(
            mention.kind, mass.name, masked(mention.kind, mass.label), sure, 1, 0.0, (), (_HEADED, mention.reason)
        )
        if mention.kind not in already and sure is not Confidence.POSSIBLE:
            by_kind.setdefault(mention.kind, header_finding)
    return list(by_kind.values())


def _in_text(mass: ColumnSample, table: Table, findings: Sequence[Finding]) -> list[Finding]:
    """Mentions inside longer cells of a column of text."""
    if mass.type not in (ColumnType.TEXT, ColumnType.JSON) or not mass.suspects:
        return []
    already = {finding.kind for finding in findings if finding.column == mass.name}
    if "measure" in mass.roles and "nir" not in mass.roles:
        already.add("nir")
    if "name" in already and mass.staged in table.full_names | table.first_names | table.last_names:
        return []
    cells = list(mass.suspects)[:READ_CELLS]
    mentions_by_kind: dict[str, list[tuple[Mention, int]]] = {}
    for cell in cells:
        for mention in mentions(cell[:20_000], schedule="schedule" in mass.roles):
            if mention.kind != "email" or box_name(mention.words) not in table.bodies_names:
                mentions_by_kind.setdefault(mention.kind, []).append((mention, mass.suspects[cell]))
    whole = len(mass.suspects) / len(cells)
    made = []
    for kind, pairs in mentions_by_kind.items():
        if kind in already or (kind == "text" and "name" in already):
            continue
        finding = _described(kind, mass, table, pairs, whole)
        if finding is not None:
            made.append(finding)
    return made


def _described(
    kind: str, mass: ColumnSample, table: Table, pairs: Sequence[tuple[Mention, int]], whole: float
) -> Finding | None:
    surest = max((mention.confidence for mention, _n in pairs), key=lambda confidence: confidence.rank)
    surest_mentions = [(mention, times) for mention, times in pairs if mention.confidence is surest]
    of_history = (table.of_figures or table.of_officials) and kind == "birth"
    if (kind == "text" or of_history) and surest is Confidence.LIKELY and _is_mild(mass, table):
        surest = Confidence.POSSIBLE
    count = round(sum(times for _mention, times in surest_mentions) * whole)
    samples = tuple(dict.fromkeys(masked(kind, mention.words) for mention, _n in surest_mentions))[:3]
    reasons: dict[str, Sentence] = {mention.reason.message: mention.reason for mention, _n in surest_mentions}
    share = min(1.0, count / mass.filled) if mass.filled else 0.0
    return Finding(kind, mass.name, mass.label, surest, max(1, count), share, samples, tuple(reasons.values())[:3])


def _is_mild(mass: ColumnSample, table: Table) -> bool:
    """Names in columns of places, addresses, buyers and those they chose, and of elected persons in tables about them."""
    if mass.roles & {"private_text", "person", "private_person"}:
        return False
    if mass.roles & {"address", "buyer", "contractor"} and "home" not in mass.roles and not table.of_persons:
        return True
    return table.of_officials or table.of_figures or ("named_place" in mass.roles and "free_text" not in mass.roles)


def search_file(
    path: Path,
    *,
    work: Path,
    name: str | None = None,
    options: ReadOptions = _NO_OPTIONS,
    progress: Progress = no_progress,
    memory: str = "384MB",
    threads: int = 2,
) -> PrivacyReport:
    """Read a file as an import would and search it; raises the refusals of the readers."""
    with open_workspace(work, memory=memory, threads=threads) as workspace:
        staged, _detected = read(path, workspace, options, progress=progress, name=name)
        return search_table(workspace, staged, guess(workspace, staged, progress=progress, thorough=False))
