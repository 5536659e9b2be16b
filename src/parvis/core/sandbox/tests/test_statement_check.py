"""What may be asked, and every way out that was thought of."""

from __future__ import annotations

import pytest

from parvis.core.sandbox import SqlError
from parvis.core.statements.errors import (
    NotAllowed,
    OneStatement,
    OnlySelect,
    SqlEmpty,
    SqlMeaningless,
    SqlSyntaxError,
    UnknownColumn,
    UnknownFunction,
    UnknownTable,
    line_and_column,
)

S = '"equipements-sportifs"'

ALLOWED = [
    (f"SELECT count(*) AS n FROM {S}", [{"n": 3}]),
    (f"FROM {S} SELECT nom ORDER BY nom LIMIT 1", [{"nom": "Gymnase"}]),
    (f"SELECT NOM FROM {S.upper()} WHERE Places > 1000", [{"nom": "Stade"}]),
    (f"SELECT sum(places) FILTER (WHERE places > 500) AS s FROM {S}", [{"s": 1200}]),
    (f"SELECT e.nom, c.nom FROM {S} e CROSS JOIN communes c WHERE e.places = 300", [{"nom": "Gymnase", "nom_2": "Évry"}]),
    (f"WITH a AS (SELECT places AS p FROM {S}), b AS (SELECT max(p) AS m FROM a) SELECT m FROM b", [{"m": 1200}]),
    ("WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t WHERE n < 3) SELECT max(n) AS m FROM t", [{"m": 3}]),
    (f"SELECT nom, rank() OVER (ORDER BY places DESC NULLS LAST) AS r FROM {S} QUALIFY r = 1", [{"nom": "Stade", "r": 1}]),
    (f"SELECT year(ouverture) AS a, count(*) AS n FROM {S} GROUP BY ALL ORDER BY a LIMIT 1", [{"a": 2019, "n": 1}]),
    (f"SELECT round(ST_X(point), 2) AS x FROM {S} WHERE nom = 'Stade'", [{"x": 2.43}]),
    (f"SELECT point FROM {S} WHERE nom = 'Gymnase'", [{"point": None}]),
    ("SELECT round(ST_X(ST_Transform(ST_Point(2.4, 48.6), 'EPSG:4326', 'EPSG:2154', always_xy := true))) AS x", [{"x": 655759.0}]),
    ("SELECT 1 AS a UNION SELECT 2 AS a EXCEPT SELECT 2 AS a", [{"a": 1}]),
    ("SELECT * FROM (VALUES (1, 'x')) t(a, b)", [{"a": 1, "b": "x"}]),
    ("SELECT list_transform([1, 2], lambda x: x + 1) AS l", [{"l": "[2,3]"}]),
    ("SELECT [x * 2 for x in [1, 2] if x > 1] AS l", [{"l": "[4]"}]),
    ("SELECT unnest([1, 2]) AS n LIMIT 1", [{"n": 1}]),
    ("SELECT count(*) AS n FROM generate_series(1, 4)", [{"n": 4}]),
    (f"SELECT COLUMNS('^no') FROM {S} WHERE places = 300", [{"nom": "Gymnase"}]),
    (f"SELECT * EXCLUDE (point, ouverture) REPLACE (places + 1 AS places) FROM {S} WHERE places = 300", [{"nom": "Gymnase", "places": 301}]),
    (f"PIVOT (SELECT nom, places FROM {S}) ON nom IN ('Stade') USING sum(places)", None),
    ("SELECT 'a' LIKE 'A' COLLATE nocase AS l", None),
    ("SELECT CAST('2024-02-30' AS DATE) IS NULL AS x WHERE false", []),
    ("SELECT TRY_CAST('x' AS INTEGER) AS n", [{"n": None}]),
    ("SELECT '{\"a\": [1]}'::JSON ->> '$.a[0]' AS v", [{"v": "1"}]),
    ("SELECT CASE WHEN 1 BETWEEN 0 AND 2 THEN 'oui' ELSE 'non' END AS v, EXISTS (SELECT 1) AS e", [{"v": "oui", "e": True}]),
    ("-- commentaire\nSELECT 1 AS a /* fin */;", [{"a": 1}]),
    (f"SELECT nom FROM {S} TABLESAMPLE 100 PERCENT WHERE places = 300", [{"nom": "Gymnase"}]),
]  # fmt: skip

