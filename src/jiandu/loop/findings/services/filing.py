"""Files put on a finding: evidence with versions, and scans of what was signed on paper."""

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.files.store import Stored, Upload
from jiandu.loop.findings.models import Evidence, Finding
from jiandu.loop.findings.services.moving import lock


@atomic
def add_evidence(
    *, finding: Finding, by: Viewer, stored: Stored, name: str, replaces: Evidence | None = None
) -> Evidence:
    """Puts a stored file on the finding; a newer version replaces an older one, which stays readable."""
    finding = lock(finding)
    if not guard.allow(by, "report", finding):
        raise Refused("not-allowed", "您没有“报进展”的权限")
    if replaces is not None and replaces.finding_id != finding.pk:
        raise Refused("foreign-evidence", "材料不属于这个问题")
    if replaces is not None and Evidence.objects.filter(replaces=replaces).exists():
        raise Refused("replaced", "该材料已有新版本,请替换最新的一版")
    return keep(finding, by, Upload(stored, name), replaces=replaces)


def keep(finding: Finding, by: Viewer, upload: Upload, *, replaces: Evidence | None = None) -> Evidence:
    """Writes the row and records it; the caller has locked the finding and asked for its own permission."""
    evidence = Evidence(
        finding=finding,
        name=upload.name,
        sha256=upload.stored.sha256,
        size_bytes=upload.stored.size_bytes,
        version=replaces.version + 1 if replaces else 1,
        replaces=replaces,
        on=today(),
        given_by=by.name,
    )
    evidence.save(force_insert=True)
    record(by, "finding.add_evidence", finding, payload={"sha256": evidence.sha256, "version": evidence.version})
    return evidence
