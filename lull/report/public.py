"""The public form (being made)."""


def public_page(report):
    return ""
