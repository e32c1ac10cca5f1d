"""Changes of a folder, as they happen. The only home of watchdog.

Knows paths and times, and nothing of what the files hold or whether they are searched.
"""
