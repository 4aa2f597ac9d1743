"""Sales channels: a folder for each, which reads the platform's documents into the shapes of base.py and no others."""
