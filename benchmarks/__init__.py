"""How fast fake_studio is, beside something that does less: ``python -m benchmarks``. See README.md."""
