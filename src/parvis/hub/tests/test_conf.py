import stat

import pytest

from parvis.hub.conf import SETTINGS, BadSetting, read_settings, secret_key


def test_every_setting_has_a_sentence_and_a_name_of_the_house():
    assert all(setting.name.startswith("PARVIS_") and setting.sentence.endswith(".") for setting in SETTINGS)
    assert len({setting.name for setting in SETTINGS}) == len(SETTINGS)


def test_the_environment_goes_before_the_file_and_the_file_before_the_default(tmp_path):
    (tmp_path / "parvis.toml").write_text('PARVIS_ENGINE_THREADS = 3\nPARVIS_ALLOWED_HOSTS = ["a.fr", "b.fr"]\n')
    values = read_settings(tmp_path, {"PARVIS_ENGINE_THREADS": "5"})
    assert values["PARVIS_ENGINE_THREADS"] == 5
    assert values["PARVIS_ALLOWED_HOSTS"] == ("a.fr", "b.fr")
    assert values["PARVIS_SECURE"] is False


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PARVIS_ENGINE_THREADS", "beaucoup"),
        ("PARVIS_ENGINE_THREADS", "0"),
        ("PARVIS_SECURE", "peut-être"),
        ("PARVIS_BASE_URL", "donnees.ville.fr"),
        ("PARVIS_STORAGE_URL", "file://relatif/dossier"),
        ("PARVIS_STORAGE_URL", "/srv/parvis"),
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
