"""What Airflow needs to walk Nightshift's lines: steps as tasks, the night's timetable, forms, links and pages."""
