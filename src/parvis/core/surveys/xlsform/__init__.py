"""Forms as spreadsheets that every tool of surveys knows: XLSForm (https://xlsform.org), read and written."""
