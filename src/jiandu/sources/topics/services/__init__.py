"""The verbs of topics: each asks the policy, writes, and records."""
