"""Plain pages on which patients and providers answer a form, without script and without Streamlit."""
