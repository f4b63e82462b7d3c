"""6 · What goes on over time and across accounts?"""
