"""The facts at the head of a petition's page: its tags, who manages the cadre, what stands beside what counts."""

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.sources.petitions import selectors
from jiandu.sources.petitions.models import Petition
from jiandu.sources.petitions.natures import detail_called
from jiandu.sources.petitions.services.notifying import lacks_notice
from jiandu.sources.petitions.states import Nature
from jiandu.surfaces.desk.registers import Row, fact
from jiandu.surfaces.desk.told.petition_categories import category_of
from jiandu.surfaces.desk.wording import said


def facts_of(viewer: Viewer, one: Petition) -> list[Row]:
    """What is known of it without opening it; what nobody has said is left out."""
    facts = [*_came(one), *_reported(one), *_content(one), *_handled(one)]
    main = selectors.main_of(viewer, one)
    if main is not None:
        facts.append(fact(_("重复件主件"), main.code, href=reverse("desk:petition", args=[main.uid])))
    return [each for each in facts if each["value"] not in {"", None}]


def _came(one: Petition) -> list[Row]:
    return [
        fact(_("收件日期"), iso(one.received_on)),
        fact(_("信访来源"), one.get_origin_display()),
        fact(_("署名情况"), one.get_named_display()),
        fact(_("人数"), one.people),
    ]


def _reported(one: Petition) -> list[Row]:
    return [
        fact(_("被反映单位"), str(one.subject or "")),
        fact(_("被反映人职级"), one.get_rank_display()),
        fact(_("管理权限"), one.get_authority_display(), sub=one.managed_by),
        fact(_("管理单位"), "" if one.authority else one.managed_by),
        fact(_("管辖"), one.get_competence_display(), sub=one.competence_why),
        fact(_("中共党员"), _yes_or_no(one.is_party_member)),
        fact(_("监察对象"), _yes_or_no(one.is_supervisee)),
    ]


def _content(one: Petition) -> list[Row]:
    flags = [
        (one.is_head, _("一把手")),
        (one.is_over_level, _("越级")),
        (one.is_urgent, _("紧急敏感")),
        (one.is_typical, _("典型")),
    ]
    further = _("、").join(str(Nature(code).label) for code in one.further_natures)
    return [
        fact(_("主要问题性质"), one.get_nature_display()),
        fact(_("具体问题"), detail_called(one.nature_detail, english=get_language() == "en")),
        fact(_("其他问题性质"), further, sub=_("只作标记，不计入统计")),
        fact(_("领域"), said(one.domain)),
        fact(_("内容分类"), category_of(one.category)),
        fact(_("建议分类"), "" if one.category else category_of(one.proposed_category)),
        fact(_("属地"), str(one.region or "")),
        fact(_("标记"), _("、").join(str(label) for is_so, label in flags if is_so)),
        fact(_("新增内容"), _any_new(one)),
    ]


def _handled(one: Petition) -> list[Row]:
    notice = fact(_("通报案管日期"), iso(one.notified_on))
    if lacks_notice(one):
        notice = fact(_("通报案管日期"), _("待通报"), tone="warn")
    return [
        fact(_("承办部门"), str(one.handler or one.owner_office)),
        notice,
        fact(_("处置方式"), one.get_disposal_display()),
        fact(_("属实情况"), one.get_truth_display()),
        fact(_("平台编号"), one.source_code),
    ]


def _any_new(one: Petition) -> str:
    if not one.is_repeat or one.has_new is None:
        return ""
    return _("有新增内容") if one.has_new else _("没有新增内容")


def _yes_or_no(value: bool | None) -> str:
    return "" if value is None else _("是") if value else _("否")
