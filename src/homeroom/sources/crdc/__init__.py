"""Files of the Civil Rights Data Collection, school by school."""
