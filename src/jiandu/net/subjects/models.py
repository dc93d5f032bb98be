"""Who is supervised: regions, organisations with their history, persons and the posts they held."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.models import Stamped, Withdrawable
from jiandu.base.core.tree import TreeModel

BEGINNING = date(1949, 10, 1)  # the first version of a unit whose founding is not known begins here


class Period(models.Model):
    """Something that held from `since` until `until`; no end means it still holds."""

    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)

    class Meta:
        abstract = True


def in_order(name: str) -> models.CheckConstraint:
    """A period does not end before it begins."""
    return models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("since")), name=name)


def in_force(day: date, prefix: str = "") -> Q:
    """The condition that a period ("" or "versions__") holds on that day; both ends are included, an open end holds."""
    begun = Q(**{f"{prefix}since__isnull": True}) | Q(**{f"{prefix}since__lte": day})
    return begun & (Q(**{f"{prefix}until__isnull": True}) | Q(**{f"{prefix}until__gte": day}))


class Region(TreeModel):
    """A division by its statistical code (GB/T 2260 and below); codes change, so each has its years."""

    access_kind = "directory"

    class Kind(models.TextChoices):
        CITY = "city", _("市")
        DISTRICT = "district", _("区(县)")
        TOWN = "town", _("镇(街道)")
        VILLAGE = "village", _("村(社区)")
        ZONE = "zone", _("开发区、农场等")

    code = models.CharField(_("代码"), max_length=12, unique=True)
    name = models.CharField(_("名称"), max_length=64)
    kind = models.CharField(_("层级"), max_length=8, choices=Kind.choices)
    since = models.DateField(_("起"), null=True, blank=True)
    until = models.DateField(_("止"), null=True, blank=True)

    class Meta:
        verbose_name = _("行政区划")

    def __str__(self) -> str:
        return self.name


class RegionOutline(Stamped):
    """The boundary of a district or town, as the installation brought it: rings on the grid of `outlines`."""

    access_kind = "directory"

    region = models.OneToOneField(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("行政区划"))
    rings = models.TextField(_("边界"), editable=False)
    source = models.CharField(_("来源文件"), max_length=200)

    class Meta:
        verbose_name = _("区划边界")

    def __str__(self) -> str:
        return str(self.region)


class Population(Stamped, Withdrawable):
    """常住人口 of a division on a day, as its source published it. A wrong figure is taken back, and another one written."""

    access_kind = "directory"

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("行政区划"))
    on = models.DateField(_("统计时点"))
    people = models.PositiveIntegerField(_("常住人口"))
    source = models.CharField(_("数据来源"), max_length=200)

    class Meta:
        verbose_name = _("常住人口数")
        constraints = [
            models.CheckConstraint(condition=Q(people__gt=0), name="population_of_somebody"),
            models.CheckConstraint(condition=~Q(source=""), name="population_has_a_source"),
            models.UniqueConstraint(
                fields=["region", "on"], condition=Q(withdrawn_on__isnull=True), name="population_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.on}"


class Organisation(Stamped, TreeModel):
    """A unit that is supervised. Its name and parent of earlier days are OrganisationVersion rows."""

    access_kind = "directory"

    class Kind(models.TextChoices):
        ORGAN = "organ", _("党政机关")
        INSTITUTION = "institution", _("事业单位")
        ENTERPRISE = "enterprise", _("国有企业")
        TOWN = "town", _("镇(街道)")
        VILLAGE = "village", _("村(社区)")
        OTHER = "other", _("其他")

    class Authority(models.TextChoices):
        CENTRAL = "central", _("中管")
        PROVINCE = "province", _("省管")
        CITY = "city", _("市管")
        DISTRICT = "district", _("区管")
        TOWN = "town", _("镇(街)管")
        VILLAGE = "village", _("村(社区)")

    name = models.CharField(_("单位名称"), max_length=128)
    kind = models.CharField(_("性质"), max_length=16, choices=Kind.choices, default=Kind.ORGAN)
    authority = models.CharField(_("管理权限"), max_length=16, choices=Authority.choices, default=Authority.CITY)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("属地"))
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    since = models.DateField(_("起"), null=True, blank=True)
    until = models.DateField(_("止"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("并入单位")
    )

    class Meta:
        verbose_name = _("单位")
        indexes = [models.Index(fields=["name"], name="organisation_by_name")]  # import: name to unit

    def __str__(self) -> str:
        return self.name


class OrganisationVersion(Period):
    """What a unit was called, and under whom it stood, in a period."""

    access_kind = "directory"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="versions")
    name = models.CharField(_("单位名称"), max_length=128)
    name_key = models.CharField(max_length=128, editable=False)  # names.name_key(name)
    parent = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("上级单位")
    )
    document = models.CharField(_("依据文件"), max_length=128, blank=True)  # what the change rests on
    ended_by = models.CharField(_("撤销依据"), max_length=128, blank=True)  # of a unit's last version

    class Meta:
        verbose_name = _("单位沿革")
        constraints = [
            in_order("organisation_version_in_order"),
            models.UniqueConstraint(fields=["organisation", "since"], name="organisation_version_once"),
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(until__isnull=True), name="organisation_version_one_open"
            ),
        ]
        indexes = [models.Index(fields=["name_key"], name="organisation_by_any_name")]  # import: any name to unit

    def __str__(self) -> str:
        return f"{self.name} {self.since}"


class Person(Stamped):
    """A person who holds or held a post. No identity number here: personal numbers are protected rows elsewhere."""

    access_kind = "directory"

    name = models.CharField(_("姓名"), max_length=64)

    class Meta:
        verbose_name = _("人员")
        indexes = [models.Index(fields=["name"], name="person_by_name")]  # import: name and unit to person

    def __str__(self) -> str:
        return self.name


class Post(Stamped, Period):
    """Who held which post in which unit, since when. 关键少数: heads and members of the leading team."""

    access_kind = "directory"

    class Kind(models.TextChoices):
        HEAD = "head", _("一把手")
        TEAM = "team", _("班子成员")
        KEY = "key", _("重点岗位")
        STAFF = "staff", _("一般岗位")

    KEY_FEW = (Kind.HEAD, Kind.TEAM)  # 关键少数

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="posts")
    title = models.CharField(_("职务"), max_length=128)
    kind = models.CharField(_("类别"), max_length=8, choices=Kind.choices, default=Kind.STAFF)

    class Meta:
        verbose_name = _("任职")
        constraints = [in_order("post_in_order")]
        indexes = [models.Index(fields=["organisation", "since"], name="post_by_unit")]  # unit page, as-of look-ups

    def __str__(self) -> str:
        return f"{self.person} {self.title}"


class Charge(Period):
    """Which leader was in charge of which unit (分管), since when."""

    access_kind = "directory"

    leader = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="charges", verbose_name=_("分管领导"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="charges", verbose_name=_("单位")
    )

    class Meta:
        verbose_name = _("分管关系")
        constraints = [
            in_order("charge_in_order"),
            models.UniqueConstraint(fields=["leader", "organisation", "since"], name="charge_once"),
        ]

    def __str__(self) -> str:
        return f"{self.leader} → {self.organisation}"
