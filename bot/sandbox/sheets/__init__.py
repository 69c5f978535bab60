"""The Sheets half: a workbook on disk that speaks the Sheets v4 and Drive v3 wire protocols."""
