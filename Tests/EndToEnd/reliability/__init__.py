"""What the daemon promises to keep, put to the test: `kill -9`, cuts of power, full disks. README.md says what is what."""
