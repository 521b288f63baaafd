"""Studio over HTTP: a Flask app. Everything below this package knows nothing of it."""
