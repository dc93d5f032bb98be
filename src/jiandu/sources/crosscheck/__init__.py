"""大数据监督模型: rules over tables. What a rule finds is a doubt that a person looks at, never a finding.

`tables` says what the tables are, `reading` brings them in, `quality` says how good they are, `rules` holds one small
module a rule, `shapes` makes rules of definitions told as data, `running` runs them, `making` makes tables with planted cases and the answer key.
"""
