"""The same person or company in two tables without a common key. No models, no domain: rows in, scored pairs out.

In: rows with a name, an identity number or credit code, a birth date, a place. Out: pairs with a probability, what each comparison
adds to it, and a verdict: 同一 (same), 待人工确认 (a person decides) or 不同 (another).
names, companies (one form) → preparing (columns in DuckDB) → schemes (what is compared) → training → linking (Splink) → verdicts.
同一 same · 待人工确认 to confirm · 不同 another · 得分 weight · 同音 homophone · 异体字 variant · 比对项 comparison · 档 level.
"""
