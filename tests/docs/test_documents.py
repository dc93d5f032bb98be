"""What the documents say about the code is what the code says: settings, moves, measures, commands, links."""

import argparse
import re
from pathlib import Path

import pytest
from django.utils.translation import override

from jiandu.__main__ import parser
from jiandu.loop.findings.services import repeats
from jiandu.loop.findings.states import APPROVED, MOVES, Move, State, Verb
from jiandu.results.analysis import selectors
from jiandu.results.analysis.measures.registry import all_measures, all_rates

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))
LONGEST_DECISION = 40


def read(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def rows(text: str, heading: str) -> list[str]:
    """The rows of the first table under a heading, without its head."""
    lines = text.split(f"## {heading}\n", 1)[1].splitlines()
    table = []
    for line in lines:
        if line.startswith("|"):
            table.append(line)
        elif table:
            break
    return table[2:]


def environment_names() -> set[str]:
    """Every JIANDU_ name that the settings, their readers and the launcher ask for."""
    project = ROOT / "src" / "jiandu" / "project"
    asked = re.compile(r'\b(?:text|flag|number|words)\(\s*"([A-Z_]+)"')
    code = "\n".join((project / name).read_text(encoding="utf-8") for name in ("settings.py", "env.py"))
    launcher = (ROOT / "jiandu").read_text(encoding="utf-8")
    return {f"JIANDU_{name}" for name in asked.findall(code)} | set(re.findall(r"\bJIANDU_[A-Z_]+", launcher))


def test_every_setting_has_a_row_in_operate() -> None:
    documented = {row.split("|")[1].strip().strip("`") for row in rows(read("operate.md"), "Settings")}
    assert documented == environment_names()


def commands(top: argparse.ArgumentParser, said: tuple[str, ...] = ()) -> list[str]:
    """Each command as it is typed."""
    inner = [action for action in top._actions if isinstance(action, argparse._SubParsersAction)]
    if not inner:
        return [" ".join(said)]
    return [line for name, sub in inner[0].choices.items() for line in commands(sub, (*said, name))]


def test_every_command_has_a_row_in_operate() -> None:
    documented = [row.split("`")[1] for row in rows(read("operate.md"), "Commands")]
    assert documented == commands(parser())


def move_row(verb: Verb, move: Move) -> str:
    froms = " · ".join(str(state.label) for state in State if state in move.from_) or "–"
    to = str(move.to.label) if move.to else "–"
    return f"| {verb.label} | `{verb.name}` | {froms} | {to} | {'✓' if verb in APPROVED else ''} |"


def test_the_table_of_moves_is_the_code() -> None:
    with override("zh-hans"):
        expected = [move_row(verb, move) for verb, move in MOVES.items()]
    assert rows(read("flow.md"), "Moves") == expected


def test_every_state_is_explained() -> None:
    documented = [row.split("`")[1] for row in rows(read("flow.md"), "States")]
    assert documented == [state.name for state in State]


def test_the_tables_of_repeats_are_the_code() -> None:
    with override("zh-hans"):
        offered = [
            f"| {state.label} | `{state.name}` | {' · '.join(str(one.label) for one in options)} |"
            for state, options in repeats.OPTIONS.items()
        ]
        led = [
            f"| {one.label} | `{one.name}` | {'✓' if what.takes_up else ''} | {'✓' if what.merges else ''} |"
            for one, what in repeats.OUTCOMES.items()
        ]
    assert rows(read("flow.md"), "Repeats") == offered
    assert rows(read("flow.md"), "What a decision on a repeat leads to") == led


def measure_rows() -> list[str]:
    assert selectors.all_measures is all_measures  # importing the selectors registers every module of measures
    return [
        f"| `{one.key}` | {one.label} | {one.unit} | {one.basis.label} | {one.definition} |"
        for one in all_measures().values()
    ]


def rate_rows() -> list[str]:
    return [
        f"| `{one.key}` | {one.label} | `{one.numerator}` | `{one.denominator}` | `{one.excluded}` | {one.definition} |"
        for one in all_rates().values()
    ]


def test_the_tables_of_measures_are_the_registry() -> None:
    assert rows(read("measures.md"), "Measures") == measure_rows()
    assert rows(read("measures.md"), "Rates") == rate_rows()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
    own = [target.split("#")[0] for target in targets if "://" not in target and not target.startswith("#")]
    assert [target for target in own if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.name)
def test_a_decision_is_short_and_complete(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# {page.name[:4]} ")
    assert [line[3:] for line in text.splitlines() if line.startswith("## ")] == ["Context", "Decision", "Consequences"]
    assert len(text.splitlines()) <= LONGEST_DECISION


def test_decisions_are_numbered_without_gaps() -> None:
    assert [page.name[:4] for page in DECISIONS] == [f"{number:04}" for number in range(1, len(DECISIONS) + 1)]


def test_a_decision_named_in_the_sources_exists() -> None:
    named = {
        match
        for path in [*(ROOT / "src").rglob("*.py"), *PAGES]
        for match in re.findall(r"decisions/(\d{4})", path.read_text(encoding="utf-8"))
    }
    assert sorted(named - {page.name[:4] for page in DECISIONS}) == []
