"""What superiors call our figures, and the words in heads that name a period or say that no figure of ours stands there."""

import re
import unicodedata

from jiandu.results.analysis.measures.registry import Mechanism

#: Key of a measure → what it is called beside its label. A name of several measures is told apart by the mechanism.
CALLED: dict[str, tuple[str, ...]] = {
    "linked_rounds": ("轮次", "监督轮次", "开展轮次"),
    "linked_units_visited": ("走访单位", "走访部门企业", "走访单位企业", "走访部门"),
    "linked_visits": ("走访", "走访次数", "走访单位家次"),
    "linked_key_people_talked": ("约谈关键少数", "约谈关键少数人数", "约谈人数"),
    "linked_findings": ("发现问题", "问题"),
    "linked_finding_aspects": ("问题方面", "涉及方面"),
    "copy_reports": ("抄报单", "问题抄报", "抄报", "制发抄报单", "制发问题抄报单"),
    "copy_report_recipients": ("抄报分管领导", "抄报领导", "抄报分管市领导"),
    "copy_report_findings": ("抄报问题", "抄报的问题"),
    "projects": ("立项", "立项项目", "监督项目", "项目", "政治监督项目"),
    "project_bodies": ("参与机构", "参与派驻机构"),
    "project_findings": ("发现问题", "问题"),
    "project_findings_excluded": ("不计入问题",),
    "project_findings_rectified": ("督促整改", "已整改", "完成整改", "整改完成", "整改到位", "整改问题", "已整改问题"),
    "project_rules_made": ("完善制度", "建章立制", "推动建章立制", "推动完善制度"),
    "project_money_recovered": ("挽回金额", "挽回损失", "挽回经济损失", "追回金额"),
    "project_findings_overdue": ("超期未整改", "逾期未整改", "超期", "逾期"),
    "project_findings_looked_back": ("回头看", "开展回头看"),
    "project_findings_rebound": ("反弹", "问题反弹"),
    "project_findings_not_looked_back": ("未回头看", "整改未回头看"),
    "portrait_reports": ("分析报告", "审定报告", "形成分析报告"),
    "proactive_talks": ("主动约谈", "主动约谈人次", "约谈人次", "约谈关键少数及重点岗位人员"),
    "proactive_sessions": ("约谈场次", "主动约谈次数"),
    "talk_clues_handed_over": ("移交线索", "线索移交", "移交问题线索"),
    "contact_points": ("联系点企业", "联系点", "市级联系点"),
    "contact_points_of_districts": ("区级联系点",),
    "contact_problems": ("反映问题", "收集问题"),
    "contact_problems_resolved": ("推动解决", "已推动解决", "解决问题", "已解决"),
    "contact_problems_otherwise": ("其他方式办结",),
    "contact_problems_open": ("办理中", "正在办理"),
    "contact_reflections": ("反映件次",),
    "contact_rules_made": ("完善制度", "建章立制", "推动建章立制"),
    "contact_suggestions": ("提出建议", "意见建议", "建议"),
    "contact_suggestions_adopted": ("采纳建议", "纳入监督参考"),
    "topics": ("立题", "点题", "点题项目"),
    "topics_concluded": ("结题", "已结题", "结题完成"),
    "topics_carried_on": ("深化推进",),
    "topic_findings": ("发现问题", "问题"),
    "topic_problems_resolved": ("解决问题", "督促解决", "督促解决问题", "督促解决民生领域问题", "督促整改", "已整改"),
    "topic_rules_made": ("完善制度", "建章立制", "推动完善制度"),
    "topic_messages": ("群众留言", "留言受理", "受理留言", "群众留言受理"),
    "topic_messages_closed": ("留言办结", "办结留言", "群众留言办结"),
    "topic_own_list": ("自查问题", "部门自查问题"),
    "topic_own_list_closed": ("自查办结", "自查整改"),
    "estates_disclosing": ("公示小区", "实现公示小区", "明细公示小区"),
    "estates_due": ("应公示小区",),
    "estates_not_due": ("无公示义务小区",),
    "estates_disclosing_both_ways": ("线上线下均公示",),
    "estates_totals_only": ("仅公示总额",),
    "grain_proposals": ("粮食购销建议书",),
    "grain_rules_made": ("粮食购销完善制度",),
    "grassroots_findings": ("发现问题", "检查发现问题", "问题"),
    "grassroots_findings_rectified": ("督促整改", "已整改", "完成整改", "整改到位"),
    "grassroots_money_recovered": ("收回资金", "收回金额", "收回拖欠租金和集体资金", "收回集体资金"),
    "villages_checked": ("检查村居", "检查村社区", "检查村"),
    "village_contact_points": ("工作联系点",),
    "grid_workers": ("近邻监督员", "监督员"),
    "exchange_meetings": ("交流会", "履职交流会"),
    "rules_made": ("出台制度项数", "新出台制度", "建章立制合计", "制度合计"),
    "training_person_times": ("培训人次", "监督培训人次"),
}
#: What a group of columns, a sheet or a title says of the mechanism.
MECHANISM: dict[Mechanism, tuple[str, ...]] = {
    Mechanism.LINKED: ("委领导挂钩监督", "挂钩监督"),
    Mechanism.COPY_REPORT: ("问题抄报", "抄报"),
    Mechanism.PROJECT: ("项目化监督", "项目监督", "政治监督项目"),
    Mechanism.ECOLOGY: ("政治生态分析", "政治生态"),
    Mechanism.PROACTIVE: ("主动约谈",),
    Mechanism.CONTACT: ("营商环境监督联系点", "营商环境联系点", "营商环境", "监督联系点"),
    Mechanism.TOPIC: ("点题整治", "点题"),
    Mechanism.ESTATES: ("小区公共收益", "公共收益"),
    Mechanism.CAMPAIGN: ("专项整治",),
    Mechanism.ASSETS: ("农村集体三资监督", "农村集体三资", "农村三资", "三资监督", "三资"),
    Mechanism.VILLAGE: ("村级一肩挑监督", "一肩挑监督", "一肩挑"),
    Mechanism.RULES: ("建章立制台账",),
}
TOTALS = frozenset(("合计", "总计", "小计", "全市", "全市合计", "总数", "计"))
#: Columns that hold no number at all.
NO_NUMBER = re.compile(r"^(序号|编号|备注|说明|填表人|审核人|负责人|联系电话|填报单位|填报日期)$")
#: Numbers that are not ours: of another year, or computed.
NOT_OURS = re.compile(r"上年|去年|同期|同比|环比|增长|增幅|增减|占比|比例|比重|率$|排名|目标|计划|上月|上季|下月")

