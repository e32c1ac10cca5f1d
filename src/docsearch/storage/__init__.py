"""The book of record and its view: the only home of SQLite, sqlite-utils and FAISS."""
