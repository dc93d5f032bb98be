"""`test` and `check`: what developers and CI run. Gets what the tests need from the system's packages, never skips."""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PROGRAMS = {
    "chromium": ("chromium",),
    "soffice": ("libreoffice-writer-nogui", "libreoffice-calc-nogui"),
    "pdftoppm": ("poppler-utils",),
    "strace": ("strace",),
    "exiftool": ("libimage-exiftool-perl",),
}
#: Beside the program itself: what opens workbooks in it.
CALC = Path("/usr/lib/libreoffice/program/libsclo.so")
FONT = Path("/usr/share/fonts/opentype/noto")
#: Rules of the house that are written as tests and need no database: `check` proves them too.
RULES = (
    "tests/access/test_endpoints.py",
    "tests/architecture/test_house.py",
    "tests/docs",
    "tests/i18n/test_catalogue.py",
    "tests/lexicon/test_glossary.py",
)


def run(args: argparse.Namespace) -> int:
    """Runs the checks or the tests; 0 when all passed."""
    return check() if args.command == "check" else test(full=args.full)


def test(*, full: bool) -> int:
    """The whole suite on SQLite, then what touches the database on PostgreSQL. A full run that passes writes docs/figures.md."""
    if not _prepare():
        return 1
    figures = [sys.executable, "-m", "tests.figures"]
    marks = [] if full else ["-m", "not full"]
    # a worker takes a whole file, in the order of tests/conftest.py
    shared = ["-n", "2", "--dist", "loadgroup", "--no-loadscope-reorder"]
    suite = [sys.executable, "-m", "pytest", "-q", *shared, *marks, "tests"]
    if full:
        _call([*figures, "clear"])
    first = _call(suite)
    second = _call([sys.executable, "-m", "tests.postgres", *suite])  # tests.conftest leaves out what has no database
    if full and not (first or second):
        return _call([*figures, "fold"])
    return first or second


def check() -> int:
    """The house rules; each is run, all failures are shown."""
    sources = [name for name in ("src", "tests", "tools", "benchmarks") if (ROOT / name).is_dir()]
    steps = [
        ["ruff", "format", "--check", *sources],
        ["ruff", "check", *sources],
        ["mypy", "src"],
        ["lint-imports", "--no-cache"],
        [sys.executable, "tools/check_sizes.py"],
        [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"],
        [sys.executable, "-m", "pytest", "-q", *RULES],
    ]
    codes = [_call([_program(step[0]), *step[1:]]) for step in steps]
    return int(any(codes))


def _program(name: str) -> str:
    beside = Path(sys.executable).parent / name
    return str(beside) if beside.exists() else name


def _call(command: list[str]) -> int:
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "DJANGO_SETTINGS_MODULE": "jiandu.project.settings"}
    sys.stdout.write(f"$ {' '.join(Path(part).name if part.startswith('/') else part for part in command)}\n")
    sys.stdout.flush()
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def _prepare() -> bool:
    """PostgreSQL, Chromium, LibreOffice, poppler, strace, exiftool and a Chinese font: installed where we may, named where we may not."""
    wanted = [package for program, packages in PROGRAMS.items() if not shutil.which(program) for package in packages]
    wanted += [] if list(Path("/usr/lib/postgresql").glob("*/bin/initdb")) else ["postgresql"]
    wanted += ["libreoffice-calc-nogui"] if CALC.parent.is_dir() and not CALC.is_file() else []
    wanted += [] if FONT.is_dir() else ["fonts-noto-cjk"]
    if not wanted:
        return True
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-q"], env=quiet, check=False)
        done = subprocess.run(
            ["apt-get", "install", "-y", "-q", "--no-install-recommends", *wanted], env=quiet, check=False
        )
        if done.returncode == 0:
            return True
    sys.stderr.write(
        f"测试需要这些系统组件,请先安装 · the tests need these system packages, install them first:\n"
        f"  apt-get install {' '.join(wanted)}\n"
    )
    return False
