"""Answers of carriers in the shapes that they document, each as small as it can be; numbers and places are made up.

Each list holds (carrier, answer, what it is read as).
"""
