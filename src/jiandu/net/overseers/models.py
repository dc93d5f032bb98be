"""Who supervises: offices of the commission and its network, their officers, the units they watch."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.models import Stamped
from jiandu.base.core.tree import TreeModel
from jiandu.net.subjects.models import Organisation, Period, Person, in_order


class Office(Stamped, TreeModel):
    """A body of the supervision net; the tree is the net's own hierarchy (city, district, town)."""

    access_kind = "directory"

    class Kind(models.TextChoices):
        COMMISSION = "commission", _("纪委监委")
        SUPERVISION = "supervision", _("监督检查室")
        DEPARTMENT = "department", _("内设部门")
        STATIONED = "stationed", _("派驻(派出)机构")
        TOWN = "town", _("镇(街)纪(工)委")
        VILLAGE = "village", _("村(社区)")

    name = models.CharField(_("名称"), max_length=128, unique=True)
    kind = models.CharField(_("类别"), max_length=16, choices=Kind.choices)
    since = models.DateField(_("起"), null=True, blank=True)
    until = models.DateField(_("止"), null=True, blank=True)

    class Meta:
        verbose_name = _("监督机构")

    def __str__(self) -> str:
        return self.name


class Supervision(Period):
    """Which units a stationed body or office supervises (an explicit list, no path)."""

    access_kind = "directory"

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="supervisions")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="supervisions")

    class Meta:
        verbose_name = _("监督关系")
        constraints = [
            in_order("supervision_in_order"),
            models.UniqueConstraint(fields=["office", "organisation", "since"], name="supervision_once"),
        ]

    def __str__(self) -> str:
        return f"{self.office} → {self.organisation}"


class Officer(Stamped, Period):
    """A person serving in an office; the account, where there is one, signs in as this officer."""

    access_kind = "directory"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="services")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="officers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="services"
    )
    duty = models.CharField(_("职务"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("干部")
        constraints = [in_order("officer_in_order")]

    def __str__(self) -> str:
        return str(self.person)


class Link(Period):
    """A commission leader linked (挂钩) to a unit, since when."""

    access_kind = "directory"

    leader = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="links", verbose_name=_("挂钩领导"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="links", verbose_name=_("单位")
    )

    class Meta:
        verbose_name = _("挂钩关系")
        constraints = [
            in_order("link_in_order"),
            models.UniqueConstraint(fields=["leader", "organisation", "since"], name="link_once"),
        ]

    def __str__(self) -> str:
        return f"{self.leader} → {self.organisation}"
