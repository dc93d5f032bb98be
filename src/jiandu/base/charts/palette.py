"""Colours, dashes and shapes: few, at least 3:1 against white, and steps of lightness that survive a grey printer."""

FONTS = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Source Han Sans SC, sans-serif"
FONT_SIZE = 13

# Lightness (CIE L*) 19, 53, 36, 60, 28, 45: neighbours in a legend or a stack differ most.
SERIES = ("#0f2e57", "#9f7818", "#9d2b2b", "#919191", "#1f4a3a", "#456e8d")
SINGLE = "#2a5580"
DASHES = ([1, 0], [7, 3], [2, 2], [9, 3, 2, 3], [4, 4], [1, 3])
SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross")

INK = "#333333"
QUIET = "#5c5c5c"
AXIS = "#7a7a7a"
GRID = "#e3e3e3"
PAPER = "#ffffff"
