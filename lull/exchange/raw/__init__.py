"""From bytes to rows and trees of text, tolerant of what spreadsheets do, silent about nothing."""
