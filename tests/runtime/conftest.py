import os

# Root drops its rights for PostgreSQL; an ordinary user has none to drop.
collect_ignore = [] if os.geteuid() == 0 else ["test_as_root.py"]
