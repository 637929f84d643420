"""`python -m onething` is the `onething` command."""

from onething.main import main

main()
