"""The command `negassoc`: parse, call, print, exit code. Each module here has a `register(app)` that adds its commands."""
