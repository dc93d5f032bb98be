"""The verbs of planned work: each asks the policy, writes, and records."""
