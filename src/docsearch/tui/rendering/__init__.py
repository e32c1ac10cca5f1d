"""From the domain to lines of styled text; pure, and tested without an app."""
