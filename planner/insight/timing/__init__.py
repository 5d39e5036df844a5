"""When it happens: by hour of week, by shift, by month and by week of term."""
