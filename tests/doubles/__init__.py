"""What the tests run against: servers, a browser, and the one fake."""
