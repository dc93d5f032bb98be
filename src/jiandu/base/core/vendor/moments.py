"""Moments as text, written by the database: for readers of many rows, where building objects would cost the most."""


def utc_text(vendor: str, column: str) -> str:
    """SQL for a DateTimeField's column as 2026-11-23 09:06:00.000000, in UTC; SQLite's own text, as it stands."""
    if vendor == "postgresql":
        return f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
    text = f"CAST({column} AS text)"
    return f"{text} || CASE length({text}) WHEN 19 THEN '.000000' ELSE '' END"
