"""A report for people: every fault as CSV, JSON or a coloured spreadsheet, and the rows around faults for a page."""
