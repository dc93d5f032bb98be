"""The ways to tell rows apart that figures of several mechanisms share."""

from jiandu.results.analysis.measures.registry import Split

BY_ASPECT = Split("aspect", "问题类别", "aspect_id", "aspect__label_zh")
BY_UNIT = Split("unit", "责任单位", "subject_id", "subject__name")
BY_OFFICE = Split("office", "承办室组", "owner_office_id", "owner_office__name")
OF_FINDINGS = (BY_ASPECT, BY_UNIT, BY_OFFICE, Split("month", "登记月份", "registered_on", is_month=True))
