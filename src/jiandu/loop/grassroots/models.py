"""Grassroots supervision. A check is an activity; in it villages are inspected, and a problem becomes a finding at once.

Checklists are open to whoever is signed in, as dictionaries are: each version stands with its days of force.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiandu.base.core.guarded import Part
from jiandu.base.core.models import Stamped, Withdrawable
from jiandu.base.lexicon.models import Item
from jiandu.loop.findings.models import Finding
from jiandu.net.access.models import Owned
from jiandu.net.subjects.models import Organisation, Period, Region, in_order
from jiandu.sources.activities.models import Activity
from jiandu.sources.ledgers.collectives import Collective, LedgerKind


class Checklist(Stamped, Period):
    """One version of the checklist for village heads (一肩挑), in force from a day until the next one."""

    access_kind = "checklist"

    version = models.CharField(_("版本"), max_length=32, unique=True)
    name = models.CharField(_("名称"), max_length=128)
    note = models.TextField(_("说明"), blank=True)  # whose it is, and what it was composed from

    class Meta:
        verbose_name = _("监督清单")
        constraints = [
            in_order("checklist_in_order"),
            models.UniqueConstraint(fields=["since"], name="checklist_one_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.name}({self.version})"


class ChecklistAspect(Stamped):
    """A heading of a checklist version."""

    access_kind = "checklist"

    checklist = models.ForeignKey(Checklist, on_delete=models.PROTECT, related_name="aspects")
    order = models.PositiveSmallIntegerField(_("顺序"))
    name = models.CharField(_("方面"), max_length=64)

    class Meta:
        verbose_name = _("清单方面")
        constraints = [models.UniqueConstraint(fields=["checklist", "order"], name="checklist_aspect_in_order")]

    def __str__(self) -> str:
        return self.name


class ChecklistItem(Stamped):
    """What is looked at, by what point and method, how often, whose duty, on what basis."""

    access_kind = "checklist"

    checklist = models.ForeignKey(Checklist, on_delete=models.PROTECT, related_name="items")
    aspect = models.ForeignKey(ChecklistAspect, on_delete=models.PROTECT, related_name="items", verbose_name=_("方面"))
    number = models.PositiveSmallIntegerField(_("序号"))
    matter = models.CharField(_("监督事项"), max_length=128)
    point = models.CharField(_("监督要点"), max_length=300)
    method = models.CharField(_("监督方式"), max_length=64)
    frequency = models.CharField(_("频次"), max_length=32)
    responsible = models.CharField(_("责任主体"), max_length=64, blank=True)
    basis = models.CharField(_("依据"), max_length=200)

    class Meta:
        verbose_name = _("清单事项")
        constraints = [models.UniqueConstraint(fields=["checklist", "number"], name="checklist_item_number")]

    def __str__(self) -> str:
        return f"{self.number}. {self.matter}"


class Check(Part, Stamped):
    """What kind of check an activity is; a village check answers one version of the checklist."""

    class Kind(models.TextChoices):
        ASSETS = "assets", _("农村集体三资检查")
        VILLAGE = "village", _("一肩挑清单检查")

    root_field = "activity"
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="checks")
    kind = models.CharField(_("检查类别"), max_length=8, choices=Kind.choices)
    checklist = models.ForeignKey(
        Checklist, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("监督清单")
    )

    class Meta(Part.Meta):
        verbose_name = _("检查")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="assets") | Q(kind="village", checklist__isnull=False), name="check_has_checklist"
            ),
            models.UniqueConstraint(fields=["activity"], name="check_once_an_activity"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Inspection(Part, Stamped, Withdrawable):
    """One village inspected on one day."""

    root_field = "activity"
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="inspections")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("村居"))
    on = models.DateField(_("检查日期"))
    inspectors = models.CharField(_("检查人员"), max_length=200)
    note = models.TextField(_("检查情况"), blank=True)

    class Meta(Part.Meta):
        verbose_name = _("村居检查")
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "organisation", "on"],
                condition=Q(withdrawn_on__isnull=True),
                name="inspection_once_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.organisation}"


class Answer(Part, Stamped):
    """What an inspection says to one item of the checklist; a problem names the finding that it became."""

    class Result(models.TextChoices):
        NORMAL = "normal", _("正常")
        PROBLEM = "problem", _("发现问题")
        NOT_APPLICABLE = "not_applicable", _("不涉及")

    root_field = "activity"
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="answers")
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(ChecklistItem, on_delete=models.PROTECT, related_name="+", verbose_name=_("清单事项"))
    result = models.CharField(_("检查结果"), max_length=16, choices=Result.choices)
    note = models.CharField(_("情况"), max_length=500, blank=True)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("问题"))

    class Meta(Part.Meta):
        verbose_name = _("清单检查结果")
        constraints = [
            models.UniqueConstraint(fields=["inspection", "item"], name="answer_once"),
            models.CheckConstraint(
                condition=Q(finding__isnull=True) | Q(result="problem"), name="answer_finding_is_problem"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.get_result_display()}"


class LedgerTick(Part, Stamped):
    """台账核对: what an inspection saw of one thing in the village's ledgers; what differs names the finding that it became."""

    class Result(models.TextChoices):
        SEEN = "seen", pgettext_lazy("tick", "相符")
        DIFFERS = "differs", _("与台账不符")
        GONE = "gone", _("已不存在")

    root_field = "activity"
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="ticks")
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="+")
    collective = models.ForeignKey(
        Collective, on_delete=models.PROTECT, related_name="+", verbose_name=_("农村集体经济组织")
    )
    kind = models.CharField(_("台账"), max_length=16, choices=LedgerKind.choices, default=LedgerKind.ASSET)
    code = models.CharField(_("编号"), max_length=64)
    name = models.CharField(_("名称"), max_length=200)  # as the ledger called it then
    on = models.DateField(_("检查日期"))
    result = models.CharField(_("核对结果"), max_length=8, choices=Result.choices)
    note = models.CharField(_("情况"), max_length=500, blank=True)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("问题"))

    class Meta(Part.Meta):
        verbose_name = _("台账核对")
        constraints = [
            models.UniqueConstraint(fields=["inspection", "collective", "kind", "code"], name="ledger_tick_once"),
            models.CheckConstraint(
                condition=Q(finding__isnull=True) | ~Q(result="seen"), name="ledger_tick_finding_differs"
            ),
        ]
        indexes = [models.Index(fields=["collective", "kind", "code"], name="ledger_tick_by_thing")]  # village, pack

    def __str__(self) -> str:
        return f"{self.name} {self.get_result_display()}"


