"""Where a rule over tables runs: DuckDB in this process, or a Spark cluster, through one set of Ibis expressions.

Nothing here knows what a rule is. Ibis, DuckDB and Spark are imported when an engine is opened: a page never pays.
"""
