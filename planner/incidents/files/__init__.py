"""From untrusted files to rows of text, whatever the format."""
