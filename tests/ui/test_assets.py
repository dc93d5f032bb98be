"""tools/assets.py: quick when nothing changed, whole or not at all when building, clear when it cannot."""

import importlib.util
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def assets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module, its kit in a temporary folder."""
    spec = importlib.util.spec_from_file_location("assets", ROOT / "tools/assets.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "KIT", str(tmp_path / "kit"))
    return module


def _packages(folder: Path, icons: list[str]) -> None:
    """A node_modules of our own making, as far as the kit reads it."""
    for name in ("@tabler/core", "@popperjs/core", "@tabler/icons"):
        package = folder / "node_modules" / name
        package.mkdir(parents=True)
        (package / "package.json").write_text('{"version": "1.0.0", "license": "MIT"}', encoding="utf-8")
        (package / "LICENSE").write_text(f"licence of {name}", encoding="utf-8")
    core, shapes = folder / "node_modules/@tabler/core/dist", folder / "node_modules/@tabler/icons/icons/outline"
    for kind, end in (("css", "/*# sourceMappingURL=x.map */"), ("js", "//# sourceMappingURL=x.map")):
        (core / kind).mkdir(parents=True)
        (core / kind / f"tabler.min.{kind}").write_text(f"a{{}}\n{end}\n", encoding="utf-8")
    shapes.mkdir(parents=True)
    frame = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'
    for icon in icons:
        (shapes / f"{icon}.svg").write_text(
            f'<svg\n width="24">\n {frame}\n <path d="M1 1" />\n</svg>', encoding="utf-8"
        )


@pytest.fixture
def npm(assets: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """An npm that fetches our packages; gives the commands it was asked for."""
    asked: list[list[str]] = []

    def run(command: list[str], cwd: str) -> None:
        asked.append(command)
        _packages(Path(cwd), assets.icon_names())

    monkeypatch.setattr(assets, "run", run)
    return asked


def test_build_leaves_a_whole_kit(assets: ModuleType, npm: list[list[str]]) -> None:
    assert assets.main() == 0
    kit = {path.name: path.read_bytes() for path in Path(assets.KIT).iterdir()}
    assert (kit["tabler.min.css"], kit["tabler.min.js"], kit[".stamp"].decode()) == (b"a{}\n", b"a{}\n", assets.stamp())
    assert kit["NOTICE.txt"].count(b"licence of") == 3
    assert {name for name in kit if name.endswith(".gz")} == {"tabler.min.css.gz", "tabler.min.js.gz", "icons.svg.gz"}
    assert npm[0][1:3] == ["ci", "--ignore-scripts"]


def test_second_start_builds_nothing(assets: ModuleType, npm: list[list[str]]) -> None:
    assert [assets.main(), assets.main(), len(npm)] == [0, 0, 1]


def test_changed_source_builds_again(
    assets: ModuleType, npm: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assets.main()
    (tmp_path / "more").write_text("x", encoding="utf-8")
    monkeypatch.setattr(assets, "SOURCES", (*assets.SOURCES, str(tmp_path / "more")))
    assert [assets.main(), len(npm)] == [0, 2]


def test_sprite_has_one_symbol_an_icon(assets: ModuleType, tmp_path: Path) -> None:
    _packages(tmp_path, ["a", "b-c"])
    drawn = assets.sprite(["a", "b-c"], str(tmp_path / "node_modules/@tabler/icons/icons/outline"))
    shape = 'viewBox="0 0 24 24"><path d="M1 1" /></symbol>'
    symbols = f'<symbol id="a" {shape}<symbol id="b-c" {shape}'
    assert drawn == f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>\n'


def test_sprite_refuses_an_unknown_icon(assets: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no-such-icon"):
        assets.sprite(["no-such-icon"], str(tmp_path))


@pytest.mark.parametrize(("old_kit", "code"), [(False, 1), (True, 0)])
def test_failure_says_so_in_both_languages(
    assets: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], old_kit: bool, code: int
) -> None:
    def fail(command: list[str], cwd: str) -> None:
        raise OSError("npm error code ENOTFOUND")

    monkeypatch.setattr(assets, "run", fail)
    if old_kit:
        Path(assets.KIT).mkdir()
        Path(assets.KIT, ".stamp").write_text("old", encoding="ascii")
    assert assets.main() == code
    said = capsys.readouterr().err
    assert ["ENOTFOUND" in said, "界面组件" in said, "front-end kit could not" in said] == [True] * 3


def test_without_npm_one_is_borrowed(
    assets: ModuleType, npm: list[list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", "")
    command = assets.npm_command(str(tmp_path))
    assert command[1].endswith("npm-cli.js")
    assert "--require-hashes" in npm[0]


def test_lock_names_no_addresses() -> None:
    assert "http" not in (ROOT / "package-lock.json").read_text(encoding="utf-8")


def test_check_is_quick_when_current() -> None:
    command = [sys.executable, str(ROOT / "tools/assets.py")]
    subprocess.run(command, check=True)
    taken = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run(command, check=True)
        taken.append(time.perf_counter() - start)
    assert min(taken) < 0.15  # 20 ms on a quiet machine; a fetch takes seconds