REFUSED = [
    # not questions
    ("COPY (SELECT 1) TO 'x.csv'", OnlySelect),
    ("ATTACH 'x.db'", OnlySelect),
    ("PRAGMA version", OnlySelect),
    ("SET memory_limit = '10GB'", OnlySelect),
    ("RESET memory_limit", OnlySelect),
    ("CALL enable_logging()", OnlySelect),
    ("INSTALL httpfs", OnlySelect),
    ("LOAD httpfs", OnlySelect),
    ("CREATE MACRO f(x) AS x", OnlySelect),
    ("CREATE TABLE t AS SELECT 1", OnlySelect),
    ("INSERT INTO communes VALUES ('x')", OnlySelect),
    ("UPDATE communes SET nom = 'x'", OnlySelect),
    ("DELETE FROM communes", OnlySelect),
    ("DROP VIEW communes", OnlySelect),
    ("EXPLAIN ANALYZE SELECT 1", OnlySelect),
    ("PREPARE p AS SELECT 1", OnlySelect),
    ("EXECUTE p", OnlySelect),
    ("EXPORT DATABASE 'x'", OnlySelect),
    ("USE memory", OnlySelect),
    ("CHECKPOINT", OnlySelect),
    ("VACUUM", OnlySelect),
    ("BEGIN", OnlySelect),
    ("SELECT 1; SELECT 2", OneStatement),
    ("SELECT 1; DROP VIEW communes", OnlySelect),
    ("WITH x AS (INSERT INTO communes VALUES ('a') RETURNING *) SELECT * FROM x", SqlMeaningless),
    ("", SqlEmpty),
    ("  \n ", SqlEmpty),
    ("-- rien", SqlEmpty),
    (";", SqlEmpty),
    # names that lead elsewhere
    ("SELECT * FROM 'x.csv'", UnknownTable),
    ("SELECT * FROM \"x.parquet\"", UnknownTable),
    ("SELECT * FROM '/etc/passwd'", UnknownTable),
    ("SELECT * FROM secret", UnknownTable),
    ("SELECT * FROM duckdb_settings", UnknownTable),
    ("SELECT * FROM pg_catalog.pg_class", NotAllowed),
    ("SELECT * FROM information_schema.tables", NotAllowed),
    ("SELECT * FROM main.communes", NotAllowed),
    ("SELECT * FROM temp.communes", NotAllowed),
    ("SELECT * FROM memory.main.communes", NotAllowed),
    ("SELECT * FROM sqlite_master", UnknownTable),
    ("SELECT * FROM pragma_database_list", UnknownTable),
    ("SELECT * FROM duckdb_logs", UnknownTable),
    ("SELECT * FROM communes AT (VERSION => 1)", NotAllowed),
    ("TABLE pg_tables", UnknownTable),
    ("SELECT (SELECT count(*) FROM pg_views)", UnknownTable),
    ("SELECT * FROM communes WHERE nom IN (SELECT name FROM duckdb_columns)", UnknownTable),
    ("SELECT 1 ORDER BY (SELECT count(*) FROM pg_tables)", UnknownTable),
    ("SELECT 1 LIMIT (SELECT count(*) FROM pg_tables)", UnknownTable),
    ("SELECT * FROM communes JOIN pg_tables ON true", UnknownTable),
    ("SELECT * FROM communes, LATERAL (SELECT * FROM pg_tables) x", UnknownTable),
    ("SELECT list_transform([1], lambda x: (SELECT count(*) FROM pg_tables))", UnknownTable),
    ("SELECT row_number() OVER (ORDER BY (SELECT count(*) FROM pg_tables))", UnknownTable),
    ("SELECT count(*) FILTER (WHERE EXISTS (FROM pg_tables))", UnknownTable),
    ("SELECT * REPLACE ((SELECT count(*) FROM pg_tables) AS nom) FROM communes", UnknownTable),
    ("PIVOT pg_tables ON schemaname IN ('x')", UnknownTable),
    ("UNPIVOT pg_tables ON schemaname", UnknownTable),
    ("SELECT * FROM communes SEMI JOIN pg_tables ON true", UnknownTable),
    ("SELECT * FROM (SELECT 1) UNION ALL SELECT 2 FROM pg_tables", UnknownTable),
    ("VALUES ((SELECT count(*) FROM pg_tables))", UnknownTable),
    ("SHOW TABLES", NotAllowed),
    ("SHOW ALL TABLES", NotAllowed),
    ("DESCRIBE communes", NotAllowed),
    ("SUMMARIZE communes", NotAllowed),
    ("SELECT * FROM (SHOW TABLES)", NotAllowed),
    ("SELECT * FROM (DESCRIBE SELECT 1)", NotAllowed),
    # a name given by WITH, used where it means something else
    ("SELECT (WITH pg_tables AS (SELECT 1) SELECT 1), count(*) FROM pg_tables", UnknownTable),
    ("WITH pg_tables AS (SELECT * FROM pg_tables) SELECT * FROM pg_tables", UnknownTable),
    ("WITH RECURSIVE pg_tables AS (SELECT * FROM pg_tables) SELECT * FROM pg_tables", UnknownTable),
    ("WITH RECURSIVE pg_tables AS (SELECT 1 AS n FROM pg_tables UNION ALL SELECT n FROM pg_tables) FROM pg_tables", UnknownTable),
    ("WITH a AS (SELECT * FROM pg_views), pg_views AS (SELECT 1) SELECT * FROM a", UnknownTable),
    ("WITH \"x.csv\" AS (SELECT 1) SELECT * FROM \"x.csv\"", NotAllowed),
    ("SELECT 1 UNION ALL (WITH pg_views AS (SELECT 1) SELECT * FROM pg_views) UNION ALL SELECT 1 FROM pg_views", UnknownTable),
    # table functions
    *((f"SELECT * FROM {call}", NotAllowed) for call in (
        "read_csv('/etc/passwd')", "read_parquet('*')", "read_text('/etc/passwd')", "read_blob('/proc/self/environ')",
        "read_json('x')", "glob('*')", "st_read('x.shp')", "st_readosm('x')", "parquet_metadata('x')", "sniff_csv('x')",
        "enable_logging()", "enable_profiling()", "checkpoint()", "force_checkpoint()", "truncate_duckdb_logs()",
        "duckdb_settings()", "duckdb_secrets()", "duckdb_tables()", "duckdb_variables()", "duckdb_temporary_files()",
        "pragma_version()", "pragma_table_info('communes')", "query('SELECT 1')", "query_table('communes')",
        "query_table(['communes'])", "test_all_types()", "which_secret('s3://x', 's3')", "json_execute_serialized_sql('{}')",
        "python_map_function()", "seq_scan('x')", "arrow_scan(1, 2, 3)", "pg_timezone_names()", "repeat_row(1, num_rows := 9)",
        "\"read_csv\"('x')", "READ_CSV('x')", "read_csv/* */('x')", "main.read_csv('x')", "system.main.read_csv('x')",
        "histogram_values(communes, nom)", "summary(communes)", "read_duckdb('x')", "ST_Drivers()",
    )),
    # functions
    *((f"SELECT {call}", UnknownFunction) for call in (
        "getenv('HOME')", "\"getenv\"('HOME')", "GetEnv('HOME')", "getvariable('x')", "current_setting('temp_directory')",
        "nextval('s')", "currval('s')", "pg_sleep(10)", "sleep_ms(1000)", "write_log('x')", "json_serialize_sql('SELECT 1')",
        "json_deserialize_sql('{}')", "json_serialize_plan('SELECT 1')", "current_query()", "txid_current()",
        "current_connection_id()", "in_search_path('a', 'b')", "has_table_privilege('x', 'y')", "pg_get_viewdef(1)",
        "inet_server_addr()", "pg_conf_load_time()", "parse_duckdb_log_message('a', 'b')", "setseed(0.5)", "inconnue(1)",
        "list_transform([1], lambda x: getenv('HOME'))", "[getenv(x) for x in ['HOME']]", "1 + getenv('HOME')",
        "CASE WHEN true THEN getenv('HOME') END", "(SELECT getenv('HOME'))", "{'a': getenv('HOME')}",
        "sum(1) OVER (PARTITION BY getenv('HOME'))", "count(*) FILTER (WHERE getenv('HOME') = 'x')",
        "string_agg('a', ',' ORDER BY getenv('HOME'))", "COALESCE(NULL, getenv('HOME'))", "CAST(getenv('HOME') AS INTEGER)",
        "'a' COLLATE nocase || getenv('HOME')", "current_database()", "current_schemas(true)", "nextval('x') OVER ()",
    )),
    ("SELECT system.main.getenv('HOME')", NotAllowed),
    ("SELECT main.getenv('HOME')", UnknownFunction),
    ("SELECT communes.nom.getenv() FROM communes", NotAllowed),
    ("SELECT nom.getenv() FROM communes", NotAllowed),
    ("SELECT * FROM communes WHERE getenv('HOME') IS NOT NULL", UnknownFunction),
    ("SELECT COLUMNS(c -> getenv('HOME') = c) FROM communes", UnknownFunction),
    ("SELECT * FROM unnest([getenv('HOME')])", UnknownFunction),
    ("SELECT * FROM range(getvariable('x'))", UnknownFunction),
    ("SELECT * FROM communes LIMIT getvariable('x')", UnknownFunction),
    ("SELECT 1 GROUP BY getenv('HOME')", UnknownFunction),
    ("SELECT 1 HAVING getenv('HOME') = 'x'", UnknownFunction),
    ("SELECT * FROM (PIVOT communes ON nom IN ('a') USING max(getenv('HOME')))", UnknownFunction),
    # parameters and types
    ("SELECT ?", NotAllowed),
    ("SELECT $1", NotAllowed),
    ("SELECT $nom", NotAllowed),
    ("SELECT * FROM communes WHERE nom = $1", NotAllowed),
    ("SELECT 'x'::main.t", NotAllowed),
    ("SELECT 'x'::montype", NotAllowed),
    ("SELECT ['x']::montype[]", NotAllowed),
    ("SELECT 'communes'::regclass", NotAllowed),
    ("SELECT ST_Transform(ST_Point(1, 2), '+proj=longlat +nadgrids=/etc/passwd', 'EPSG:4326')", NotAllowed),
    ("SELECT ST_Transform(ST_Point(1, 2), 'EPSG:4326', '+init=/etc/passwd:1')", NotAllowed),
    ("SELECT ST_Transform(ST_Point(1, 2), 'EPSG:4326', nom) FROM communes", NotAllowed),
    ("SELECT ST_Transform(ST_Point(1, 2), 'EPSG:' || '4326', 'EPSG:2154')", NotAllowed),
    ("PIVOT communes ON nom IN pg_type", SqlError),
    ("PIVOT communes ON nom IN (SELECT nom FROM pg_tables)", SqlError),
    ("SELECT * FROM communes c, c.nom", NotAllowed),
    ("SELECT * FROM communes POSITIONAL JOIN pg_tables", UnknownTable),
    ("SELECT sum(1) EXPORT_STATE", NotAllowed),
    ("SELECT list_value(sum(1) EXPORT_STATE)", NotAllowed),
    # other alphabets
    ("SELECT * FROM ｄｕｃｋｄｂ_settings", UnknownTable),
    ("SELECT ｇｅｔｅｎｖ('HOME')", UnknownFunction),
    ("SELECT * FROM comm\u200bunes", UnknownTable),
    ("SELECT * FROM \u202ecommunes", UnknownTable),
    ("SELECT * FROM \"\"\"communes\"", UnknownTable),
    ("SELECT * FROM \"communes; DROP VIEW communes\"", UnknownTable),
    # mistakes
    ("SELEC 1", SqlSyntaxError),
    ("SELECT * FROM", SqlSyntaxError),
    ("SELECT (1", SqlSyntaxError),
    ("SELECT 'a", SqlError),
    ("SELECT inconnu FROM communes", UnknownColumn),
    ("SELECT upper(1, 2) FROM communes", SqlMeaningless),
    ("SELECT CAST('x' AS INTEGER)", SqlMeaningless),
    ("SELECT nom, count(*) FROM communes", SqlMeaningless),
    ("SELECT 1 / 'a'", SqlMeaningless),
    ("SELECT error('x')", SqlMeaningless),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "rows"), ALLOWED)
