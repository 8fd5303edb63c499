"""Measures answers: question sets with gold evidence, BEIR collections, exams, and calibration."""
