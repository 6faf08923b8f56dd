int fk_placeholder(void) { return 0; }
