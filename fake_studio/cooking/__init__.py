"""Running a chef against a Studio: as a process of its own, or in this one."""
