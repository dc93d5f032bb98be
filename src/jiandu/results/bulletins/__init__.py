"""信访举报情况分析 as papers with a life: drafted by the clock, kept on a day, shown to a leader, sent out as 预警提示.

In: the counts of `results.digests` and confirmed alarms. Out: frozen bulletins, 批示 on them, and what offices and bodies
were sent with 签收 and 反馈. What leaves the office is the version for outside; nobody learns from it who reported.
"""
