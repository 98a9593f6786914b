"""What any such system needs and nobody reads first; dms.py, which is made of it, is unknown here."""
