"""A real PostgreSQL and a real MariaDB on the loopback, thrown away afterwards."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER, SECRET, ROOT_SECRET = "agent", "motdepasse-s3cr3t", "racine-s3cr3t"
MARIADB = shutil.which("mariadbd") or ("/usr/sbin/mariadbd" if Path("/usr/sbin/mariadbd").exists() else "")
_TABLES = Path("/usr/share/mariadb")


@contextmanager
def postgresql(pem: Path) -> Iterator[int]:
    """A cluster that asks for passwords and may speak encrypted; ``postgres`` is its own master, ``agent`` reads."""
    with _folder() as folder:
        yield from _postgresql(folder, pem)


def _postgresql(folder: Path, pem: Path) -> Iterator[int]:
    (folder / "password").write_text(ROOT_SECRET)
    shutil.copy(pem, folder / "both.pem")
    _give(folder, "postgres")
    (folder / "both.pem").chmod(0o600)
    programs, port = max(Path("/usr/lib/postgresql").glob("*/bin")), _free_port()
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": folder,
        "fsync": "off",
        "ssl": "on",
        "ssl_cert_file": folder / "both.pem",
        "ssl_key_file": folder / "both.pem",
        "max_connections": 20,
        "shared_buffers": "16MB",
    }
    _run(
        "postgres",
        f"{programs}/initdb -D {folder}/data -U postgres -A scram-sha-256 --pwfile={folder}/password --no-sync -E UTF8 --locale=C.UTF-8",
    )
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    _run("postgres", f"{programs}/pg_ctl -D {folder}/data -w -l {folder}/log -o '{options}' start")
    try:
        yield port
    finally:
        _run("postgres", f"{programs}/pg_ctl -D {folder}/data -m immediate stop")


@contextmanager
def mariadb(pem: Path, statements: str) -> Iterator[int]:
    """A MariaDB made by ``statements``; ``agent`` owns what is in ``ville``, so that only the transaction keeps it to reading."""
    with _folder() as folder:
        yield from _mariadb(folder, pem, statements)


def _mariadb(folder: Path, pem: Path, statements: str) -> Iterator[int]:
    shutil.copy(pem, folder / "both.pem")
    (folder / "data").mkdir()
    (folder / "tmp").mkdir()  # that of the suite is for root alone
    _give(folder, "nobody")
    user = "--user=nobody" if os.getuid() == 0 else ""
    common = f"{MARIADB} --no-defaults {user} --datadir={folder}/data --tmpdir={folder}/tmp --innodb-buffer-pool-size=16M --innodb-log-file-size=4M"
    tables = [(_TABLES / name).read_text() for name in ("mariadb_system_tables.sql", "mariadb_system_tables_data.sql")]
    made = ["CREATE DATABASE IF NOT EXISTS mysql;", "USE mysql;", *tables]
    made += [
        "FLUSH PRIVILEGES;",
        "CREATE DATABASE ville CHARACTER SET utf8mb4;",
        f"CREATE USER '{USER}'@'%' IDENTIFIED BY '{SECRET}';",
        f"GRANT ALL ON ville.* TO '{USER}'@'%';",
        "USE ville;",
        statements,
    ]
    subprocess.run(
        [*common.split(), "--bootstrap"], input="\n".join(made), text=True, check=True, capture_output=True, cwd=folder
    )
    port = _free_port()
    options = f"--port={port} --bind-address=127.0.0.1 --socket={folder}/s --ssl-cert={folder}/both.pem --ssl-key={folder}/both.pem"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*common.split(), *options.split()], stdout=log, stderr=log, cwd=folder)
    try:
        for _ in range(1200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as probe:
                if probe.recv(1):
                    break
            time.sleep(0.05)
        yield port
    finally:
        process.kill()
        process.wait()


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder that another account may enter: those of pytest are closed again by each run that begins."""
    folder = Path(tempfile.mkdtemp(prefix="parvis-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _give(folder: Path, account: str) -> None:
    """Servers refuse to run as root, whose files theirs must not be."""
    if os.getuid() == 0:
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, account)


def _run(account: str, command: str) -> None:
    line = ["su", account, "-s", "/bin/bash", "-c", command] if os.getuid() == 0 else ["bash", "-c", command]
    subprocess.run(line, check=True, capture_output=True, cwd="/")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