def test_questions_over_readable_datasets_are_answered(ask, sql, rows):
    actual = ask(sql)
    assert rows is None or actual == rows


@pytest.mark.parametrize(("sql", "error"), REFUSED)
def test_everything_else_is_refused_by_name_and_the_next_question_is_answered(ask, sandbox, sql, error):
    before = ask("SELECT 1 AS a") and set(sandbox.pids())
    with pytest.raises(error) as raised:
        ask(sql)
    for language in ("fr", "en"):
        message = raised.value.message(language) + raised.value.hint(language)
        assert "{" not in message
        assert "?" not in message.replace(" ?", "").replace("”?", "") or "?" in sql
        assert not any(word in message for word in ("/tmp", "versions", "parquet:", "ultra"))
    assert ask("SELECT 1 AS a") == [{"a": 1}]
    assert set(sandbox.pids()) & before, "a refusal must not cost a child"


def test_an_error_tells_its_line_and_column(ask):
    with pytest.raises(UnknownColumn) as raised:
        ask("SELECT 'été' AS é,\n       communs\nFROM (SELECT nom AS communes FROM communes)")
    assert (raised.value.details["line"], raised.value.details["column"]) == (2, 8)
    assert "ligne 2, colonne 8" in raised.value.message("fr")
    assert "Vouliez-vous dire « communes » ?" in raised.value.message("fr")


def test_a_near_function_is_proposed(ask):
    with pytest.raises(UnknownFunction, match="upper") as raised:
        ask("SELECT uper(nom) FROM communes")
    assert raised.value.details["column"] == 8


@pytest.mark.parametrize(
    ("text", "position", "place"),
    [("abc", 0, (1, 1)), ("é\nè x", 5, (2, 2)), ("a", 99, (1, 1)), ("a", None, (1, 1)), ("a\n\nb", 3, (3, 1))],
)
def test_positions_are_counted_in_characters(text, position, place):
    assert tuple(line_and_column(text, position).values()) == place
