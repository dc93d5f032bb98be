"""政治生态分析报告: which unit was analysed for which period, what was judged by dimension and on what, when it was approved."""
