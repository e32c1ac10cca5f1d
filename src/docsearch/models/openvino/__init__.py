"""Models as graphs of OpenVINO: exported, kept, and run without torch."""
