"""The wheel and the source archive: what a user gets is whole, and works in a folder without the source."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    return Path(next(WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])))


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_every_file_of_the_package_is_in_it_and_nothing_else(wheel):
    packed = {name for name in names(wheel) if not name.partition("/")[0].endswith(".dist-info")}
    source = {
        str(path.relative_to(ROOT / "src"))
        for path in (ROOT / "src").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.endswith(".pyc")
    }
    assert packed == source
    assert {"negassoc/py.typed", "negassoc/data/facts.toml", "negassoc/data/guards.toml"} <= packed


def test_its_metadata(wheel):
    with zipfile.ZipFile(wheel) as archive:
        folder = next(name.partition("/")[0] for name in archive.namelist() if ".dist-info/" in name)
        metadata = HeaderParser().parsestr(archive.read(f"{folder}/METADATA").decode())
        scripts = archive.read(f"{folder}/entry_points.txt").decode()
        assert any(name.startswith(f"{folder}/licenses/") for name in archive.namelist())
    assert metadata["License-Expression"] == "MIT"
    assert metadata["Requires-Python"] == ">=3.11"
    assert "negassoc = negassoc.__main__:main" in scripts
    needed = {str(line).partition(">")[0] for line in metadata.get_all("Requires-Dist", []) if "extra ==" not in str(line)}
    assert needed == {"ahocorasick-rs", "attrs", "cattrs", "httpx", "jieba", "tenacity"}


def test_it_works_from_the_archive_alone(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    code = "import negassoc, pathlib; print(negassoc.__file__); print(negassoc.Pack.default().get('GR-01').id)"
    alone = {"PYTHONPATH": str(tmp_path / "site")}
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=tmp_path, env=alone, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [str(tmp_path / "site/negassoc/__init__.py"), "GR-01"]


def test_the_source_archive_has_the_tests_and_the_examples(tmp_path):
    import tarfile

    archive = next(SdistBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"]))
    with tarfile.open(archive) as packed:
        files = {name.partition("/")[2] for name in packed.getnames()}
    assert {"README.md", "LICENSE", "tests/test_wheel.py", "examples/quickstart/brand.toml", "src/negassoc/__init__.py"} <= files
