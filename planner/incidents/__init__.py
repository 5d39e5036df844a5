"""What happened: untrusted files in; accepted, rejected and duplicate rows out."""
