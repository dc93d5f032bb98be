"""The golden scenario: the annual review of the reference year, from records alone. The records hold what must not count, too."""

import csv
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.stories.oracle import Oracle
from tests.world import SYSTEM, as_, settle_figures

from jiandu.base.core.guard import Viewer
from jiandu.demo.net import Net, build_net
from jiandu.demo.reference.year import build_year
from jiandu.results.analysis.measures.registry import Ask, all_measures, count_together, find
from jiandu.results.analysis.selectors import rows_of
from jiandu.results.proofing.proving import prove
from jiandu.results.proofing.verdicts import Verdict
from jiandu.results.reports.drafting import draft
from jiandu.results.reports.services import draft_review, edit_section, freeze

FIGURES = Path(__file__).with_name("figures_2022.csv")
NOVEMBER, YEAR_END, MARCH = date(2022, 11, 30), date(2022, 12, 31), date(2023, 3, 31)


def expected() -> dict[str, tuple[int, int, date]]:
    """key → (least, most, as-of date) of the published figures."""
    with FIGURES.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    found = {}
    for row in rows:
        least, _dots, most = row["value"].partition("..")
        found[row["key"]] = (int(least), int(most or least), date.fromisoformat(row["as_of"]))
    return found


@pytest.fixture
def year(db: Any) -> Net:
    with as_(SYSTEM) as by:
        net = build_net(by)
        build_year(net, by)
    return net


def told(day: date) -> dict[str, Any]:
    """The published figures as the measures say them on a day."""
    said = count_together([find(key) for key in expected()], Ask(2022, day))
    return {key: one.value for key, one in said.items()}


def differing(one: dict[str, Any], other: dict[str, Any]) -> set[str]:
    return {key for key in expected() if one[key] != other[key]}


@pytest.mark.once(full_on_both=True)
def test_the_reference_year(year: Net) -> None:
    """One test, because the year takes long to build."""
    with as_(SYSTEM) as by:
        the_review_prints_the_published_figures_and_each_opens_its_rows(by)
        as_of_other_days_the_figures_are_others_and_correct()
        a_draft_as_it_was_drafted_is_right(by)
    contact_points_alone_are_published(year)
    with as_(SYSTEM) as by:
        six_errors_put_into_a_draft_are_found_and_nothing_else(by)


def the_review_prints_the_published_figures_and_each_opens_its_rows(by: Viewer) -> None:
    wanted = expected()
    values = {day: told(day) for _, _, day in wanted.values()}
    for key, (least, most, day) in wanted.items():
        one = all_measures()[key]
        assert least <= values[day][key] <= most, key
        assert one.total or least <= rows_of(by, key, Ask(2022, day)).count() <= most, key


def as_of_other_days_the_figures_are_others_and_correct() -> None:
    """All of them, against whole tables counted in Python."""
    values = {day: told(day) for day in (NOVEMBER, YEAR_END, MARCH)}
    for day, said in values.items():
        assert said == Oracle(day).figures(), day
    assert differing(values[NOVEMBER], values[YEAR_END]) == {
        *("linked_units_visited", "project_findings", "project_findings_rectified", "project_rules_made"),
        *("portrait_reports", "proactive_talks", "contact_problems", "contact_problems_resolved"),
        *("contact_rules_made", "contact_suggestions_adopted", "topic_problems_resolved", "grain_proposals"),
        *("grain_rules_made", "grassroots_findings_rectified", "grassroots_money_recovered"),
    }
    assert differing(values[MARCH], values[YEAR_END]) == {
        *("linked_findings", "project_findings_rectified", "project_rules_made"),
        *("contact_problems_resolved", "contact_rules_made", "estates_disclosing"),
    }


