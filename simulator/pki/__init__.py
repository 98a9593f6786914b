"""A test PKI: authorities, signers and servers made up at run time, every name marked THU NGHIEM."""
