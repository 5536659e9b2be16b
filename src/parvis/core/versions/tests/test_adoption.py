"""What a confined child made is taken only when it is a version, of that file, and nothing else."""

from __future__ import annotations

import dataclasses
import errno
from pathlib import Path

import pytest

from parvis.core.ingest import ingest
from parvis.core.store import FolderStore
from parvis.core.versions.adoption import VersionIncomplete, adopt
from parvis.core.versions.folders import AlreadyWritten, file_digest
from parvis.core.versions.manifest import Manifest, Part, read_manifest

VERSIONS = "datasets/u1/versions"
NAME = "bornes été.csv"


@pytest.fixture
def original(tmp_path: Path) -> Path:
    path = tmp_path / "deposit"
    path.write_text("code;nom\n01234;Évry\n02345;Grigny\n", encoding="utf-8")
    return path


@pytest.fixture
def made(tmp_path: Path, original: Path) -> tuple[Path, Manifest]:
    manifest = ingest(
        original, name=NAME, destination=tmp_path / "scratch", work=tmp_path / "work", version="v1", copied=False
    )
    return tmp_path / "scratch" / "v1", manifest


def test_a_whole_version_is_taken_and_its_manifest_is_the_one_that_was_checked(tmp_path, original, made):
    folder, manifest = made
    (folder / "manifest.json").write_text("{}", encoding="utf-8")
    adopt(folder, FolderStore(tmp_path), VERSIONS, manifest, original=original, name=NAME)
    assert read_manifest(tmp_path / VERSIONS / "v1") == manifest
    copy = tmp_path / VERSIONS / "v1" / manifest.original.file
    assert copy.samefile(original)  # not a byte was copied
    assert not folder.exists()


def _another_original(folder: Path, manifest: Manifest) -> Manifest:
    """The manifest tells of another file than the one received."""
    other = folder.parent / "autre"
    other.write_bytes(b"code;nom\n09999;Paris\n")
    digest, size = file_digest(other), other.stat().st_size
    return dataclasses.replace(manifest, original=dataclasses.replace(manifest.original, sha256=digest, bytes=size))


def _an_original_of_the_child(folder: Path, manifest: Manifest) -> Manifest:
    (folder / "original").mkdir()
    (folder / manifest.original.file).write_bytes(b"code;nom\n09999;Paris\n")
    return manifest


def _another_part(folder: Path, manifest: Manifest) -> Manifest:
    (folder / manifest.parts[0].file).write_bytes(b"PAR1 autre chose PAR1")
    return manifest


def _one_more_file(folder: Path, manifest: Manifest) -> Manifest:
    (folder / "lanceur.sh").write_text("#!/bin/sh", encoding="utf-8")
    return manifest


def _a_link(folder: Path, manifest: Manifest) -> Manifest:
    (folder / "rejects.parquet").symlink_to("/etc/passwd")
    (folder / "nulled.parquet").hardlink_to(folder / manifest.parts[0].file)
    return manifest


def _a_link_to_a_folder(folder: Path, manifest: Manifest) -> Manifest:
    (folder / "ailleurs").symlink_to("/etc")
    return manifest


def _a_part_elsewhere(folder: Path, manifest: Manifest) -> Manifest:
    (folder.parent / "part-0.parquet").write_bytes((folder / manifest.parts[0].file).read_bytes())
    return dataclasses.replace(manifest, parts=(dataclasses.replace(manifest.parts[0], file="../part-0.parquet"),))


def _rows_nobody_counted(folder: Path, manifest: Manifest) -> Manifest:
    return dataclasses.replace(manifest, rows=10**12)


def _another_version(folder: Path, manifest: Manifest) -> Manifest:
    return dataclasses.replace(manifest, version="../../autre")


def _no_part(folder: Path, manifest: Manifest) -> Manifest:
    parts: tuple[Part, ...] = ()
    return dataclasses.replace(manifest, parts=parts, rows=0)


@pytest.mark.parametrize(
    "tamper",
    [
        _another_original,
        _an_original_of_the_child,
        _another_part,
        _one_more_file,
        _a_link,
        _a_link_to_a_folder,
        _a_part_elsewhere,
        _rows_nobody_counted,
        _another_version,
        _no_part,
    ],
)
def test_a_version_that_is_not_as_told_is_refused(tmp_path, original, made, tamper):
    folder, manifest = made
    with pytest.raises(VersionIncomplete):
        adopt(folder, FolderStore(tmp_path), VERSIONS, tamper(folder, manifest), original=original, name=NAME)
    assert not (tmp_path / VERSIONS / "v1").exists()


def test_the_original_is_copied_from_another_disk(tmp_path, original, made, monkeypatch):
    def refuse(*_asked: object) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    folder, manifest = made
    adopt(folder, FolderStore(tmp_path), VERSIONS, manifest, original=original, name=NAME)
    copy = tmp_path / VERSIONS / "v1" / manifest.original.file
    assert copy.read_bytes() == original.read_bytes()
    assert not copy.samefile(original)


def test_a_version_that_exists_is_left_as_it_is(tmp_path, original, made):
    folder, manifest = made
    (tmp_path / VERSIONS / "v1" / "original").mkdir(parents=True)
    with pytest.raises(AlreadyWritten):
        adopt(folder, FolderStore(tmp_path), VERSIONS, manifest, original=original, name=NAME)
