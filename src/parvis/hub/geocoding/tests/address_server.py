"""A stand-in for the national service of addresses: it answers as the service is documented to, and stumbles on demand."""

from __future__ import annotations

import csv
import io
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from parvis.hub.geocoding import services

FIELDS = [
    "latitude",
    "longitude",
    "result_label",
    "result_score",
    "result_type",
    "result_postcode",
    "result_city",
    "result_citycode",
    "result_status",
]


class Service(ThreadingHTTPServer):
    """Answers as the service is documented to; ``troubles`` are what it does first, one a request."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.troubles: list[str] = []
        self.batches: list[list[dict[str, str]]] = []
        self.forms: list[str] = []


class Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        form = self.rfile.read(int(self.headers["Content-Length"])).decode()
        rows = list(csv.DictReader(io.StringIO(re.search(r"charset=utf-8\r\n\r\n(.*?)\r\n--", form, re.DOTALL)[1])))
        self.server.forms.append(form)
        self.server.batches.append(rows)
        trouble = self.server.troubles.pop(0) if self.server.troubles else ""
        if trouble.isdigit():
            self.send_response(int(trouble))
            self.send_header("Retry-After", "0")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if any("refusée" in row["adresse"].lower() for row in rows):
            self.send_error(400)
            return
        body = self.answer(rows).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/csv; charset=utf-8")
        if trouble != "closed":
            self.send_header("Content-Length", str(len(body) + (100 if trouble == "short" else 0)))
        self.end_headers()
        self.wfile.write(
            body[: len(body) // 2] if trouble in ("closed", "short") else b"<html>oups" if trouble == "html" else body
        )

    def answer(self, rows) -> str:
        stream = io.StringIO()
        writer = csv.DictWriter(stream, [*rows[0], *FIELDS])
        writer.writeheader()
        for row in rows:
            place = {"result_status": "not-found"} if "inconnue" in row["adresse"].lower() else {
                "latitude": "nan" if "folle" in row["adresse"] else "48.85", "longitude": "2.35", "result_label": f"« {row['adresse']} »", "result_score": "0.94",
                "result_type": "housenumber", "result_postcode": "75004", "result_city": "Paris", "result_citycode": "75104", "result_status": "ok",
            }  # fmt: skip
            writer.writerow({**row, **place})
        return stream.getvalue()

    def log_message(self, *_arguments) -> None:
        pass


@contextmanager
def address_service(settings, monkeypatch) -> Iterator[Service]:
    """The service of the instance, on this machine; nobody waits between two attempts."""
    server = Service()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/search/csv/"
    settings.PARVIS = {**settings.PARVIS, "PARVIS_GEOCODING_API": address}
    monkeypatch.setattr(services, "PAUSE", 0.0)
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
