"""Texts beside each other: which of a million short ones repeat another. No models, no queries, no trained network.

In: texts. Out: pairs with a score and a label, 重复 (the same matter) or 同类 (the same wording, other facts).
normal → index (candidates) → aligning → scoring → pairs; `kernels` and `aligning` are compiled by numba on
first use. 重复 repeat · 同类 alike · 要素 facts · 相似度 score · 主件 main item · 候选 candidate · 索引 index ·
字组 gram · 比对 alignment · 信息量 surprise.
"""
