"""`python -m lull` is the same as `lull`."""

from lull.cli.main import main

main()
