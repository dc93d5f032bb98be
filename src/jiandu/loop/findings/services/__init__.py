"""The verbs of the loop. Each locks the finding, asks policy and rules, makes one move, records it."""
