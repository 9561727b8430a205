"""The search compiled: a case as arrays, rounds placed and loaded in them, days and improvement.

Everything here says again, in arrays, what `walk`, `packing` and `itinerary` say in words, for the
rounds that make up most of a plan; a day found here is booked by `Schedule`, and the finished plan
is judged by the rules, which share nothing with either.
"""