#: Paragraphs such as officers add, with numbers that count nothing, that the system does not count, or that follow.
ADDED = """根据《中国共产党纪律检查委员会工作条例》第三十四条和厦纪〔2022〕15号文要求，全市各级纪检监察机构坚持“两个维护”，一体推进不敢腐、不能腐、不想腐，\
紧盯重点领域和关键环节，推动监督下沉、监督落地、监督于问题未发之时。一是压实主体责任，二是突出政治监督，三是做实日常监督，四是深化专项监督，五是夯实基层监督。
（一）总体情况
去年以来，共立项{projects}个政治监督项目。项目监督共发现问题{project_findings}个，已督促整改{project_findings_rectified}个，整改率{rate}%。全年组织专题培训班12期，\
同比增加3期，编印案例汇编2000余册，接待来访群众约300人次，12345热线转办件同比下降8.5%。
1. 督促主管部门自查。三类单位分别上报自查表120份、96份、40份，共计256份，均按时限在15个工作日内办结。
2. 2021年以来持续跟踪。近三年，全市上下围绕中心、服务大局，坚持问题导向、目标导向、结果导向相统一，把监督融入区域治理、部门治理、行业治理、基层治理、单位治理之中，\
健全发现问题、纠正偏差、精准问责的有效机制，推动各类监督贯通协调、同向发力，做到常态长效、久久为功。下半年，将继续推动主管部门举一反三、建章立制，\
完善内控机制，堵塞制度漏洞，强化以案促改、以案促治，并于2023年3月31日前报送整改落实情况，联系电话0592-1234567。
3. 存在的主要问题。个别单位对“三重一大”决策制度执行不严，有的同志存在“过关”心态，整改停留在纸面上；有的基层党组织落实主体责任层层递减，“上热中温下冷”现象仍未根本扭转；\
监督手段还不够丰富，运用大数据开展监督的能力有待提升。第十二届市纪委第二次全会提出的五项重点任务中，第三项、第四项推进不平衡，原定9时30分召开的调度会两次延期。
（二）下一步打算
坚持“1+N”工作机制，按照《关于加强新时代基层监督工作的十条措施》要求，做到“四个到位”：思想认识到位、责任落实到位、督促检查到位、作风保障到位。每季度至少开展2次专题调度，\
每半年向市委报告1次，力争用三至五年时间，使监督体系更加完善、监督合力更加显著、群众获得感更加充实。2023年1月至3月为集中部署阶段，4月至10月为组织实施阶段，11月至12月为总结提升阶段；\
对整改不力、敷衍塞责的，依照《中华人民共和国监察法》第四十五条第一款第（五）项提出监察建议，构成违纪的依规依纪严肃处理，切实维护党纪国法的权威性和严肃性。"""


def paragraphs_of(by: Viewer) -> list[str]:
    """The review of the year as an officer has it, with more around it."""
    drafted = draft(by, year=2022, as_of=YEAR_END)
    text = [drafted.title]
    for section in drafted.sections:
        text += [section.part] if section.part else []
        text += [section.title, *("".join(run.text for run in runs) for runs in section.sentences)]
    values = {key: figure.value for key, figure in drafted.figures.items()}
    rate = next(one.percent for one in drafted.ratios if one.rate.key == "project_rectification_rate")
    return [*text, "项目化监督", *ADDED.format(rate=rate, **values).splitlines()]


def a_draft_as_it_was_drafted_is_right(by: Viewer) -> None:
    proved = prove(by, paragraphs_of(by), Ask(2022, YEAR_END))
    assert [(one.number.text, one.words) for one in proved.wrong] == []
    assert sum(one.verdict == Verdict.AGREES for one in proved.proofs) > 60


def six_errors_put_into_a_draft_are_found_and_nothing_else(by: Viewer) -> None:
    text = "\n".join(paragraphs_of(by))
    value = told(YEAR_END)
    visited, november = find("linked_visits").value(Ask(2022, YEAR_END)), told(NOVEMBER)
    errors = {
        f"推动完善制度{value['project_rules_made']}项": (f"{value['project_rules_made'] - 2}项", Verdict.DIFFERS),
        f"企业{value['linked_units_visited']}家": (f"{visited}家", Verdict.OTHER_BASIS),  # it is 家次
        f"，项目监督共发现问题{value['project_findings']}个": (
            f"{november['project_findings']}个",
            Verdict.OTHER_BASIS,
        ),
        f"纳入监督参考{value['contact_suggestions_adopted']}条": ("47条", Verdict.OTHER_TEXT),
        "共计256份": ("共计265份", Verdict.SUM),
        "整改率96.1%": ("94.1%", Verdict.SUM),
    }
    for said, (wrong, _) in errors.items():
        assert text.count(said) == 1, said
        text = text.replace(said, re.sub(r"(?:共计)?[\d.]+\D$", wrong, said))
    proved = prove(by, text.split("\n"), Ask(2022, YEAR_END))
    assert (len(text) >= 2000, len(proved.proofs) >= 40) == (True, True)
    assert sorted((one.number.text, one.verdict) for one in proved.wrong) == sorted(
        (wrong.removeprefix("共计"), verdict) for wrong, verdict in errors.values()
    )


def contact_points_alone_are_published(net: Net) -> None:
    """A frozen review of the year in which only one section prints figures."""
    with as_(SYSTEM) as by:
        review = draft_review(year=2022, as_of=YEAR_END, by=by)
        for section in list(review.sections.all()):
            if section.title != "营商环境监督联系点":
                edit_section(section=section, by=by, title=section.title, text="略。")
    review = settle_figures(review)
    with as_(net.viewer("leader")) as by:
        freeze(review=review, by=by)


def test_every_published_figure_is_a_measure() -> None:
    assert set(expected()) - set(all_measures()) == set()
