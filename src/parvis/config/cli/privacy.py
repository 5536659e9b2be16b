"""``parvis privacy``: what of persons is in a file, without any instance."""

from __future__ import annotations

import json
import sys
import tempfile
from argparse import Namespace
from pathlib import Path
from typing import Any

from parvis.config.cli.main import COULD_NOT, DONE, WRONG, error_facts, report
from parvis.core.children import Permits, call
from parvis.core.errors import DataError, NotFound, ParvisError
from parvis.core.formats.options import ReadOptions
from parvis.core.privacy import Finding, PrivacyReport, search_document, search_file
from parvis.core.privacy.kinds import CONFIDENCE_FR, KIND_BY_NAME
from parvis.core.translation import SOURCE, languages

DOCUMENTS = {".pdf", ".docx", ".odt", ".pptx", ".odp", ".txt", ".md"}
SECONDS = 3600.0
READING = (
    "encoding",
    "delimiter",
    "header_line",
    "sheet",
    "member",
    "multiline",
    "keep_total",
    "header_groups",
    "file_column",
)


def run(args: Namespace) -> int:
    """Search each file: 0 when nothing would hold a publication back, 1 when something would, 2 when one could not be read."""
    outcomes = [_outcome(Path(place), args) for place in args.files]
    if args.json:
        facts = [fact for fact, _status in outcomes]
        print(json.dumps(facts[0] if len(facts) == 1 else {"files": facts}, ensure_ascii=False))
    return max(status for _fact, status in outcomes)


def _outcome(path: Path, args: Namespace) -> tuple[dict[str, Any], int]:
    try:
        privacy_report = _search(path, args)
    except (DataError, NotFound) as error:
        return _failed(path, error, as_json=args.json)
    if not args.json:
        _print_findings(path, privacy_report)
    facts = {"file": str(path), "blocking": len(privacy_report.blocking), **privacy_report.to_dict()}
    for row, finding in zip(facts["findings"], privacy_report.findings, strict=True):
        row["blocks"] = finding.blocks
        row["reasons"] = [{code: reason.text(code) for code in languages()} for reason in finding.reasons]
    return facts, WRONG if privacy_report.blocking else DONE


def _failed(path: Path, error: ParvisError, *, as_json: bool) -> tuple[dict[str, Any], int]:
    if not as_json:
        report(error, as_json=False)
    return {"file": str(path), "error": error_facts(error)}, COULD_NOT


def _search(path: Path, args: Namespace) -> PrivacyReport:
    if not path.is_file():
        raise NotFound(name=str(path))
    if path.suffix.lower() in DOCUMENTS and not args.delimiter:
        return search_document(path, name=path.name)
    chosen = {name: getattr(args, name) for name in READING if getattr(args, name) is not None}
    with tempfile.TemporaryDirectory(prefix="parvis-privacy-") as folder:
        work, file = Path(folder), path.resolve()
        permits = Permits(path.name, (file,), (work,), SECONDS)
        return call(search_file, file, work=work, name=path.name, options=ReadOptions(**chosen), permits=permits)


def _print_findings(path: Path, privacy_report: PrivacyReport) -> None:
    blocking_count = len(privacy_report.blocking)
    if not privacy_report.findings:
        print(f"{path.name} : rien de personnel n’a été vu.")
        return
    verdict = (
        f"{blocking_count} constat{'s' if blocking_count > 1 else ''} à trancher avant toute publication"
        if blocking_count
        else "rien qui arrête une publication"
    )
    print(f"{path.name} : {verdict}")
    for finding in privacy_report.findings:
        print(_line(finding))
        for reason in finding.reasons:
            print(f"      {reason.text(SOURCE)}")
        if finding.blocks:
            print(f"      {KIND_BY_NAME[finding.kind].legal}")
    if blocking_count:
        print(
            "  → Traitez ces colonnes, ou dites à quel titre elles sont publiées (parvis import --privacy-decision).",
            file=sys.stderr,
        )


def _line(finding: Finding) -> str:
    mark = "!" if finding.blocks else "·"
    shown = f" — {', '.join(finding.samples)}" if finding.samples else ""
    place = "tout le tableau" if finding.column == "*" else f"« {finding.label} »"
    return f"  {mark} {KIND_BY_NAME[finding.kind].label} ({CONFIDENCE_FR[finding.confidence]}), {place}, {finding.count} fois{shown}"
