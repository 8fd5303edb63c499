"""Calibration: how sure an answer is, fitted on questions made from the corpus against foreign ones."""
