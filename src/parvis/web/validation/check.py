"""``/valider/``: check a file without an account; the report lives an hour at most, the file not longer than its request."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.core.children import warm
from parvis.core.errors import ParvisError
from parvis.core.mapping import Reason
from parvis.core.mapping.messages import reason_text
from parvis.core.schemas import TableSchema
from parvis.core.schemas.references import Origin, SchemaRef
from parvis.hub.addresses import absolute_path
from parvis.hub.apikeys.requests import actor_of_request
from parvis.hub.datastore.confined import require_confinement
from parvis.hub.quotas.metering import working
from parvis.hub.ui.errors import with_headers
from parvis.hub.validation.presentation import tell
from parvis.hub.validation.selectors import catalogue, named_by, schema_of
from parvis.hub.validation.strangers import read_schema_of_stranger
from parvis.hub.validation.transient_checks import keep_report, passing_report, remove_report, sweep
from parvis.web.validation.query import Against, check, own_folder, requested_schema, uploaded_file
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
                report = folder / "rapport"
                strict = bool(typed["strict"])
                findings = check(path, name, against, strict=strict, report=report)
                return keep_report(report, _facts(name, findings, against, strict=strict))


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
    if "report" not in findings:
        language = get_language() or "fr"
        shown["detected"] = [
            (row, [reason_text(Reason(**reason), language) for reason in row["reasons"]], _again(row))
            for row in findings.get("detected", [])
        ]
        return render(request, "validation/undecided.html", shown)
    schema = _stranger_schema(facts["raw"]) if facts.get("raw") else schema_of(_ref(facts))
    report_view = tell(findings, schema)
    shown |= {
        "told": report_view,
        "report": report_view.report,
        "proposals": (findings.get("proposals") or [])[:SHOWN_PROPOSALS],
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


def _again(row: dict[str, Any]) -> str:
    """The form with that schema chosen."""
    reference = f"{row['name']}@{row['version']}"
    return f"{reverse('check')}?{urlencode({'schema': reference})}"


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
