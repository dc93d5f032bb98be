"""The published figures counted again: whole tables walked through in plain Python, from what the table of figures says.

Nothing is shared with the measures: no query condition, no cached column. Where a finding stood is read off its steps,
what somebody was on the day of a talk off the directory. As of any day, for the reference year.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.apps import apps

START, END = date(2022, 1, 1), date(2022, 12, 31)
OUT = {"withdrawn", "refused", "merged"}
SETTLED = {"closed", "staged"}


class Row:
    """A row with its columns as attributes (keys of other rows end with _id); `there` tells whether it stood on a day."""

    def __init__(self, columns: dict[str, Any]) -> None:
        self.__dict__.update(columns)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)

    def there(self, day: date) -> bool:
        return not getattr(self, "withdrawn_on", None) or self.withdrawn_on > day

    def holds(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or self.until >= day)


def rows(name: str, **where: Any) -> list[Row]:
    """A whole table, or its rows with these values."""
    found = [Row(columns) for columns in apps.get_model(name).objects.order_by("pk").values()]
    return [row for row in found if all(getattr(row, key) == value for key, value in where.items())]


def by(name: str, column: str) -> dict[int, list[Row]]:
    """A table by a column."""
    found = defaultdict(list)
    for row in rows(name):
        found[getattr(row, column)].append(row)
    return found


@dataclass
class Oracle:
    """The figures of 2022 as of a day. What is read is kept: the tables do not change between two questions."""

    day: date

    def __post_init__(self) -> None:
        self.end = min(END, self.day)
        self.events = by("activities.Event", "activity_id")
        self.steps = by("findings.Step", "finding_id")
        self.findings = rows("findings.Finding")
        self.rules = rows("outcomes.RuleMade")
        self.origins = by("outcomes.RuleOrigin", "rule_id")
        self.activities = rows("activities.Activity")

    def in_year(self, day: date | None) -> bool:
        return day is not None and START <= day <= self.end

    def standing(self, name: str, column: str = "on", **where: Any) -> list[Row]:
        """Rows of a table that happened in the year and had not been taken back by the day."""
        return [row for row in rows(name, **where) if self.in_year(getattr(row, column)) and row.there(self.day)]

    def figures(self) -> dict[str, int]:
        told: dict[str, int] = {}
        for part in (
            *(self.linked, self.copies, self.projects, self.ecology, self.talks, self.contact),
            *(self.topics, self.estates, self.grain, self.grassroots, self.checklist),
        ):
            told |= {key: value if isinstance(value, int) else len(set(value)) for key, value in part().items()}
        return told

    # --- where a finding stood ---

    def state(self, finding: Row) -> str:
        """By the steps that had happened and moved it: the furthest of them."""
        moved = [step for step in self.steps[finding.id] if step.on <= self.day and step.to_state != step.from_state]
        return max(moved, key=lambda step: step.seq).to_state if moved else ""

    def counts(self, finding: Row) -> bool:
        return bool(self.state(finding)) and self.state(finding) not in OUT

    def is_settled(self, finding: Row) -> bool:
        return self.state(finding) in SETTLED

    def settled_in_year(self, finding: Row) -> bool:
        """Settled, and in the year it came from being open to being settled."""
        steps = self.steps[finding.id]
        came = [step for step in steps if step.to_state in SETTLED and step.from_state not in SETTLED]
        return self.is_settled(finding) and any(self.in_year(step.on) for step in came)

    def found(self, of: Iterable[int]) -> list[Row]:
        """Counted findings of activities, registered by the day."""
        those = set(of)
        return [
            one
            for one in self.findings
            if one.activity_id in those and one.registered_on <= self.day and self.counts(one)
        ]

    def rules_of(self, leads: Callable[[Row], bool], first: date = date.min, last: date | None = None) -> set[int]:
        """Rules issued from `first` to `last` that one of such origins led to."""
        return {
            rule.id
            for rule in self.rules
            if first <= rule.issued_on <= (last or self.day)
            and rule.there(self.day)
            and any(leads(origin) for origin in self.origins[rule.id])
        }

    # --- mechanism by mechanism ---

    def happened(self, activity: Row, verb: str) -> list[date]:
        turns = [turn for turn in self.events[activity.id] if turn.verb == verb and turn.there(self.day)]
        return [turn.on for turn in turns if turn.on <= self.day]

    def linked(self) -> dict[str, Any]:
        rounds = [
            one
            for one in self.activities
            if one.kind == "round" and any(map(self.in_year, self.happened(one, "start")))
        ]
        of_rounds = {one.id for one in rounds}
        visits = [one for one in self.standing("activities.Visit") if one.activity_id in of_rounds]
        talked = [
            seat.person_id for talk, seat in self.seats() if talk.activity_id in of_rounds and self.key_few(talk, seat)
        ]
        found = self.found(one.id for one in rounds if self.happened(one, "approve_report"))
        into = {item.id: item.replaced_by_id or item.id for item in rows("lexicon.Item", kind="aspect")}
        return {
            "linked_rounds": of_rounds,
            "linked_units_visited": [one.organisation_id for one in visits],
            "linked_key_people_talked": talked,
            "linked_findings": [one.id for one in found],
            "linked_finding_aspects": [into[one.aspect_id] for one in found if one.aspect_id],
        }

    def seats(self) -> list[tuple[Row, Row]]:
        """Of the year's 主动约谈: who was there."""
        seats = by("talks.Attendee", "talk_id")
        talks = self.standing("talks.Talk", kind="proactive")
        return [(talk, seat) for talk in talks for seat in seats[talk.id] if seat.there(self.day)]

    def kinds(self, talk: Row, seat: Row) -> set[str]:
        """What somebody was on the day of the talk, in the unit for which the talk was held."""
        self.posts = getattr(self, "posts", None) or by("subjects.Post", "person_id")
        held = [post for post in self.posts[seat.person_id] if post.holds(talk.on)]
        return {post.kind for post in held if post.organisation_id == seat.organisation_id}

    def key_few(self, talk: Row, seat: Row) -> bool:
        return bool(self.kinds(talk, seat) & {"head", "team"})

    def talks(self) -> dict[str, Any]:
        key = [seat.id for talk, seat in self.seats() if self.kinds(talk, seat) & {"head", "team", "key"}]
        return {"proactive_talks": key}

    def copies(self) -> dict[str, Any]:
        sheets = {one.id for one in rows("instruments.Instrument", kind="copy_report") if one.there(self.day)}
        reached = [one for one in self.standing("instruments.Delivery", to="leader") if one.instrument_id in sheets]
        with_leader = {one.instrument_id for one in reached}
        listed = [one for one in rows("instruments.Matter") if one.instrument_id in with_leader]
        return {
            "copy_report_recipients": [one.person_id for one in reached],
            "copy_report_findings": [one.finding_id for one in listed if one.there(self.day)],
        }

    def projects(self) -> dict[str, Any]:
        own = [one for one in self.activities if one.kind == "project" and one.year == START.year]
        approved = [one for one in own if self.in_year(one.approved_on)]
        live = {one.id for one in approved if not one.merged_on or one.merged_on > self.day}
        stationed = {office.id for office in rows("overseers.Office", kind="stationed")}
        shares = [one for one in rows("activities.Party") if one.activity_id in live and one.since <= self.day]
        found = [one for one in self.found(one.id for one in approved) if self.in_year(one.registered_on)]
        of_found = {one.id for one in found}
        return {
            "projects": live,
            "project_bodies": {one.office_id for one in shares} & stationed,
            "project_findings": of_found,
            "project_findings_rectified": [one.id for one in found if self.is_settled(one)],
            "project_rules_made": self.rules_of(lambda o: o.finding_id in of_found or o.activity_id in live),
        }

    def ecology(self) -> dict[str, Any]:
        reports = self.standing("portraits.Portrait", "approved_on", revises_id=None)
        scheme = rows("lexicon.Item", kind="dimension")
        of_year = [one for one in scheme if one.year == START.year] or [one for one in scheme if one.year is None]
        return {
            "portrait_reports": [(one.subject_id, one.district_id, one.period_from, one.period_to) for one in reports],
            "portrait_dimensions": [one.id for one in of_year if one.holds(self.day) and not one.replaced_by_id],
        }

    def contact(self) -> dict[str, Any]:
        turns = by("contactpoints.PointTurn", "point_id")
        left = {key for key, those in turns.items() for one in those if one.verb == "leave" and one.on <= self.day}
        points = [one for one in rows("contactpoints.ContactPoint", tier="city") if one.holds(self.day)]
        told = self.standing("contactpoints.ContactProblem", "registered_on")
        steps = by("contactpoints.ProblemStep", "problem_id")
        course = {
            one.id: [step for step in steps[one.id] if step.on <= self.day and step.there(self.day)] for one in told
        }
        own = {key for key, those in course.items() if not any(step.verb == "merge" for step in those)}
        ends = {key: [step for step in course[key] if step.verb in {"settle", "return"}] for key in own}
        last = {key: max(those, key=lambda step: step.seq).result for key, those in ends.items() if those}
        return {
            "contact_points": [one.id for one in points if one.there(self.day) and one.id not in left],
            "contact_problems": own,
            "contact_problems_resolved": [key for key, result in last.items() if result == "resolved"],
            "contact_rules_made": self.rules_of(lambda origin: origin.contact_problem_id in course),
            "contact_suggestions_adopted": [one.suggestion_id for one in self.standing("contactpoints.Adoption")],
        }

    def topics(self) -> dict[str, Any]:
        own = [one for one in self.activities if one.kind == "topic" and one.year == START.year]
        found = self.found(one.id for one in own if one.approved_on and one.approved_on <= self.end)
        return {"topic_problems_resolved": [one.id for one in found if self.settled_in_year(one)]}

    def estates(self) -> dict[str, Any]:
        """A quarter has to be published within thirty days after its end; what is due is the latest of which that day has come."""
        quarters = [date(y, m, d) for y in (2021, 2022, 2023) for m, d in ((3, 31), (6, 30), (9, 30), (12, 31))]
        due = max(quarter for quarter in quarters if quarter + timedelta(days=30) <= self.day)
        up = {
            one.estate_id
            for one in rows("ledgers.Posting", period_on=due, is_detailed=True)
            if one.posted_on <= self.day and (not one.until or one.until >= self.day) and one.there(self.day)
        }
        there = [one for one in rows("ledgers.Estate") if one.holds(self.day) and one.there(self.day)]
        return {"estates_disclosing": [one.id for one in there if one.holds(due) and one.id in up]}

    def grain(self) -> dict[str, Any]:
        field = {item.id for item in rows("lexicon.Item", kind="field", code="grain")}
        own = {one.id for one in self.activities if one.kind == "campaign" and one.field_id in field}
        signed = {
            one.instrument_id
            for one in rows("instruments.SignOff", status="granted")
            if one.signed_on and one.signed_on <= self.end
        }
        handed = {one.instrument_id for one in self.standing("instruments.Delivery", to="unit")}
        proposals = [
            one.id
            for one in rows("instruments.Instrument")
            if one.kind in {"discipline", "supervision", "joint"} and one.activity_id in own and one.there(self.day)
        ]
        found = {one.id for one in self.found(own)}
        led = self.rules_of(lambda o: o.activity_id in own or o.finding_id in found, START, self.end)
        return {"grain_proposals": set(proposals) & signed & handed, "grain_rules_made": led}

    def grassroots(self) -> dict[str, Any]:
        found = self.found(one.activity_id for one in rows("grassroots.Check"))
        ids = {one.id for one in found}
        fen = sum(
            money.amount_fen
            for money in rows("outcomes.MoneyRecovered", account_kind="collective")
            if money.finding_id in ids and money.kind in {"rent", "collective"} and self.in_year(money.received_on)
        )
        return {
            "grassroots_findings_rectified": [one.id for one in found if self.settled_in_year(one)],
            "grassroots_money_recovered": fen // 100,
        }

    def checklist(self) -> dict[str, Any]:
        force = {one.id for one in rows("grassroots.Checklist") if one.holds(self.day)}
        aspects, items = rows("grassroots.ChecklistAspect"), rows("grassroots.ChecklistItem")
        return {
            "village_checklist_aspects": [one.id for one in aspects if one.checklist_id in force],
            "village_checklist_items": [one.id for one in items if one.checklist_id in force],
        }
