"""The spreadsheet channel: a file whose columns are named once, checked cell by cell, and imported in whole orders.

`receive` is what the console calls. A worker checks and imports: it reads the file row by row into an index on disk
(`work`), makes a document of the rows of each order (`orders`), asks what is known of them (`known`), and counts
(`check`) or places (`take`) what is new; what is refused is noted with row and cell.
"""
