import ipaddress
import stat
from pathlib import Path

import pytest

from parvis.core.fetching.remote import reach_of
from parvis.hub.conf import SETTINGS, BadSetting, read_settings
from parvis.hub.signing_key import secret_key


def test_every_setting_has_a_sentence_and_a_name_of_the_house():
    assert all(setting.name.startswith("PARVIS_") and setting.sentence.endswith(".") for setting in SETTINGS)
    assert len({setting.name for setting in SETTINGS}) == len(SETTINGS)


def test_the_environment_goes_before_the_file_and_the_file_before_the_default(tmp_path):
    (tmp_path / "parvis.toml").write_text('PARVIS_ENGINE_THREADS = 3\nPARVIS_ALLOWED_HOSTS = ["a.fr", "b.fr"]\n')
    values = read_settings(tmp_path, {"PARVIS_ENGINE_THREADS": "5"})
    assert values["PARVIS_ENGINE_THREADS"] == 5
    assert values["PARVIS_ALLOWED_HOSTS"] == ("a.fr", "b.fr")
    assert values["PARVIS_SECURE"] is False


def test_what_sources_may_reach_is_what_the_operator_lists(tmp_path):
    entries = "nas.ville.lan:22, 10.2.0.0/24,[fd00::/8]:21,10.3.0.7,bases.ville.lan"
    settings = {"PARVIS_SOURCES_PRIVATE_HOSTS": entries, "PARVIS_SOURCES_FOLDERS": "/srv/depots"}
    values = read_settings(tmp_path, settings)
    reach = reach_of(values["PARVIS_SOURCES_PRIVATE_HOSTS"], values["PARVIS_SOURCES_FOLDERS"])
    address = ipaddress.ip_address
    assert reach.folders == (Path("/srv/depots"),)
    assert reach.allowed(address("10.2.0.9"), 5432) and reach.allowed(address("10.3.0.7"), 80)
    assert reach.allowed(address("fd00::1"), 21) and not reach.allowed(address("fd00::1"), 22)
    assert reach.allowed.of("NAS.ville.lan")(address("192.168.1.1"), 22)
    for host, port in (("nas.ville.lan", 21), ("autre.ville.lan", 22), ("x.bases.ville.lan", 22)):
        assert not reach.allowed.of(host)(address("192.168.1.1"), port)
    assert not reach.allowed.public()(address("10.2.0.9"), 443)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PARVIS_ENGINE_THREADS", "beaucoup"),
        ("PARVIS_ENGINE_THREADS", "0"),
        ("PARVIS_SECURE", "peut-être"),
        ("PARVIS_BASE_URL", "donnees.ville.fr"),
        ("PARVIS_STORAGE_URL", "file://relatif/dossier"),
        ("PARVIS_STORAGE_URL", "/srv/parvis"),
        ("PARVIS_SOURCES_PRIVATE_HOSTS", "10.2.0.0/99"),
        ("PARVIS_SOURCES_PRIVATE_HOSTS", "nas.ville.lan:0"),
        ("PARVIS_SOURCES_FOLDERS", "depots"),
        ("PARVIS_SOURCES_FOLDERS", "/"),
    ],
)
def test_nonsense_stops_the_start_and_names_the_setting(tmp_path, name, text):
    with pytest.raises(BadSetting, match=name):
        read_settings(tmp_path, {name: text})


def test_a_store_that_is_not_a_folder_is_refused_as_not_there_yet(tmp_path):
    with pytest.raises(BadSetting, match="PARVIS_STORAGE_URL .*« s3 » n’est pas encore pris en charge"):
        read_settings(tmp_path, {"PARVIS_STORAGE_URL": "s3://parvis/donnees"})
    url = "file:///srv/parvis/donnees"
    assert read_settings(tmp_path, {"PARVIS_STORAGE_URL": url})["PARVIS_STORAGE_URL"] == url


def test_a_misspelled_line_of_the_file_is_told_and_not_ignored(tmp_path):
    (tmp_path / "parvis.toml").write_text('PARVIS_BASEURL = "https://x.fr"\n')
    with pytest.raises(BadSetting, match="PARVIS_BASEURL"):
        read_settings(tmp_path, {})
    (tmp_path / "parvis.toml").write_text("PARVIS_SECURE = = true")
    with pytest.raises(BadSetting, match="parvis.toml"):
        read_settings(tmp_path, {})


def test_the_signing_key_is_made_once_and_read_by_its_owner_only(tmp_path):
    first = secret_key(tmp_path / "home", "")
    assert len(first) > 40
    assert secret_key(tmp_path / "home", "") == first
    assert stat.S_IMODE((tmp_path / "home" / "secret-key").stat().st_mode) == 0o600
    assert secret_key(tmp_path / "home", "donnée") == "donnée"
