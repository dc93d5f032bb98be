"""Child side: marks the wrong cells in the user's own workbook. The one place where openpyxl opens a hostile file.

Descriptor 0 is the workbook, `order["problems"]` a descriptor with the problems as JSON. The marked workbook goes to
standard output. Formulas come back as their last values: what we hand out calculates nothing and calls nobody.
"""




