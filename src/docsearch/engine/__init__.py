"""The face of docsearch for every front end, and the one place that joins the concrete parts."""
