"""The question in numbers: from a picture and a scenario to the patrol problem."""
