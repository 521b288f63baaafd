"""The pages: a Studio to look at in a browser. Server-rendered, from this machine only, with little script."""
