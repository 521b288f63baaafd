"""What several folders of tests share: clients, things to send, programs to run."""
