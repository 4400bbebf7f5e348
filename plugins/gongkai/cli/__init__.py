"""The ``gongkai`` command: arguments in, calls to the pipeline out, problems in words."""
