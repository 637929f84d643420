"""Appointments, offices and the queue of a day."""
