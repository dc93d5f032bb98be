"""A small data set of two villages, with a person in it whose name no output may say, and a run over it."""

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from tests.world import World, as_

from jiandu.base.jobs import services as jobs
from jiandu.base.jobs.models import Job
from jiandu.sources.crosscheck import tables
from jiandu.sources.crosscheck.jobs import WORK
from jiandu.sources.crosscheck.models import Alert, RuleRun
from jiandu.sources.crosscheck.planting import person
from jiandu.sources.crosscheck.services.runs import ask_run

OFFICE, UNIT = "第一监督检查室", "西滨社区"
NAME, NUMBER = "司马长庚", person(4321)
DAY = date(2022, 3, 31)
Rows = dict[str, list[dict[str, Any]]]


def rows(*, occupied: int = 1, name: str = NAME) -> Rows:
    """Workshops of a village that others hold without a contract, one that runs well, a contract that is over."""
    held = [
        _asset(f"XB-{number + 1:03d}", status="他人占用", user_name=name, user_id=NUMBER) for number in range(occupied)
    ]
    contract = {
        "contract_id": "HT-9",
        "village": UNIT,
        "asset_id": "XB-900",
        "lessee": name,
        "lessee_id": NUMBER,
        "lessee_kind": "个人",
        "start_on": date(2020, 1, 1),
        "end_on": date(2021, 12, 31),
        "status": "履行中",
        "is_lump_sum": False,
        "mode": "公开",
        "rent_fen": 2_400_000,
    }
    return {"asset": [*held, _asset("XB-900", status="出租")], "contract": [contract]}


def _asset(key: str, **more: Any) -> dict[str, Any]:
    said = {"asset_id": key, "village": UNIT, "town": "杏滨街道", "name": "厂房", "kind": "经营性", "area_mu": 1.5}
    return {**said, "since": date(2021, 6, 1), **more}


def unsure(lessee: str = NAME, number: str | None = None, *, namesakes: int = 1) -> Rows:
    """A contract without its lessee's number, its village's people: a cadre of that name, and namesakes of his."""
    [contract] = rows()["contract"]
    contract |= {"lessee": lessee, "lessee_id": number, "signed_on": date(2020, 1, 1), "owner_kind": "集体"}
    people = [
        {
            "id_no": person(5000 + n),
            "name": "陈林黄张李"[n % 5] + "文明国平安"[n % 4] + "山水生财福"[n % 3],
            "hukou": f"{n % 7}村",
        }
        for n in range(40)
    ]
    people += [{"id_no": NUMBER, "name": NAME, "hukou": UNIT, "birth": date(1970, 1, 1)}]
    people += [
        {"id_no": person(6000 + n), "name": NAME, "hukou": UNIT, "birth": date(1990, 1, 1)} for n in range(namesakes)
    ]
    cadre = {"id_no": NUMBER, "village": UNIT, "post": "村主任", "start_on": date(2019, 1, 1), "is_party": True}
    empty: Rows = {"kin": [], "company": [], "shareholder": []}
    return {"contract": [contract], "cadre": [cadre], "person": people, **empty}


def write(name: str = "三资台账", found: Rows | None = None, on: date = DAY) -> Path:
    """The tables as canonical Parquet in the folder of the installation."""
    folder = Path(settings.CROSSCHECK) / name
    folder.mkdir(parents=True, exist_ok=True)
    for table, said in (rows() if found is None else found).items():
        schema = ibis.schema(tables.named(table).schema).to_pyarrow()
        pq.write_table(pa.Table.from_pylist(said, schema=schema), folder / f"{table}.parquet")
    (folder / "dataset.json").write_text(json.dumps({"as_of": on.isoformat()}))
    return folder


def asked(world: World, who: str = "干部甲", *, rules: Iterable[str] = ("SZ-01", "SZ-10"), **more: Any) -> Job:
    with as_(world.viewer(who)) as by:
        return ask_run(office=world.offices[OFFICE], by=by, rules=rules, **{"dataset": "三资台账"} | more)


def ran(world: World, who: str = "干部甲", **more: Any) -> RuleRun:
    """A run that was asked for and done."""
    job = asked(world, who, **more)
    with as_(world.viewer(who)) as by:
        assert jobs.perform(job, by, WORK), job.reason
        return RuleRun.objects.get(uid=job.said["run"])


def alerts(world: World, who: str = "干部甲", **same: Any) -> list[Alert]:
    with as_(world.viewer(who)):
        return list(Alert.objects.filter(**same).order_by("code"))
