"""``/valider/``: check a file without an account; the report lives an hour at most, the file a quarter of one."""

from __future__ import annotations

import json
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.core.children import warm
from parvis.core.errors import ParvisError
from parvis.core.mapping import Reason
from parvis.core.mapping.messages import reason_text
from parvis.core.readings.model import Certainty
from parvis.core.schemas import TableSchema
from parvis.core.schemas.references import Origin, SchemaRef
from parvis.hub.addresses import absolute_path
from parvis.hub.apikeys.requests import actor_of_request
from parvis.hub.datastore.confined import require_confinement
from parvis.hub.quotas.metering import working
from parvis.hub.ui.errors import with_headers
from parvis.hub.validation.checks import correct_upload
from parvis.hub.validation.presentation import tell
from parvis.hub.validation.selectors import catalogue, named_by, schema_of
from parvis.hub.validation.strangers import read_schema_of_stranger
from parvis.hub.validation.transient_checks import keep_report, passing_report, remove_report, sweep
from parvis.web.validation.query import (
    SECONDS,
    Against,
    catalogue_schema,
    check,
    own_folder,
    requested_schema,
    uploaded_file,
)
from parvis.web.validation.uploads import MOST_BYTES, a_place, receive_form, require_budget

SHOWN_PROPOSALS = 60
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def check_page(request: HttpRequest) -> HttpResponse:
    """The form; posted, the report of the file."""
    if request.method != "POST":
        actor_of_request(request)
        sweep()
        warm()  # the file that comes next then finds the fork server ready
        return _form(request, {"schema": _with_version(request.GET.get("schema", "")[:200])})
    typed: dict[str, Any] = {"schema": ""}
    try:
        token = _checked(request, typed)
    except ParvisError as error:
        language = get_language() or "fr"
        problem = {"error": error.message(language), "remedy": error.hint(language), "code": error.code}
        return with_headers(_form(request, typed | problem, error.status), error)
    return redirect("check-report", token)


def _form(request: HttpRequest, facts: dict[str, Any], status: int = 200) -> HttpResponse:
    context = {"section": "check", "entries": catalogue(), "most": MOST_BYTES, **facts}
    return render(request, "validation/check.html", context, status=status)


def _with_version(name: str) -> str:
    """The name of a schema of the catalogue with its newest version; anything else as it is."""
    entry = next((entry for entry in catalogue() if entry.name == name), None)
    return name if entry is None else f"{entry.name}@{entry.latest.version}"


def _checked(request: HttpRequest, typed: dict[str, Any]) -> str:
    """Receive, check, keep the report; its token. ``typed`` is filled with what was typed, to show it again."""
    actor = actor_of_request(request)
    require_confinement(actor)
    require_budget(request, actor)
    sweep()
    with own_folder() as folder:
        receive_form(request, folder)
        reference = request.POST.get("adresse_schema", "").strip() or request.POST.get("schema", "").strip()
        typed |= {"schema": request.POST.get("schema", ""), "schema_address": request.POST.get("adresse_schema", "")}
        typed |= {"url": request.POST.get("adresse", ""), "strict": "strict" in request.POST}
        with a_place(request, actor):
            path, name = uploaded_file(request, folder)
            against = requested_schema(request, named_by(reference))
            with working():
                return _reported(path, name, against, folder / "rapport", strict=bool(typed["strict"]))


def _reported(path: Path, name: str, against: Against | None, report: Path, *, strict: bool) -> str:
    """Check a file and keep its report; the token. Without a schema, the one that it most looks like is taken."""
    detected: list[dict[str, Any]] = []
    findings: Any = {}
    if against is None:
        findings = check(path, name, None, strict=strict, report=report)
        detected = list(findings.get("detected", []))
        if detected:
            against = catalogue_schema(f"{detected[0]['name']}@{detected[0]['version']}")
    if against is not None:
        findings = check(path, name, against, strict=strict, report=report)
    return keep_report(report, _facts(name, findings, against, strict=strict) | {"detected": detected}, path)


def _facts(name: str, findings: Any, against: Against | None, *, strict: bool) -> dict[str, Any]:
    facts = {"file": name, "found": findings, "strict": strict}
    if against is not None:
        ref = against.ref
        facts |= {
            "title": against.title,
            "origin": ref.origin,
            "name": ref.name,
            "version": ref.version,
            "raw": against.raw,
        }
    return facts


