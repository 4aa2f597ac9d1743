"""Tables of partners without an API, taken in row by row."""
