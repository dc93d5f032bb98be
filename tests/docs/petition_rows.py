"""The rows of docs/petitions.md, out of the code."""

from jiandu.base.core.clock import today
from jiandu.base.lexicon import terms
from jiandu.sources.petitions.states import MOVES, Regime, State, Verb
from jiandu.sources.petitions.terms import RULES

UNITS = {"working_day": "working days", "day": "days", "month": "months"}


def move_rows() -> list[str]:
    """| 办理 | Code | From | To | Regime |"""
    rows = []
    for verb, move in MOVES.items():
        before = " · ".join(str(state.label) for state in State if state in move.from_) or "–"
        after = move.to.label if move.to else "–"
        rows.append(
            f"| {verb.label} | `{verb.name}` | {before} | {after} | {move.regime.label if move.regime else ''} |"
        )
    return rows


def clock_rows() -> list[str]:
    """| Clock | Term | Regime | Starts | Ends | Extended by |"""
    rows = []
    for rule in RULES:
        row = terms.deadline(rule.term, on=today())
        starts = rule.starts.label if rule.starts else "收件"
        ends = " · ".join(str(verb.label) for verb in Verb if verb in rule.ends)
        more = terms.deadline(rule.more, on=today()) if rule.more else None
        name = f"{row.zh}{' (right)' if rule.is_right else ''}"
        extended = f"{more.amount} {UNITS[more.unit.value]}" if more else ""
        amount = f"{row.amount} {UNITS[row.unit.value]}"
        rows.append(f"| {name} | {amount} | {Regime(rule.regime).label} | {starts} | {ends} | {extended} |")
    return rows