@require_safe
@never_cache
def report_page(request: HttpRequest, token: str) -> HttpResponse:
    """The report: verdict, counts, excerpts, proposals, downloads; or the schemas that the file may follow."""
    actor_of_request(request)
    passing = passing_report(token)
    facts, findings = passing.facts, passing.facts["found"]
    shown: dict[str, Any] = {
        "section": "check",
        "passing": passing,
        "facts": facts,
        "minutes": -(-passing.seconds_left // 60),
    }
    shown["file_minutes"] = -(-passing.file_seconds_left // 60)
    shown["entries"] = catalogue() if passing.file_seconds_left else []
    if "report" not in findings:
        return render(request, "validation/undecided.html", shown)
    language = get_language() or "fr"
    shown["detected"] = [
        (row, [reason_text(Reason(**reason), language) for reason in row["reasons"]])
        for row in facts.get("detected", [])
    ]
    schema = _stranger_schema(facts["raw"]) if facts.get("raw") else schema_of(_ref(facts))
    report_view = tell(findings, schema)
    shown |= {
        "told": report_view,
        "report": report_view.report,
        "proposals": (findings.get("proposals") or [])[:SHOWN_PROPOSALS],
        "can_be_corrected": bool(passing.file_seconds_left) and any(map(_is_sure, findings.get("proposals") or [])),
    }
    if facts["origin"] == Origin.BUNDLED:
        shown["schema_path"] = (
            f"{absolute_path('/schemas/')}{facts['name']}/?{urlencode({'version': facts['version']})}"
        )
    return render(request, "validation/report.html", shown)


def _stranger_schema(raw: dict[str, Any]) -> TableSchema:
    return read_schema_of_stranger(json.dumps(raw).encode(), str(raw.get("name") or ""))


def _ref(facts: Any) -> SchemaRef:
    return SchemaRef(Origin(facts["origin"]), facts["name"], facts["version"])


def _is_sure(proposal: Any) -> bool:
    return proposal["certainty"] == Certainty.SURE and not proposal["choices"]


@csrf_exempt
@require_POST
def other_schema(request: HttpRequest, token: str) -> HttpResponse:
    """The same file checked against another schema of the catalogue, without being sent again."""
    actor = actor_of_request(request)
    passing = passing_report(token)
    require_confinement(actor)
    require_budget(request, actor)
    against = catalogue_schema(named_by(request.POST.get("schema", "").strip()[:200]))
    with own_folder() as folder, a_place(request, actor), working():
        path = passing.received(folder)
        facts = passing.facts
        report, strict = folder / "rapport", bool(facts["strict"])
        findings = check(path, facts["file"], against, strict=strict, report=report)
        facts_again = _facts(facts["file"], findings, against, strict=strict)
        again = keep_report(report, facts_again | {"detected": facts.get("detected", [])}, path)
    remove_report(token)
    return redirect("check-report", again)


@csrf_exempt
@require_POST
def corrected_file(request: HttpRequest, token: str) -> FileResponse:
    """The file with its sure corrections made, as CSV."""
    actor = actor_of_request(request)
    passing = passing_report(token)
    require_confinement(actor)
    require_budget(request, actor)
    facts = passing.facts
    schema = _stranger_schema(facts["raw"]) if facts.get("raw") else schema_of(_ref(facts))
    with own_folder() as folder, a_place(request, actor), working():
        path = passing.received(folder)
        corrected = correct_upload(
            path, name=facts["file"], against=(_ref(facts), schema), report_folder=folder / "rapport", seconds=SECONDS
        )
        stream = corrected.open("rb")  # still readable once its folder is gone
    name = f"{PurePath(facts['file']).stem}-corrige.csv"
    return FileResponse(stream, as_attachment=True, filename=name, content_type=MEDIA["csv"])


@require_safe
@never_cache
def report_file(request: HttpRequest, token: str, ending: str) -> FileResponse:
    """The full report as a file."""
    actor_of_request(request)
    file = passing_report(token).file(ending)
    return FileResponse(file, as_attachment=True, filename=f"rapport.{ending}", content_type=MEDIA[ending])


@csrf_exempt
@require_POST
def report_removed(request: HttpRequest, token: str) -> HttpResponse:
    """The report removed at once, by anyone who has its address."""
    actor_of_request(request)
    remove_report(passing_report(token).token)
    return _form(request, {"removed": True})
