"""Tables and queries of a real PostgreSQL and a real MariaDB: their types, their bounds, and what they may not do."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pymysql
import pytest

from parvis.core.databases import (
    KINDS,
    BadQuery,
    Bounds,
    Database,
    DatabaseFailed,
    DatabaseRefused,
    DatabaseTooLarge,
    DatabaseTooSlow,
    Extract,
    NoSuchColumn,
    Reading,
)
from parvis.core.databases.extraction import OPENERS, extract, tables_of
from parvis.core.databases.tests import servers
from parvis.core.fetching import FetchTooSlow, PrivateAddress, UnknownHost, allowed_hosts
from parvis.core.fetching.remote import Credentials, Reach
from parvis.core.fetching.tests.servers import certificate, mute
from parvis.core.ingest import ingest

HOST = "donnees.example"
AGENT = Credentials(servers.USER, servers.SECRET)
REACH = Reach(allowed_hosts([HOST]), lambda *_: ["127.0.0.1"])
POSTGRESQL = f"""
CREATE ROLE {servers.USER} LOGIN PASSWORD '{servers.SECRET}';
GRANT pg_read_all_data, pg_write_all_data TO {servers.USER};
CREATE TYPE etat AS ENUM ('ouvert', 'fermé');
CREATE DOMAIN pourcentage AS numeric(5, 2);
CREATE SCHEMA "Voirie";
CREATE TABLE "Voirie"."rues %s" (
  id bigint, code char(5), nom text, part pourcentage, montant numeric, prix money, ouvert boolean, etat etat, mesure real,
  jour date, moment timestamp, instant timestamptz, heure time, duree interval, uid uuid, mots text[], nombres int[][],
  "Détail" jsonb, ip inet, photo bytea, plage int4range
);
INSERT INTO "Voirie"."rues %s" VALUES
  (1, '01234', 'rue de l''Été', 12.5, 1234567890.12345, '12.50', true, 'fermé', 0.1,
   '2024-02-29', '2024-02-29 12:00:00.25', '2024-07-14 12:00:00+02', '08:30', '1 day 02:00', '00000000-0000-0000-0000-000000000001',
   '{{a,NULL,"b c"}}', '{{{{1,2}},{{3,4}}}}', '{{"é": 1}}', '10.0.0.1', '\\x00ff', '[1,5)'),
  (2, NULL, '', NULL, 'NaN', NULL, NULL, NULL, 'infinity', 'infinity', '-infinity', '2024-01-01 BC', NULL, NULL, NULL, NULL, NULL,
   'null', NULL, NULL, NULL);
CREATE TABLE suite AS SELECT n AS id, timestamp '2026-01-01' + (n / 2) * interval '1 minute' AS maj, repeat('x', 100) AS t
  FROM generate_series(1, 3000) n;
"""
MARIADB = """
SET NAMES utf8mb4;
CREATE TABLE `rues %s` (id INT, grand BIGINT UNSIGNED, nom VARCHAR(50), part DECIMAL(5,2), oui BIT(1), annee YEAR, mesure DOUBLE,
  jour DATE, moment DATETIME(3), instant TIMESTAMP NULL, heure TIME, etat ENUM('ouvert','fermé'), mots SET('a','b'), detail JSON,
  photo BLOB, long_texte TEXT, lieu POINT);
