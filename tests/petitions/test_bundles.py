"""Two installations and a file between them: nothing is lost, nothing comes twice, nothing altered or of strangers is taken."""

import json
import random
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from tests.figures import note
from tests.ground import EMPTY, installation
from tests.installation import ROOT, Installation

pytestmark = [pytest.mark.once, pytest.mark.full]  # some fifteen processes

SETTINGS = {"DJANGO_SETTINGS_MODULE": "jiandu.project.settings"}
SETUP = """
import json, os, sys, django; django.setup()
from uuid import UUID
from tests.intake.reports import *
from tests.intake.reports import file as filed
from jiandu.base.intake.models import *
from jiandu.base.intake.selectors import read_dialogue
from jiandu.base.intake.services.filing import add_message, answer
from jiandu.base.sealing.receipts import read_receipt
from dataclasses import replace
"""
FILE = """
own, superior = replace(Desk(), office=UUID(sys.argv[1])), Desk(Side.SUPERIOR, "上级")
publish_keys(keys=[own.keys(), superior.keys()])
first = filed(own, files=[sealed("a.pdf", b"x" * 70_000)], sender={"name": "林一鸣"})
add_message(receipt=first, text="补充", ticket=matured("message"))
filed(own); filed(own, is_own=True)
print(first.text)
"""
INSIDE = """
from tests.world import SYSTEM, World, as_
from jiandu.net.overseers.models import Office
world = World()
world.office("市信访室", "department", "")
print(world.offices["市信访室"].uid)
"""
COUNTS = """
from jiandu.base.core import guard
from jiandu.sources.petitions.models import Petition, SuperiorReceipt
with guard.acting(guard.system("test")):
    print(json.dumps([Report.objects.count(), Report.objects.filter(state="waiting").count(), Message.objects.count(),
        Attachment.objects.count(), Petition.objects.count(), SuperiorReceipt.objects.count()]))
"""
REPLY = """
report = Report.objects.get(attachments__isnull=False)
answer(report=report, text="请说明日期")
"""
TELL = """
from datetime import date
from uuid import uuid4
from jiandu.base.published.services import NewNotice, put_up
for number in range(2):
    put_up(new=NewNotice(uuid4(), "cases", f"第{number + 1}份通报", "正文", "市纪委监委", date(2022, 3, 1)))
"""
NOTICES = """
from jiandu.base.published.models import Notice
print(json.dumps(list(Notice.objects.order_by("number").values_list("title", flat=True))))
"""
READ = "print(json.dumps([word.text for word in read_dialogue(read_receipt(sys.argv[1])).words], ensure_ascii=False))"


def does(site: Installation, code: str, *words: str) -> str:
    path = site.folder / "step.py"
    path.write_text(SETUP + code, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(path), *words],
        env={**site.environment(), **SETTINGS},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


@contextmanager
def two(tmp_path: Path) -> Iterator[tuple[Installation, Installation]]:
    for name in ("outside", "inside"):
        (tmp_path / name).mkdir()
    with installation(tmp_path / "outside", EMPTY), installation(tmp_path / "inside", EMPTY):
        yield (
            Installation(tmp_path / "outside", extra={"JIANDU_SURFACES": "public"}),
            Installation(tmp_path / "inside", extra={"JIANDU_SURFACES": "staff"}),
        )


def counts(site: Installation) -> list[int]:
    return list(json.loads(does(site, COUNTS)))


def asked(site: Installation, *words: str, check: bool = True) -> dict[str, Any]:
    done = site.run("jiandu", "bundle", *words, "--json", check=check)
    return dict(json.loads(done.stdout))


def altered(bundle: Path, name: str, change: Any) -> Path:
    made = bundle.with_name(f"{uuid4().hex}.zip")
    with zipfile.ZipFile(bundle) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.namelist():
            content = old.read(entry)
            new.writestr(entry, change(content) if entry.startswith(name) else content)
    return made


