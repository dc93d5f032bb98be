"""The verbs of contact points: each asks the policy, writes, and records."""
