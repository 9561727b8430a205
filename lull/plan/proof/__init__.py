"""What no plan can exceed, by pricing whole vehicle days, and the certificate of it.

`grid` is the clock, `capacity` what is shared over it, `ways` what one type of vehicle can do,
`pricing` the dearest day at given prices, `model` the rows, `generate` the search for prices,
`certificate` what is saved and worked out again without any solver.
"""
