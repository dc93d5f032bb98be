"""苗头性、倾向性问题提示: weekly counts in; what was expected, what bound is set, what goes beyond it and why, out.

`tables` reads a table of anyone's, `detecting` judges weeks of it and says which method spoke: `farrington` (improved
Farrington, Noufaily et al. 2013), `ears` (C2) or `exact`. `judging` puts a judgement in words; `drifts` and `plain` are
pure arithmetic beside it. Nothing here asks the database. docs/warnings.md says how an alarm is read.
"""
