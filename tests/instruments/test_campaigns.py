"""Figures of 专项整治: only the field's campaigns, only the three legal kinds, only what was signed and delivered in the year."""

from datetime import date

import pytest
from tests.instruments.net import END, leader, rule_of, served, sheet, signed, value
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import today
from jiandu.base.lexicon.models import Item
from jiandu.base.lexicon.services import load_defaults
from jiandu.loop.instruments.models import Instrument
from jiandu.loop.instruments.services import drafting
from jiandu.loop.outcomes.services import NewRule, record_rule
from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.analysis.selectors import rows_of, shares
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.services.planning import NewActivity, open_activity

Kind = Instrument.Kind


@pytest.fixture
def fields(world: World) -> dict[str, Item]:
    with as_(SYSTEM) as by:
        load_defaults(by=by)
        return {item.code: item for item in Item.objects.filter(kind="field")}


def campaign(world: World, item: Item | None, kind: str = "campaign") -> Activity:
    number = world.number()
    new = NewActivity(
        kind=kind,
        year=2022,
        code=f"ZX{number}",
        name=f"专项{number}",
        lead=world.offices["第一监督检查室"],
        approved_on=date(2022, 1, 4),
        field=item,
    )
    with as_(SYSTEM) as by:
        return open_activity(new=new, by=by)


def test_only_proposals_of_the_field_signed_and_delivered_in_the_year_count(
    world: World, fields: dict[str, Item]
) -> None:
    grain, tenders = campaign(world, fields["grain"]), campaign(world, fields["tenders"])
    for kind in Instrument.PROPOSALS:
        served(world, kind, activity=grain)
    assert value("grain_proposals") == 3
    for kind in set(Instrument.LETTERS) - set(Instrument.PROPOSALS):
        served(world, kind, activity=grain)
    leader(world, "王副市长", "市教育局")
    served(world, Kind.COPY_REPORT, activity=grain)
    served(world, Kind.JOINT, activity=tenders)
    served(world, Kind.JOINT, activity=campaign(world, None))
    served(world, Kind.JOINT)
    signed(world, Kind.JOINT, activity=grain)
    sheet(world, Kind.JOINT, activity=grain)
    served(world, Kind.JOINT, activity=grain, on=date(2023, 1, 5))
    assert value("grain_proposals") == 3
    served(world, Kind.JOINT, activity=campaign(world, fields["grain"]))  # a second campaign of the field
    assert value("grain_proposals") == 4
    assert value("grain_proposals", Ask(2022, date(2022, 5, 8))) == 0
    assert value("grain_proposals", Ask(2023, date(2023, 12, 31))) == 1
    with as_(SYSTEM) as by:
        parts = {part.of: part.value for part in shares(by, "grain_proposals", END, by="kind")}
    assert parts == {"joint": 2, "discipline": 1, "supervision": 1}


def test_a_withdrawn_proposal_counts_no_more_but_did_then(world: World, fields: dict[str, Item]) -> None:
    one = served(world, Kind.JOINT, activity=campaign(world, fields["grain"]))
    with as_(world.viewer("书记")) as by:
        drafting.withdraw(instrument=one, by=by, reason="收回")
    assert (value("grain_proposals"), value("grain_proposals", Ask(2022, today()))) == (1, 0)


def test_rules_count_once_when_issued_in_the_year(world: World, fields: dict[str, Item]) -> None:
    grain = campaign(world, fields["grain"])
    first, second = (world.finding(activity=grain) for _ in range(2))
    elsewhere = world.finding(activity=campaign(world, fields["tenders"]))
    issued = {"储备粮轮换办法": date(2022, 9, 1), "粮库出入库规程": date(2022, 12, 5), "次年办法": date(2023, 1, 9)}
    with as_(world.viewer("干部甲")) as by:
        for title, on in issued.items():
            record_rule(finding=first, by=by, new=NewRule(title, "市粮食局", on))
        record_rule(finding=second, by=by, new=NewRule("储备粮轮换办法", "市粮食局", date(2022, 9, 1)))
        record_rule(finding=elsewhere, by=by, new=NewRule("招标办法", "市住建局", date(2022, 9, 1)))
        opened = [str(rule) for rule in rows_of(by, "grain_rules_made", END)]
    assert opened == ["《储备粮轮换办法》", "《粮库出入库规程》"]
    assert value("grain_rules_made", Ask(2022, date(2022, 11, 30))) == 1
    assert value("grain_rules_made", Ask(2022, date(2023, 3, 31))) == 2
    assert value("project_rules_made") == 0


def test_a_field_is_of_campaigns_alone(world: World, fields: dict[str, Item]) -> None:
    assert rule_of(lambda: campaign(world, fields["grain"], "project")) == "field-of-campaign"


def test_another_office_counts_its_own(world: World, fields: dict[str, Item]) -> None:
    served(world, Kind.JOINT, activity=campaign(world, fields["grain"]))
    with as_(world.viewer("干部乙")) as by:
        assert list(rows_of(by, "grain_proposals", END)) == []
    with as_(world.viewer("书记")) as by:
        assert len(rows_of(by, "grain_proposals", END)) == 1
