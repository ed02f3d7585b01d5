"""What `manage.py report` tells, and how it is written."""
