"""What is inside a file: formats and bytes, no Studio. Findings and previews ask it the same questions."""
