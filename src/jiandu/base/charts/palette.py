"""Colours, dashes and shapes: few, at least 3:1 against white, and steps of lightness that survive a grey printer."""

FONTS = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Source Han Sans SC, sans-serif"
FONT_SIZE = 13

# Lightness (CIE L*) 19, 52, 36, 60, 28, 44: neighbours in a legend or a stack differ most.
SERIES = ("#0f2e57", "#9e7717", "#9b2a2a", "#919191", "#1e4938", "#446d8c")
SINGLE = "#2a5580"
DASHES = ([1, 0], [7, 3], [2, 2], [9, 3, 2, 3], [4, 4], [1, 3])
SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross")

INK = "#333333"
QUIET = "#5c5c5c"
AXIS = "#7a7a7a"
GRID = "#e3e3e3"
PAPER = "#ffffff"
