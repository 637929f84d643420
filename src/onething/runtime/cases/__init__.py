"""Cases: opened, read, held, corrected, withdrawn."""
