"""What stands between a visitor's browser and Streamlit: middleware of the web server."""
