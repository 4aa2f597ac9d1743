"""Orders that people keep in CSV and Excel files: `orders/imports/sheets` makes a document of the rows of each."""