class AssetLookBack(Owned, Withdrawable):
    """资产回头看: what became of an asset that others held. The town verifies, then the district looks back."""

    came_of = ("finding_uid",)

    class Result(models.TextChoices):
        CLEARED = "cleared", _("已清退")
        PARTLY = "partly", _("部分清退")
        LITIGATION = "litigation", _("诉讼中")
        HELD = "held", _("未清退")
        ANEW = "anew", _("新占用")

    class Stage(models.TextChoices):
        TOWN = "town", _("镇街核实")
        DISTRICT = "district", _("区级回头看")

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="+", verbose_name=_("问题"))
    finding_uid = models.UUIDField(editable=False)
    asset = models.CharField(_("资产名称"), max_length=200)
    stage = models.CharField(_("环节"), max_length=8, choices=Stage.choices)
    on = models.DateField(_("日期"))
    result = models.CharField(_("结果"), max_length=16, choices=Result.choices)
    by_name = models.CharField(_("办理人"), max_length=64)
    note = models.TextField(_("情况"), blank=True)

    class Meta(Owned.Meta):
        verbose_name = _("资产回头看")
        indexes = [
            models.Index(fields=["finding", "asset", "on"], name="asset_look_by_finding"),  # finding, check page
            models.Index(fields=["owner_path"], name="asset_look_by_path"),  # scope
            models.Index(fields=["source_uid"], name="asset_look_by_source"),  # scope: assigned checks
            models.Index(fields=["finding_uid"], name="asset_look_by_came_of"),  # scope: assigned findings
        ]

    def __str__(self) -> str:
        return f"{self.asset} {self.get_result_display()}"


class GridCell(Owned, Period):
    """网格片区, or with `is_contact_point` a 工作联系点 where the checklist is piloted. `subject` is the village."""

    name = models.CharField(_("网格名称"), max_length=128)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("属地")
    )
    is_contact_point = models.BooleanField(_("工作联系点"), default=False)

    class Meta(Owned.Meta):
        verbose_name = _("监督网格")
        constraints = [
            in_order("grid_cell_in_order"),
            models.UniqueConstraint(
                fields=["owner_office", "name"], condition=Q(until__isnull=True), name="grid_cell_name_once"
            ),
        ]
        indexes = [
            models.Index(fields=["owner_path"], name="grid_cell_by_path"),  # scope
            models.Index(fields=["subject_path"], name="grid_cell_by_subject_path"),  # scope
        ]

    def __str__(self) -> str:
        return self.name


class GridWorker(Part, Stamped, Period):
    """近邻监督员 of a cell for a term; the kinds of people are a dictionary that stays open."""

    root_field = "cell"
    cell = models.ForeignKey(GridCell, on_delete=models.PROTECT, related_name="workers")
    name = models.CharField(_("姓名"), max_length=64)
    kind = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", verbose_name=_("人员类别"))
    contact = models.CharField(_("联系方式"), max_length=64, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("近邻监督员")
        constraints = [
            in_order("grid_worker_in_order"),
            models.UniqueConstraint(fields=["cell", "name", "since"], name="grid_worker_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Meeting(Owned, Withdrawable):
    """履职交流会 or 培训: when, on what, for whom, how many came (person-times)."""

    class Kind(models.TextChoices):
        EXCHANGE = "exchange", _("履职交流会")
        TRAINING = "training", _("培训")

    kind = models.CharField(_("类别"), max_length=16, choices=Kind.choices)
    on = models.DateField(_("日期"))
    theme = models.CharField(_("主题"), max_length=200)
    place = models.CharField(_("地点"), max_length=128, blank=True)
    audience = models.CharField(_("对象"), max_length=200, blank=True)
    people_count = models.PositiveIntegerField(_("人次"))
    note = models.TextField(_("交流材料、课程"), blank=True)

    class Meta(Owned.Meta):
        verbose_name = _("交流培训")
        indexes = [
            models.Index(fields=["kind", "on"], name="meeting_by_kind"),  # measures, list
            models.Index(fields=["owner_path"], name="meeting_by_path"),  # scope
        ]

    def __str__(self) -> str:
        return self.theme
