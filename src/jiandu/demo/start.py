"""`./jiandu demo`: a fictional installation on loopback, built once through services, then served."""

import argparse
import os
import sys
import zlib
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from jiandu.demo.net import build
from jiandu.surfaces.console.output import say
from jiandu.surfaces.console.serving import check_port, supervise, web_command

STAMP = "demo-ready"


def demo(args: argparse.Namespace) -> int:
    """Prepares the demo data when it is not there, then serves web, worker and tick until interrupted."""
    if not args.prepare:
        check_port("127.0.0.1", args.port)
    stamp = Path(settings.DATA) / STAMP
    if not stamp.exists():
        prepare(stamp)
    elif stamp.read_text() != schema():
        say("程序已更新,正在更新演示数据 · the program is newer, bringing the demo data up to date")
        migrate(stamp)
    if args.prepare:
        say(f"演示数据已就绪 · demo data ready: {settings.DATA}")
        return 0
    say(f"监督网演示 · demo: http://127.0.0.1:{args.port}/  (Ctrl+C 结束 · to stop)")
    work = [sys.executable, "-m", "jiandu", "work"]
    os.environ["JIANDU_DATA"] = str(settings.DATA)
    return supervise({"web": web_command("127.0.0.1", args.port), "work": work})


def prepare(stamp: Path) -> None:
    """Tables, dictionaries, divisions, then the fictional net."""
    say("正在建立演示数据 · building the demo data")
    call_command("migrate", verbosity=0, interactive=False)
    build()
    stamp.write_text(schema())


def migrate(stamp: Path) -> None:
    """Brings the tables to the program's schema."""
    call_command("migrate", verbosity=0, interactive=False)
    stamp.write_text(schema())


def schema() -> str:
    """A checksum of the names of all migrations: read from the disk, because asking the database takes a second."""
    package = Path(__file__).parents[1]
    names = sorted(str(path.relative_to(package)) for path in package.glob("**/migrations/[0-9]*.py"))
    return f"{zlib.crc32(chr(10).join(names).encode()):08x}"