def test_reports_go_in_and_answers_come_out(tmp_path: Path) -> None:
    with two(tmp_path) as (outside, inside):
        receipt = does(outside, FILE, does(inside, INSIDE))
        file, back = tmp_path / "in.zip", tmp_path / "out.zip"
        signer = asked(outside, "export", str(file))["signer"]
        refused = inside.run("jiandu", "bundle", "import", str(file), "--json", check=False)
        assert (refused.returncode, "unknown-signer" in refused.stdout + refused.stderr) == (2, True)
        for name, change in (
            ("manifest", lambda content: content.replace(b"own", b"owm", 1)),
            ("signature", lambda content: content[:-1] + bytes([content[-1] ^ 1])),
            ("files/", lambda content: content[:-1] + bytes([content[-1] ^ 1])),
        ):
            wrong = str(altered(file, name, change))
            refused = inside.run("jiandu", "bundle", "import", wrong, "--trust", signer, "--json", check=False)
            assert (refused.returncode, "bundle-damaged" in refused.stdout + refused.stderr) == (2, True), name
        assert counts(inside) == [0, 0, 0, 0, 0, 0]
        first = asked(inside, "import", str(file))
        assert (first["new"], first["taken_in"]) == (4, 3)
        assert counts(inside) == [3, 1, 1, 1, 2, 1], "the superior's waits and is counted"
        again = asked(inside, "import", str(file))
        assert (again["new"], again["taken_in"], counts(inside)) == (0, 0, [3, 1, 1, 1, 2, 1])
        assert counts(outside) == [3, 3, 1, 1, 0, 0], "nothing goes before it is known to have come"
        does(inside, REPLY)
        key = asked(inside, "export", str(back))["signer"]
        assert asked(outside, "import", str(back), "--trust", key)["new"] == 1
        assert asked(outside, "import", str(back))["new"] == 0
        assert counts(outside) == [3, 0, 2, 0, 0, 0]
        assert not [path for path in (outside.folder / "intake").rglob("*") if path.is_file()]
        assert json.loads(does(outside, READ, receipt)) == ["", "请说明日期"]
        assert asked(outside, "export", str(file))["count"] == 0
        assert asked(inside, "export", str(tmp_path / "up.zip"), "--up")["count"] == 1


def struck(site: Installation, seconds: float, chance: random.Random, *words: str) -> bool:
    """An import that is killed somewhere within so many seconds; whether it was still at work."""
    command = [sys.executable, "-m", "jiandu", "bundle", "import", *words]
    running = subprocess.Popen(
        command, cwd=ROOT, env=site.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(chance.uniform(0.4, 1.05) * seconds)
    was_at_work = running.poll() is None
    running.kill()
    running.wait()
    return was_at_work


def test_an_import_killed_at_any_moment_is_ended_by_the_next(tmp_path: Path) -> None:
    """kill -9, twenty times on each side: what a whole one gives is there, once. The control: most were struck at work."""
    chance = random.Random(20260101)
    with two(tmp_path) as (outside, inside):
        receipt = does(outside, FILE, does(inside, INSIDE))
        file, back = tmp_path / "in.zip", tmp_path / "out.zip"
        begun = time.monotonic()
        signer = asked(outside, "export", str(file))["signer"]
        long = time.monotonic() - begun
        killed = sum(struck(inside, long, chance, str(file), "--trust", signer) for _ in range(20))
        asked(inside, "import", str(file), "--trust", signer)
        assert counts(inside) == [3, 1, 1, 1, 2, 1]
        does(inside, REPLY)
        does(inside, TELL)
        key = asked(inside, "export", str(back))["signer"]
        killed += sum(struck(outside, long, chance, str(back), "--trust", key) for _ in range(20))
        asked(outside, "import", str(back), "--trust", key)
        assert counts(outside) == [3, 0, 2, 0, 0, 0]
        assert not [path for path in (outside.folder / "intake").rglob("*") if path.is_file()]
        assert json.loads(does(outside, READ, receipt)) == ["", "请说明日期"]
        assert json.loads(does(outside, NOTICES)) == ["第1份通报", "第2份通报"]
    assert killed >= 10
    note(
        "sealing",
        "bundles: kill -9 in mid-import, reports or answers lost or doubled",
        0,
        "items",
        note=f"{killed} kills",
    )
