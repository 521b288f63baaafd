"""The API that chefs and Kolibri use."""
