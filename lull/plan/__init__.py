"""From a scenario to a timetable and a bound on every timetable."""
