"""Verdicts on the numbers of a draft, against figures made for the purpose."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import pytest

from jiandu.base.core import guard
from jiandu.results.analysis.measures.registry import Ask, all_measures, find
from jiandu.results.analysis.selectors import Figure, Share
from jiandu.results.proofing.proving import Draft, prove_with
from jiandu.results.proofing.records import Records
from jiandu.results.proofing.rendering import as_dict, as_lines
from jiandu.results.proofing.verdicts import Published, Verdict
from jiandu.results.reports.drafting import Written

YEAR, NOVEMBER = Ask(2022, date(2022, 12, 31)), Ask(2022, date(2022, 11, 30))
VALUES = {
    "linked_units_visited": 109,
    "linked_visits": 113,
    "projects": 56,
    "project_findings": 256,
    "project_findings_rectified": 246,
    "project_money_recovered": 449_550,
    "contact_problems": 253,
    "contact_reflections": 259,
    "rules_made": 231,
    "project_rules_made": 163,
    "topic_rules_made": 5,
    "grain_rules_made": 48,
}


@dataclass
class Made(Records):
    """Figures as given, each zero as not; one less by the end of November."""

    shared: list[Share] = field(default_factory=list)

    def prepare(self, wanted: Iterable[tuple[str, Ask]]) -> None:
        for key, ask in wanted:
            value = VALUES.get(key, 0) - (1 if ask == NOVEMBER else 0)
            value = value if ask in (YEAR, NOVEMBER) else 0
            self.known[key, ask] = Figure(find(key), value, rows=value, as_of=ask.as_of)

    def read_published(self) -> list[Written]:
        return []

    def share(self, key: str, ask: Ask, text: str, named: str) -> Share | None:
        return next((one for one in self.shared if one.name in text), None)


def proved(text: str, records: Made | None = None) -> Draft:
    return prove_with(records or Made(guard.system("test")), text.split("\n"), YEAR)


def verdicts(text: str, records: Made | None = None) -> list[tuple[str, Verdict]]:
    return [(one.number.text, one.verdict) for one in proved(text, records).proofs]


def only(text: str, records: Made | None = None) -> Verdict:
    ((_, verdict),) = verdicts(text, records)
    return verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("项目监督共发现问题256个。", Verdict.AGREES),
        ("项目监督共发现问题二百五十六个。", Verdict.AGREES),
        ("项目监督共发现问题250余个。", Verdict.AGREES),
        ("项目监督共发现问题近260个。", Verdict.AGREES),
        ("项目监督共发现问题260余个。", Verdict.DIFFERS),
        ("项目监督共发现问题258个。", Verdict.DIFFERS),
        ("截至11月底，项目监督共发现问题255个。", Verdict.AGREES),
        ("项目监督共发现问题255个。", Verdict.OTHER_BASIS),  # as of the end of November
        ("委领导挂钩监督走访市（区）直部门、企业113家。", Verdict.OTHER_BASIS),  # 家次
        ("委领导挂钩监督走访市（区）直部门、企业113家次。", Verdict.AGREES),
        ("委领导挂钩监督走访市（区）直部门、企业109家次。", Verdict.OTHER_BASIS),  # 家
        ("项目监督挽回金额44余万元。", Verdict.AGREES),
        ("项目监督挽回金额44.96万元。", Verdict.AGREES),
        ("项目监督挽回金额45余万元。", Verdict.DIFFERS),
        ("组织观影3500场。", Verdict.NO_SOURCE),
        ("巡察共发现问题300个。", Verdict.NO_SOURCE),
        ("近三年项目监督共发现问题600个。", Verdict.NO_SOURCE),
        ("项目监督发现问题同比增加15个。", Verdict.NO_SOURCE),
        ("市教育局项目监督共发现问题12个。", Verdict.NO_SOURCE),
    ],
)
def test_a_number_is_told(text: str, verdict: Verdict) -> None:
    assert only(text) == verdict


def test_the_mechanism_of_the_heading_counts() -> None:
    text = "一、{}\n共发现问题256个，已督促整改246个。"
    assert verdicts(text.format("项目化监督")) == [("256个", Verdict.AGREES), ("246个", Verdict.AGREES)]
    assert ("256个", Verdict.AGREES) not in verdicts(text.format("点题整治"))


@pytest.mark.parametrize(
    ("text", "measure", "verdict"),
    [
        ("全年出台制度231项。", "rules_made", Verdict.AGREES),
        ("全年出台制度12项。", "rules_made", Verdict.DIFFERS),
        ("建章立制12项。", "rules_made", Verdict.DIFFERS),
        ("全市共出台了231项规章制度。", "rules_made", Verdict.AGREES),
        ("督促主管部门完善制度机制230余项。", "rules_made", Verdict.AGREES),
        ("项目化监督推动出台制度163项。", "project_rules_made", Verdict.AGREES),
        ("项目化监督推动建立健全制度231项。", "project_rules_made", Verdict.DIFFERS),
        ("点题整治推动出台制度163项。", "topic_rules_made", Verdict.DIFFERS),
        ("粮食购销领域专项整治推动制定制度48项。", "grain_rules_made", Verdict.AGREES),
        ("项目化监督新建制度100项。", "project_rules_made", Verdict.NO_SOURCE),  # new and revised are one figure
        ("项目化监督修订制度63项。", "project_rules_made", Verdict.NO_SOURCE),
        ("项目化监督新建制度170项。", "project_rules_made", Verdict.DIFFERS),  # more than both together
    ],
)
def test_rules_made_have_many_names(text: str, measure: str, verdict: Verdict) -> None:
    (proof,) = proved(text).proofs
    assert (proof.figure and proof.figure.measure.key, proof.verdict) == (measure, verdict)


def test_new_and_revised_rules_must_make_their_whole() -> None:
    assert verdicts("全年出台制度231项，其中新建制度140项、修订制度91项。")[0] == ("231项", Verdict.AGREES)
    assert verdicts("全年共出台制度231项，其中新建制度140项、修订制度101项。")[0] == ("231项", Verdict.SUM)


def test_parts_must_make_the_whole() -> None:
    assert only_last("甲类12件、乙类8件、丙类5件，共计25件。") == Verdict.AGREES
    assert only_last("甲类12件、乙类8件、丙类5件，共计26件。") == Verdict.SUM
    assert verdicts("共收到材料20件：甲类12件、乙类9件。")[0] == ("20件", Verdict.SUM)
    assert verdicts("共收到材料20件，其中甲类12件、乙类9件。")[0] == ("20件", Verdict.SUM)
    assert verdicts("共收到材料20件，其中甲类12件、乙类3件。")[0] == ("20件", Verdict.NO_SOURCE)
    assert only_last("收回3.2万元、1.8万元，共计5万元。") == Verdict.AGREES


def only_last(text: str) -> Verdict:
    return verdicts(text)[-1][1]


def test_a_percentage_follows_from_its_sentence_or_is_the_rate() -> None:
    told = "项目监督共发现问题256个，已督促整改246个，整改率{}%。"
    assert only_last(told.format("96.1")) == Verdict.AGREES
    assert only_last(told.format("96")) == Verdict.AGREES
    assert only_last(told.format("94.1")) == Verdict.SUM
    assert only_last("项目监督整改率96.1%。") == Verdict.AGREES
    assert only_last("项目监督整改率90%。") == Verdict.DIFFERS
    assert only_last("共收到200件，其中网上50件，占25%。") == Verdict.AGREES
    assert only_last("共收到200件，其中网上50件，占35%。") == Verdict.SUM
    assert only_last("群众满意率95%。") == Verdict.NO_SOURCE


def test_what_was_published_is_a_source_and_what_differs_from_it_is_told() -> None:
    records = Made(guard.system("test"))
    figure = Figure(find("project_findings"), 250, 250, as_of=YEAR.as_of)
    records.printed["project_findings", 2022] = [Published(UUID(int=1), "上稿", figure, is_same_scope=True)]
    assert only("项目监督共发现问题250个。", records) == Verdict.AGREES
    assert only("项目监督共发现问题256个。", records) == Verdict.OTHER_TEXT
    assert only("项目监督共发现问题258个。", records) == Verdict.OTHER_TEXT
    records.printed["project_findings", 2022] = [Published(UUID(int=1), "区里的上稿", figure, is_same_scope=False)]
    assert only("项目监督共发现问题256个。", records) == Verdict.AGREES
    assert only("项目监督共发现问题258个。", records) == Verdict.DIFFERS


def test_a_named_part_is_held_against_that_part() -> None:
    records = Made(guard.system("test"), shared=[Share("市教育局", "1", 7, 7)])
    assert only("市教育局项目监督共发现问题7个。", records) == Verdict.AGREES
    assert only("市教育局项目监督共发现问题12个。", records) == Verdict.DIFFERS
    assert only("市教育局等单位项目监督共发现问题12个。", records) == Verdict.NO_SOURCE


def test_since_last_year_is_told_to_mean_the_closed_year() -> None:
    (proof,) = proved("去年以来，项目监督共发现问题256个。").proofs
    assert proof.verdict == Verdict.AGREES
    assert "2022年度" in proof.words


def test_small_words_are_no_figures() -> None:
    assert verdicts("做到两个维护，落实八项规定，开展三个专项。") == []


def test_json_and_lines_say_where_and_why() -> None:
    draft = proved("项目化监督\n项目监督共发现问题258个，已督促整改246个。")
    said = as_dict(draft)
    assert (said["is_right"], said["counts"]["differs"], said["counts"]["agrees"]) == (False, 1, 1)
    first = said["numbers"][0]
    assert (first["paragraph"], first["character"], first["length"]) == (2, 10, 4)
    assert (first["measure"], first["value"], first["as_of"]) == ("project_findings", 256, "2022-12-31")
    lines = "\n".join(as_lines(draft))
    assert "第2段第10字  258个  数不符" in lines
    assert "./jiandu measure project_findings --period 2022 --as-of 2022-12-31 --rows" in lines
    assert "246个" not in lines


def test_every_sentence_of_the_review_finds_its_own_measure() -> None:
    """The control of matching: with every figure another number, each slot of the default text agrees with its own."""
    from jiandu.results.reports.drafting import CLAUSE, SLOT, default_text

    keys = list(all_measures())
    values = {key: 1000 + 17 * place for place, key in enumerate(keys)}

    @dataclass
    class Apart(Made):
        def prepare(self, wanted: Iterable[tuple[str, Ask]]) -> None:
            self.known |= {(key, ask): Figure(find(key), values[key], 0, as_of=ask.as_of) for key, ask in wanted}

    lines, slots = [], []
    for section in default_text()["sections"]:
        lines.append(section["title"])
        for line in (line for line in section["sentences"] if "/" not in line):
            text = CLAUSE.sub(lambda said: said[1], line).replace("{as_of@11-30}", "年底").replace("{as_of}", "年底")
            slots += [slot.partition("@")[0] for slot in SLOT.findall(text)]
            lines.append(SLOT.sub(lambda said: str(values[said[1].partition("@")[0]]), text))
    found = proved("\n".join(lines), Apart(guard.system("test")))
    assert [one.figure.measure.key for one in found.proofs if one.figure] == slots
    assert found.wrong == ()
