"""One result, one renderer: the page, the sheets and the pictures."""
