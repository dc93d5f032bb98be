"""Which rules there are: every model of the list of the design, by number. A module that is lost is noticed."""

from jiandu.sources.crosscheck import rules

WANTED = {
    **{f"SZ-{number:02d}": 1 for number in range(1, 19)},
    **{f"M{number:02d}": 1 for number in range(1, 19)},
    "SZ-14": 5,  # cash, no invoice, twice, in a row, before festivals
    "SZ-15": 3,  # personal account, spent before it was banked, late
    "M02": 8,
    "M04": 3,
    "M05": 3,
    "M06": 4,
    "M07": 7,
    "M08": 7,
    "M09": 6,
    "M10": 8,
    "M11": 6,
    "M12": 8,  # the rules of grain
    "M18": 11,  # the red flags of public revenue
    **{f"A{number:02d}": 2 for number in range(1, 6)},
    "A03": 3,
}


def test_no_model_is_lost() -> None:
    ids = list(rules.known())
    counted = {name: sum(each == name or each.startswith(f"{name}-") for each in ids) for name in WANTED}
    assert {name: counted[name] for name, least in WANTED.items() if counted[name] < least} == {}


def test_a_model_is_asked_for_by_its_number_alone() -> None:
    assert [rule.id for rule in rules.named(["sz-14"])] == [f"SZ-14-{number}" for number in range(1, 6)]
    assert {rule.id for rule in rules.named(["M10"])} == {name for name in rules.known() if name.startswith("M10")}
