"""苗头性、倾向性问题预警: counts of petitions judged week by week; an alarm is a proposal that an officer decides on.

In: petitions of an office (`sources.petitions`), judged by `results.warnings`. Out: alarms with what rose, from what
expectation, which items, how sure; confirmed or dismissed with a reason, and how often each rule was right.
"""