SET SESSION sql_mode = '';
SET SESSION time_zone = '+02:00';
INSERT INTO `rues %s` VALUES (1, 18446744073709551615, 'rue de l''Été', 12.5, b'1', 2024, 0.1, '2024-02-29', '2024-02-29 12:00:00.25',
  '2024-07-14 12:00:00', '26:30:00', 'fermé', 'a,b', '{"a": 1}', x'00ff', 'long', POINT(2.4, 48.6)),
  (2, NULL, '', NULL, NULL, NULL, NULL, '0000-00-00', '0000-00-00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
CREATE TABLE suite (id INT, maj DATETIME, t TEXT);
INSERT INTO suite SELECT seq, '2026-01-01' + INTERVAL (seq DIV 2) MINUTE, repeat('x', 100) FROM seq_1_to_3000;
"""


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("tls"), HOST)


@pytest.fixture(scope="module")
def postgresql(pem: Path) -> Iterator[Database]:
    with servers.postgresql(pem) as port:
        with psycopg.connect(**_root(port)) as connection:
            connection.execute(POSTGRESQL)
        yield Database("postgresql", HOST, "postgres", port, "require")


@pytest.fixture(scope="module")
def mariadb(pem: Path) -> Iterator[Database]:
    if not servers.MARIADB:
        pytest.skip("waiting on mariadbd: apt-get install mariadb-server-core")
    with servers.mariadb(pem, MARIADB) as port:
        yield Database("mysql", HOST, "ville", port, "require")


@pytest.fixture(params=["postgresql", "mariadb"])
def database(request: pytest.FixtureRequest) -> Database:
    return request.getfixturevalue(request.param)


def _root(port: int) -> dict[str, object]:
    return {
        "host": "127.0.0.1",
        "port": port,
        "user": "postgres",
        "password": servers.ROOT_SECRET,
        "dbname": "postgres",
    }


def read(database: Database, path: Path, reading: Reading, **options: object) -> tuple[Extract, pa.Table]:
    extracted = extract(database, reading, path, credentials=AGENT, reach=REACH, **options)
    return extracted, pq.read_table(path)


def test_every_type_of_postgresql_has_its_own(postgresql: Database, tmp_path: Path) -> None:
    assert "Voirie.rues %s" in tables_of(postgresql, credentials=AGENT, reach=REACH)
    extracted, table = read(postgresql, tmp_path / "f", Reading(table="Voirie.rues %s"))
    first, second = table.to_pylist()
    assert first == {
        "id": 1,
        "code": "01234",
        "nom": "rue de l'Été",
        "part": Decimal("12.50"),
        "montant": 1234567890.12345,
        "prix": 12.5,
        "ouvert": True,
        "etat": "fermé",
        "mesure": 0.1,
        "jour": date(2024, 2, 29),
        "moment": datetime.fromisoformat("2024-02-29T12:00:00.250"),
        "instant": datetime(2024, 7, 14, 10, tzinfo=UTC),
        "heure": "08:30:00",
        "duree": "1 day 02:00:00",
        "uid": "00000000-0000-0000-0000-000000000001",
        "mots": ["a", None, "b c"],
        "nombres": ['["1", "2"]', '["3", "4"]'],
        "Détail": '{"é": 1}',
        "ip": "10.0.0.1/32",
        "plage": "[1,5)",
    }
    assert {name: value for name, value in second.items() if value is not None} == {
        "id": 2,
        "nom": "",
        "Détail": "null",
    }
    assert extracted.left_out == (("photo", "bytea"),)
    assert extracted.lost == (("montant", 1), ("mesure", 1), ("jour", 1), ("moment", 1), ("instant", 1))
    assert (extracted.rows, extracted.complete) == (2, True)


def test_every_type_of_mariadb_has_its_own(mariadb: Database, tmp_path: Path) -> None:
    assert tables_of(mariadb, credentials=AGENT, reach=REACH) == ["ville.rues %s", "ville.suite"]
    extracted, table = read(mariadb, tmp_path / "f", Reading(table="rues %s"))
    first, second = table.to_pylist()
    place = first.pop("lieu")
    assert first == {
        "id": 1,
        "grand": 18446744073709551615,
        "nom": "rue de l'Été",
        "part": Decimal("12.50"),
        "oui": 1,
        "annee": 2024,
        "mesure": 0.1,
        "jour": date(2024, 2, 29),
        "moment": datetime.fromisoformat("2024-02-29T12:00:00.250"),
        "instant": datetime(2024, 7, 14, 10, tzinfo=UTC),
        "heure": "26:30:00",
        "etat": "fermé",
        "mots": "a,b",
        "detail": '{"a": 1}',
        "long_texte": "long",
    }
    assert place[:5] == b"\x01\x01\x00\x00\x00"
    assert json.loads(table.schema.metadata[b"geo"])["primary_column"] == "lieu"
    assert {name: value for name, value in second.items() if value is not None} == {"id": 2, "nom": ""}
    assert extracted.left_out == (("photo", "binary"),)
    assert extracted.lost == (("jour", 1), ("moment", 1))


def test_a_followed_column_gives_what_came_since_and_goes_on_when_there_is_too_much(
    database: Database, tmp_path: Path
) -> None:
    query, ids, since, number = "SELECT maj, id FROM suite WHERE t LIKE 'x%'", set(), "", 0
    while True:
        number += 1
        reading = Reading(query=query, cursor="maj", since=since)
        extracted, table = read(database, tmp_path / f"f{number}", reading, bounds=Bounds(rows=1300))
        ids.update(table["id"].to_pylist())
        since = extracted.cursor
        if extracted.complete:
            break
    assert (number, len(ids), since[:19]) == (3, 3000, "2026-01-02 01:00:00")
    assert read(database, tmp_path / "f", Reading(query=query, cursor="maj", since=since))[0].rows == 1
    with pytest.raises(NoSuchColumn):
        read(database, tmp_path / "g", Reading(query=query, cursor="t"))


@pytest.mark.parametrize("bounds", [Bounds(rows=2999), Bounds(bytes=100_000)])
def test_more_than_allowed_is_refused_and_leaves_nothing(database: Database, tmp_path: Path, bounds: Bounds) -> None:
    with pytest.raises(DatabaseTooLarge):
        read(database, tmp_path / "f", Reading(table="suite"), bounds=bounds)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_even_by_what_passes_for_a_reading(
    postgresql: Database, mariadb: Database, tmp_path: Path
) -> None:
    with psycopg.connect(**_root(postgresql.port)) as connection:
        connection.execute("CREATE FUNCTION nettoyer() RETURNS int LANGUAGE sql AS 'DELETE FROM suite RETURNING id'")
    with pytest.raises(BadQuery, match="read-only"):
        read(postgresql, tmp_path / "f", Reading(query="SELECT nettoyer()"))
    with pymysql.connect(
        host="127.0.0.1", port=mariadb.port, user=AGENT.username, password=AGENT.password, database="ville"
    ) as own:
        own.cursor().execute(
            "CREATE FUNCTION nettoyer() RETURNS INT MODIFIES SQL DATA BEGIN DELETE FROM suite; RETURN 1; END"
        )
    with pytest.raises(BadQuery):
        read(mariadb, tmp_path / "f", Reading(query="SELECT nettoyer()"))
    for database in (postgresql, mariadb):
        assert (
            read(database, tmp_path / database.kind, Reading(query="SELECT count(*) AS n FROM suite"))[1]["n"][
                0
            ].as_py()
            == 3000
        )


def test_a_query_that_lasts_is_stopped_on_the_server_too(database: Database, tmp_path: Path) -> None:
    endless = "SELECT count(*) AS n FROM suite a, suite b, suite c, suite d WHERE a.t < concat(b.t, c.t, d.t, 'y')"
    start = time.monotonic()
    with pytest.raises(DatabaseTooSlow):
        read(database, tmp_path / "f", Reading(query=endless), bounds=Bounds(seconds=1.0))
    assert time.monotonic() - start < 8
    assert _running(database) == 0


def _running(database: Database) -> int:
    """Statements of ours that still run, after a moment."""
    for _ in range(50):
        if database.kind == "postgresql":
            with psycopg.connect(**_root(database.port)) as connection:
                sql = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'Parvis' AND state = 'active'"
                count = connection.execute(sql).fetchone()[0]
        else:
            options = {"user": AGENT.username, "password": AGENT.password, "database": "ville"}
            with pymysql.connect(host="127.0.0.1", port=database.port, **options) as own, own.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM information_schema.processlist WHERE info LIKE '%suite a%' AND info NOT LIKE '%processlist%'"
                )
                count = cursor.fetchone()[0]
        if not count:
            break
        time.sleep(0.1)
    return int(count)


def test_a_wrong_password_or_query_is_told_without_any_secret(database: Database, tmp_path: Path) -> None:
    with pytest.raises(DatabaseRefused) as refusal:
        extract(
            database,
            Reading(table="suite"),
            tmp_path / "f",
            credentials=Credentials(servers.USER, "faux-s3cr3t"),
            reach=REACH,
        )
    with pytest.raises(BadQuery) as fault:
        read(database, tmp_path / "f", Reading(query="SELECT absente FROM suite"))
    assert "absente" in str(fault.value)
    with pytest.raises(BadQuery, match="cette table n’existe pas"):
        read(database, tmp_path / "f", Reading(table="nulle_part"))
    for error in (refusal.value, fault.value):
        assert "s3cr3t" not in f"{error} {error.details} {error.__cause__!r}"
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_proves_nothing_or_hides_nothing_is_refused(
    database: Database, pem: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = Database(database.kind, HOST, database.name, database.port)
    with pytest.raises(DatabaseFailed, match="certificat"):
        read(strict, tmp_path / "f", Reading(table="suite"))
    monkeypatch.setenv("SSL_CERT_FILE", str(pem.with_name("cert.pem")))
    assert read(strict, tmp_path / "f", Reading(query="SELECT 1 AS un"))[0].rows == 1
    in_clear = Database(database.kind, HOST, database.name, database.port, "off")
    assert read(in_clear, tmp_path / "h", Reading(query="SELECT id FROM suite"))[0].rows == 3000, "when that is wanted"
    with pytest.raises(UnknownHost):
        extract(
            database, Reading(table="suite"), tmp_path / "g", credentials=AGENT, reach=Reach(resolver=REACH.resolver)
        )
    with pytest.raises(PrivateAddress):
        extract(Database(database.kind, "127.0.0.1", "x"), Reading(table="suite"), tmp_path / "g", credentials=AGENT)


def test_nothing_secret_is_said_to_a_mysql_that_does_not_encrypt(tmp_path: Path) -> None:
    heard: list[bytes] = []
    greeting = (
        b"\x0a8.0.36\0"
        + b"\1\0\0\0"
        + b"saltsalt\0"
        + b"\xff\xf7\x2d\2\0\xff\xc1\x15"
        + b"\0" * 10
        + b"saltsaltsalt\0mysql_native_password\0"
    )

    def serve() -> None:
        connected, _ = server.accept()
        with connected:
            connected.sendall(len(greeting).to_bytes(3, "little") + b"\0" + greeting)
            heard.append(connected.recv(1000))

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve)
        thread.start()
        database = Database("mysql", HOST, "ville", server.getsockname()[1], "require")
        with pytest.raises(DatabaseFailed, match="chiffrée"):
            read(database, tmp_path / "f", Reading(table="t"))
        thread.join()
    assert heard == [b""]


def test_someone_who_stops_is_heeded(database: Database, tmp_path: Path) -> None:
    def stop(*_step: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read(database, tmp_path / "f", Reading(table="suite"), progress=stop)
    assert list(tmp_path.iterdir()) == []
    for timer in [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]:
        timer.join(5)
        assert not timer.is_alive()  # else it would stop the connection of somebody later


def test_the_file_is_one_that_our_importer_takes_with_its_types(mariadb: Database, tmp_path: Path) -> None:
    read(mariadb, tmp_path / "f.parquet", Reading(table="rues %s"))
    (tmp_path / "version").mkdir()
    manifest = ingest(tmp_path / "f.parquet", name="f.parquet", destination=tmp_path / "version", work=tmp_path)
    types = {column.name: column.type.value for column in manifest.shape.columns}
    expected = {
        "id": "int",
        "nom": "text",
        "part": "double",
        "jour": "date",
        "moment": "datetime",
        "instant": "datetime",
    }
    assert types.items() >= {**expected, "geometry": "geo_point_2d", "detail": "json_blob"}.items()


def test_every_kind_that_is_offered_is_read() -> None:
    assert set(KINDS) == set(OPENERS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("drip", [False, True])
def test_a_server_that_says_nothing_or_hardly_anything_is_left(kind: str, drip: bool, tmp_path: Path) -> None:
    start = time.monotonic()
    with mute(drip) as port, pytest.raises((DatabaseFailed, DatabaseTooSlow, FetchTooSlow)):
        read(
            Database(kind, HOST, "x", port),
            tmp_path / "f",
            Reading(table="t"),
            bounds=Bounds(seconds=2, connect_seconds=1),
        )
    assert time.monotonic() - start < 20
