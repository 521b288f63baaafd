"""What must hold of several things at once when a chef adds, copies or creates."""
