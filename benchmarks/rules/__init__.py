"""Each rule once more, written by hand in DuckDB's SQL by somebody who did not write the rule.

`SQL[rule id]` gives the rule's keys, over views with the names of the tables; `{on}` is the day as a date literal. They
are the bare work of the benchmark, and an oracle: both must find the same keys.
"""

from benchmarks.rules import assets, assistance, audit, bids, cars_and_care, grain, revenue, units, wages

SQL: dict[str, str] = {
    **assets.SQL,
    **assistance.SQL,
    **cars_and_care.SQL,
    **bids.SQL,
    **wages.SQL,
    **grain.SQL,
    **units.SQL,
    **revenue.SQL,
    **audit.SQL,
}
