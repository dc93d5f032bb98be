"""The verbs of sheets and letters: draft, put up for signature, number, deliver, answer, close."""
