"""Days and moments as the console's own pages write them, for its lists too: 4 Mar 2026 14:05."""

DATE_FORMAT = "j M Y"
DATETIME_FORMAT = "j M Y H:i"
TIME_FORMAT = "H:i"
