"""Files of elsewhere, from real servers of each protocol on the loopback, and from hostile ones."""

import hashlib
import os
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import asyncssh
import pytest
from pyftpdlib.handlers import FTPHandler

from parvis.core.errors import ParvisError, UnsafeFile
from parvis.core.fetching import (
    BadUrl,
    FetchCut,
    FetchFailed,
    FetchTooLarge,
    FetchTooSlow,
    HttpStatus,
    PrivateAddress,
    UnknownHost,
    allowed_hosts,
    remote,
)
from parvis.core.fetching.errors import (
    AccessRefused,
    BadKey,
    FileChanging,
    FolderRefused,
    HostKeyChanged,
    RemoteFileMissing,
)
from parvis.core.fetching.remote import Credentials, Reach, fetch_any, list_any
from parvis.core.fetching.tests import servers
from parvis.core.fetching.transports.ftp import _of_machine, _of_people

HOST = "donnees.example"
AGENT = Credentials(servers.USER, servers.SECRET)
REACH = Reach(allowed_hosts([HOST]), lambda *_: ["127.0.0.1"])
BODY = bytes(range(256)) * 12_000
LATIN = b"latin-\xe9.csv"
SERVER_KEY, USER_KEY = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))


@pytest.fixture(scope="module")
def roots(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The address of the same folder by each protocol."""
    base = tmp_path_factory.mktemp("remote")
    folder = base / "files"
    (folder / "dépôts" / "2026").mkdir(parents=True)
    for name, content, moment in (
        ("vieux.csv", b"a;b\n", 1.6e9),
        ("été 2026.csv", BODY, 1.7e9),
        ("2026/z.csv", b"z", 1.8e9),
    ):
        (folder / "dépôts" / name).write_bytes(content)
        os.utime(folder / "dépôts" / name, (moment, moment))
    for name in ("note.txt", ".caché.csv"):
        (folder / "dépôts" / name).write_text("x")
    pem = servers.certificate(base, HOST)
    objects = {f"{path.relative_to(folder)}": path.read_bytes() for path in folder.rglob("*.csv")}
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(base / "cert.pem"))
        running = {
            "ftp": servers.ftp(folder),
            "old": servers.ftp(folder, machine_listing=False),
            "ftps": servers.ftp(folder, pem),
            "sftp": servers.sftp(folder, SERVER_KEY, USER_KEY),
            "webdav": servers.dav(folder),
            "s3": servers.s3(base, {f"lots/{key}": content for key, content in objects.items()}),
        }
        ports = {scheme: stack.enter_context(server) for scheme, server in running.items()}
        roots = {scheme: f"{scheme}://{HOST}:{port}/dépôts" for scheme, port in ports.items()}
        roots["old"] = roots["old"].replace("old:", "ftp:")
        roots["http"] = roots["webdav"].replace("webdav:", "http:")
        roots["s3"] = "s3://lots/dépôts"
        roots["s3 server"] = f"?endpoint=http://{HOST}:{ports['s3']}&region=gra"
        roots["file"] = f"file://{folder}/dépôts"
        yield roots


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "RESUME_WAITS", (0.0, 0.0))


def reach(roots: dict[str, str]) -> Reach:
    return Reach(REACH.allowed, REACH.resolver, (Path(roots["file"].removeprefix("file://")).parent,))


def listed(roots: dict[str, str], scheme: str, pattern: str, **options: object) -> remote.Listing:
    options = {"credentials": AGENT, "reach": reach(roots), **options}
    return list_any(f"{roots[scheme]}/{pattern}{roots['s3 server'] if scheme == 's3' else ''}", **options)


def fetched(roots: dict[str, str], location: str, destination: Path, **options: object) -> remote.Fetched:
    options = {"max_bytes": 10**7, "credentials": AGENT, "reach": reach(roots), **options}
    return fetch_any(location, destination, **options)


@pytest.mark.parametrize("scheme", ["ftp", "old", "ftps", "sftp", "webdav", "http", "s3", "file"])
def test_the_newest_file_of_a_folder_comes_and_comes_again_only_when_it_changed(
    roots: dict[str, str], tmp_path: Path, scheme: str
) -> None:
    newest, oldest = (listing := listed(roots, scheme, "*.csv")).entries
    assert listing.complete
    if scheme != "s3":  # whose server knows when they were put there
        assert (newest.name, oldest.name) == ("été 2026.csv", "vieux.csv")
    newest = next(entry for entry in listing.entries if entry.name == "été 2026.csv")
    if scheme != "http":
        assert newest.bytes == len(BODY)
        assert scheme == "s3" or newest.modified.startswith("2023-11-14T")
    assert [entry.name for entry in listed(roots, scheme, "*/*.csv").entries] == ["z.csv"]

    file = fetched(roots, newest.location, tmp_path / "f")
    assert (file.name, file.bytes, file.digest) == ("été 2026.csv", len(BODY), hashlib.sha256(BODY).hexdigest())
    assert file.path.read_bytes() == BODY
    file.path.unlink()
    assert newest.etag in ("", file.etag)
    assert fetched(roots, newest.location, tmp_path / "f", etag=file.etag).unchanged
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("scheme", ["ftp", "ftps", "sftp", "file"])
def test_a_transfer_that_is_cut_goes_on_where_it_was(roots: dict[str, str], tmp_path: Path, scheme: str) -> None:
    steps: list[int] = []

    def progress(_stage: str, done: int, _total: int | None = None) -> None:
        steps.append(done)
        if len(steps) in (1, 3):
            raise ConnectionResetError

    options = {"progress": progress} if scheme != "file" else {}
    file = fetched(roots, f"{roots[scheme]}/été 2026.csv", tmp_path / "f", **options)
    assert file.digest == hashlib.sha256(BODY).hexdigest()
    assert steps == sorted(set(steps))  # nothing came twice


@pytest.mark.parametrize("scheme", ["ftp", "ftps", "sftp", "webdav", "http", "s3"])
def test_a_wrong_password_is_told_without_any_secret(roots: dict[str, str], tmp_path: Path, scheme: str) -> None:
    for action in (
        lambda: listed(roots, scheme, "*.csv", credentials=Credentials(servers.USER, "faux-s3cr3t")),
        lambda: fetched(
            roots,
            f"{roots[scheme]}/vieux.csv{roots['s3 server'] if scheme == 's3' else ''}",
            tmp_path / "f",
            credentials=Credentials(servers.USER, "faux-s3cr3t"),
        ),
    ):
        with pytest.raises(AccessRefused) as refusal:
            action()
        assert "s3cr3t" not in f"{refusal.value} {refusal.value.details} {refusal.value.__cause__!r}"
        assert HOST in str(refusal.value)
    assert list(tmp_path.iterdir()) == []
    assert "s3cr3t" not in repr(AGENT)


@pytest.mark.parametrize("scheme", ["ftp", "ftps", "sftp", "webdav", "http", "s3", "file"])
def test_a_file_that_is_not_there_is_told_and_a_large_one_refused(
    roots: dict[str, str], tmp_path: Path, scheme: str
) -> None:
    server = roots["s3 server"] if scheme == "s3" else ""
    with pytest.raises(RemoteFileMissing):
        fetched(roots, f"{roots[scheme]}/absent.csv{server}", tmp_path / "f")
    with pytest.raises(FetchTooLarge):
        fetched(roots, f"{roots[scheme]}/été 2026.csv{server}", tmp_path / "f", max_bytes=1000)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("scheme", ["ftp", "ftps", "sftp", "webdav", "http"])
def test_what_the_operator_does_not_list_is_refused_when_it_is_private(roots: dict[str, str], scheme: str) -> None:
    with pytest.raises(UnknownHost):
        listed(roots, scheme, "*.csv", reach=Reach(resolver=REACH.resolver))
    with pytest.raises(PrivateAddress):
        list_any(f"{scheme}://127.0.0.1/*.csv")


def test_names_in_the_code_page_of_windows_come_and_are_read_again(roots: dict[str, str], tmp_path: Path) -> None:
    path = os.fsencode(roots["file"].removeprefix("file://")) + b"/2026/" + LATIN
    Path(os.fsdecode(path)).write_bytes(b"l")
    try:
        for scheme in ("ftp", "old", "sftp", "file"):
            entry = next(row for row in listed(roots, scheme, "2026/l*.csv").entries)
            assert (entry.name, entry.location.endswith("latin-%E9.csv")) == ("latin-é.csv", True)
            assert fetched(roots, entry.location, tmp_path / scheme).bytes == 1
    finally:
        Path(os.fsdecode(path)).unlink()


def test_a_server_is_known_again_by_its_key_before_any_secret_is_said(roots: dict[str, str], tmp_path: Path) -> None:
    location = f"{roots['sftp']}/vieux.csv"
    by_key = Credentials("agent", private_key=USER_KEY.export_private_key().decode())
    first = fetched(roots, location, tmp_path / "f", credentials=by_key)
    assert first.host_key == " ".join(SERVER_KEY.export_public_key().decode().split()[:2])
    again = Credentials(servers.USER, servers.SECRET, host_key=first.host_key)
    assert fetched(roots, location, tmp_path / "g", credentials=again).bytes == 4

    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    with pytest.raises(HostKeyChanged) as refusal:
        fetched(roots, location, tmp_path / "h", credentials=Credentials(servers.USER, "faux", host_key=other.strip()))
    assert str(refusal.value).count("SHA256:") == 2
    with pytest.raises(BadKey):
        fetched(roots, location, tmp_path / "h", credentials=Credentials("agent", private_key="-----BEGIN nothing"))


def test_an_ftp_server_whose_certificate_nobody_vouches_for_is_refused(
    roots: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(FetchFailed, match="certificat"):
        listed(roots, "ftps", "*.csv")


def test_a_file_that_is_still_being_written_is_left_for_next_time(roots: dict[str, str], tmp_path: Path) -> None:
    folder = Path(roots["file"].removeprefix("file://"), "2026")
    (folder / "lot.csv").write_bytes(b"half")

    def grow(*_step: object) -> None:
        with (folder / "lot.csv").open("ab") as stream:
            stream.write(b"more")

    for scheme in ("file", "sftp"):
        with pytest.raises(FileChanging):
            fetched(roots, f"{roots[scheme]}/2026/lot.csv", tmp_path / "f", progress=grow)
    (folder / "lot.csv").unlink()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_this_machine_is_read_below_those_of_the_operator_and_through_no_link(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("secret")
    folder = tmp_path / "depots"
    folder.mkdir()
    (folder / "lot.csv").write_text("a")
    (folder / "lien.csv").symlink_to(tmp_path / "secret.csv")
    (folder / "ailleurs").symlink_to(tmp_path)
    os.mkfifo(folder / "tube.csv")
    within = Reach(folders=(folder,))
    assert [entry.name for entry in list_any(f"file://{folder}/*.csv", reach=within).entries] == ["lot.csv"]
    for path in ("lien.csv", "ailleurs/secret.csv", "tube.csv", "ailleurs"):
        with pytest.raises(RemoteFileMissing):
            fetch_any(f"file://{folder}/{path}", tmp_path / "f", max_bytes=100, reach=within)
    for path in (tmp_path / "secret.csv", "/etc/passwd", f"{folder}x/lot.csv"):
        with pytest.raises(FolderRefused):
            fetch_any(f"file://{path}", tmp_path / "f", max_bytes=100, reach=within)
    with pytest.raises(FolderRefused):
        list_any(f"file://{folder}/*.csv")


@pytest.mark.parametrize(
    "location",
    [
        "ftp://h.example/../../etc/*.csv",
        "sftp://h.example/a/%2e%2e/b",
        "ftp://h.example/a%0d%0aDELE%20b",
        "ftp://moi:s3cr3t@h.example/a",
        "gopher://h.example/a",
        "file:/etc/passwd",
        "sftp:///a",
        "s3://lot\\s/a",
    ],
)
def test_an_address_that_climbs_or_holds_a_secret_is_refused(location: str, tmp_path: Path) -> None:
    with pytest.raises(BadUrl) as refusal:
        fetch_any(location, tmp_path / "f", max_bytes=1, reach=Reach(folders=(Path("/"),)))
    assert "s3cr3t" not in str(refusal.value)


def test_a_listing_looks_at_so_many_things_and_says_that_there_are_more(
    roots: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not listed(roots, "sftp", "*.csv", most=1).complete
    monkeypatch.setattr(remote, "MOST_LOOKED", 2)
    assert not listed(roots, "sftp", "*.csv").complete
    with pytest.raises(BadUrl):
        listed(roots, "sftp", "vieux.csv")


def test_lines_of_every_kind_of_server_are_read_and_others_left() -> None:
    unix = _of_people("-rw-r--r--   1 sig  sig    1234 Mar  3  2024 rues et places.csv")
    assert (unix.name, unix.bytes, unix.is_folder) == ("rues et places.csv", 1234, False)
    windows = _of_people("11-02-26  03:05PM                 5678 Budget primitif.csv")
    assert (windows.name, windows.bytes, windows.modified) == ("Budget primitif.csv", 5678, 1793631900)
    assert _of_people("11-02-2026  03:05PM       <DIR>          Archives").is_folder
    assert _of_people("lrwxrwxrwx 1 a a 7 Jan  1 12:00 dernier.csv -> x.csv").name == "dernier.csv"
    assert _of_people("total 12") is None
    assert _of_people("-rw-r--r-- 1 a a 1 Feb 30 2024 jamais.csv") is None
    assert _of_machine("type=cdir;modify=20260101000000; .") is None
    assert _of_machine("Type=file;Size=999999999999999999999999;Modify=never; a.csv").name == "a.csv"


class _Liar(BaseHTTPRequestHandler):
    """A WebDAV server and a page of links, hostile."""

    def log_message(self, *_: object) -> None:
        """Keep the test quiet."""

    def do_PROPFIND(self) -> None:
        self.answer(207 if self.path != "/inside/" else 301)

    def do_GET(self) -> None:
        self.answer(200)

    def answer(self, status: int) -> None:
        row = "<D:response><D:href>{}</D:href><D:propstat><D:prop><D:getcontentlength>1</D:getcontentlength></D:prop></D:propstat></D:response>"
        names = (
            "/lies/",
            "/lies/a.csv",
            "https://evil.example/lies/b.csv",
            "/lies/../c.csv",
            "/etc/d.csv",
            "/lies/e/f.csv",
            "http://[",
            "/lies/%00.csv",
        )
        bodies = {
            "/lies/": f'<D:multistatus xmlns:D="DAV:">{"".join(map(row.format, names))}</D:multistatus>',
            "/bomb/": '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><D:multistatus xmlns:D="DAV:">&b;</D:multistatus>',
            "/links/": '<a href="g.csv">g</a><a href="//evil.example/links/h.csv">h</a><a href="../i.csv">i</a><a href="javascript:x">',
        }
        body = bodies.get(self.path, "<broken").encode()
        self.send_response(status)
        if status == 301:
            self.send_header("Location", "http://169.254.169.254/latest/")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def test_a_hostile_listing_names_nothing_outside_its_folder(tmp_path: Path) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Liar)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    root = f"webdav://{HOST}:{server.server_address[1]}"
    try:
        entries = list_any(f"{root}/lies/*", reach=REACH).entries
        assert [entry.name for entry in entries] == [
            "b.csv",
            "a.csv",
        ]  # by their paths: nothing is asked of another server
        assert all(entry.location.startswith(root) for entry in entries)
        links = list_any(f"{root.replace('webdav', 'http')}/links/*", reach=REACH).entries
        assert [entry.name for entry in links] == ["g.csv"]
        with pytest.raises(UnsafeFile):
            list_any(f"{root}/bomb/*", reach=REACH)
        for path, error in (("broken", ParvisError), ("inside", (HttpStatus, PrivateAddress))):
            with pytest.raises(error):
                list_any(f"{root}/{path}/*", reach=REACH)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_server_that_lies_on_the_length_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "court.csv").write_bytes(b"abc")
    monkeypatch.setattr(FTPHandler, "ftp_SIZE", lambda self, _path: self.respond("213 9"))
    with servers.ftp(tmp_path / "files") as port, pytest.raises(FetchCut):
        fetch_any(f"ftp://{HOST}:{port}/court.csv", tmp_path / "f", max_bytes=100, credentials=AGENT, reach=REACH)
    assert not (tmp_path / "f").exists()


@pytest.mark.parametrize("drip", [False, True])
@pytest.mark.parametrize("scheme", ["ftp", "ftps", "sftp", "webdav", "http"])
def test_a_server_that_says_nothing_or_hardly_anything_is_left(scheme: str, drip: bool) -> None:
    start = time.monotonic()
    with servers.mute(drip) as port, pytest.raises((FetchTooSlow, FetchFailed)):
        list_any(f"{scheme}://{HOST}:{port}/*.csv", reach=REACH, idle_seconds=0.3, total_seconds=1.0)
    assert time.monotonic() - start < 5
