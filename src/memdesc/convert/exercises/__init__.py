"""What a booted kernel is given to do. A shell script each, that says in its comments what it is for and needs."""
