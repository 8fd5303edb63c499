"""Measures answers: question sets with gold evidence, BEIR collections, exams, and the calibration of confidence."""