_ORDINAL = re.compile(r"^([(（]?[一二三四五六七八九十百\d]+[)）]|[一二三四五六七八九十\d]+[、.．])")
_BRACKETS = re.compile(r"[(（【\[]([^()（）【】\[\]]*)[)）】\]]")
_SPACE = re.compile(r"[\s　_·•,，、:：;；“”\"'‘’《》\-—/]+")
_COUNT = re.compile(r"(?<=..)(总数|个数|件数|数量|数目|项数|金额数|数)$")
_UNIT = re.compile(r"^(单位[:：]?)?(个|件|次|项|份|家|人|人次|家次|件次|万元|元|场|条|位|轮|%)$")


def plain(text: str) -> str:
    """A head or a name without numbering, blanks, punctuation and the word for “number of”."""
    text = unicodedata.normalize("NFKC", text).removeprefix("其中").strip()
    text = _SPACE.sub("", _ORDINAL.sub("", text.lstrip(":： ").strip()))
    return _COUNT.sub("", re.sub(r"[()（）]", "", text))


def without_units(text: str) -> tuple[str, bool]:
    """A head without the brackets that name a unit, and whether that unit is ten thousand yuan."""
    text = unicodedata.normalize("NFKC", text)
    in_wan = "万元" in text
    kept = _BRACKETS.sub(lambda match: "" if _UNIT.match(match[1].strip()) else match[0], text)
    return ("", in_wan) if _UNIT.match(kept.strip()) else (kept, in_wan)
