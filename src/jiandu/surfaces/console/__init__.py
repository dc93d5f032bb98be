"""The command line: a surface like the others. Each command acts as the system, with a reason that the log keeps."""
