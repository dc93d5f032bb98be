"""Sheets and letters: 问题抄报, proposals of the three legal kinds, reminders and the rest; drafted, signed, served, answered.

In: findings, activities, units and their leaders. Out: what was signed and delivered, what was answered and adopted.
"""
