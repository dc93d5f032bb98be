"""套表: a superior's workbook in, the same workbook with our numbers out; which cell takes which figure is kept inside it."""
