"""The general engine: any numbers at any step, many series together, row by row, from the past alone."""
