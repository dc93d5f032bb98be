"""信访举报情况分析 (week, month, quarter, year): the arithmetic of a bulletin, and a check of one that was typed elsewhere.

`shares` percentages that sum to 100, `periods` comparisons of like with like, `hiding` small cells that nobody can work out,
`checking` the figures of a table against each other, `typed` reads such a table. `counting` alone asks the database: it makes
the bulletin of a period out of the petitions, `wording` its sentences, `word` its paper; `freezing` keeps one as it was counted.
"""
