"""What `lull check` asks of a folder beyond its form: one small question a function."""
