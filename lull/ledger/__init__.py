"""What was said and done: signed entries in hash-chained logs, merged as sets, folded to a state.

Pure: no clock, no chance, no file and no key comes from here; all are arguments.
"""
